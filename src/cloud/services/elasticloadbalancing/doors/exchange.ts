/** A request at a listener, with what it is forwarded by. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../../kernel/context.ts'
import { countRequest } from '../engine/metrics.ts'
import type { Action, Listener, LoadBalancer, Rule, Target, TargetGroup } from '../state.ts'
import { answerError } from './own-answers.ts'

export interface Exchange {
  readonly ctx: Context
  readonly listener: Listener
  readonly balancer: LoadBalancer
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export interface Chosen {
  readonly rule: Rule
  readonly action: Action
  readonly group: TargetGroup
  readonly target: Target
}

/** Answers by an error of the load balancer's own, and counts it. */
export function ownError(
  { ctx, listener, response }: Pick<Exchange, 'ctx' | 'listener' | 'response'>,
  status: number,
): void {
  if (response.headersSent) response.destroy()
  else answerError(response, status)
  countRequest(ctx, { listener, own: { status } })
}
