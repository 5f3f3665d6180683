/** One request at a listener: the rule that it meets, and what the rule's action makes of it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../../kernel/context.ts'
import { countRequest } from '../engine/metrics.ts'
import { type Listener, listeners, loadBalancers, type Rule, rules, rulesOf, targetGroups } from '../state.ts'
import { chooseGroup, chooseTarget } from './choose.ts'
import { cookiesOf, groupOf, stickyTarget } from './cookies.ts'
import { type Chosen, ownError } from './exchange.ts'
import { forward } from './forward.ts'
import { forwardToFunction } from './forward-to-function.ts'
import { addressOf } from './forwarded-headers.ts'
import { matchRule } from './match-rule.ts'
import { answerFixed, answerRedirect } from './own-answers.ts'

export async function serveRequest(
  ctx: Context,
  listenerArn: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = ctx.cloud.refusedAtApplication(request)
  if (refused) {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' })
    return void response.end(`${refused.message} To be let in: ${refused.fix}.\n`)
  }
  const listener = ctx.table(listeners).get(listenerArn)
  const balancer = listener && ctx.table(loadBalancers).get(listener.loadBalancer)
  if (!balancer) return void response.destroy()
  const exchange = { ctx, listener, balancer, request, response }
  // AWS: TRACE is not let through.
  if (request.method === 'TRACE') return ownError(exchange, 405)
  const rule = ruleFor(ctx, listener, request)
  const action = rule.actions.at(-1)!
  if (action.Type === 'fixed-response') {
    const status = answerFixed(response, action)
    return countRequest(ctx, { listener, own: { status, as: action.Type } })
  }
  if (action.Type === 'redirect') {
    const status = answerRedirect({ response, request }, listener, action)
    return countRequest(ctx, { listener, own: { status, as: action.Type } })
  }
  const chosen = choose(ctx, rule, request)
  // AWS: a group without registered targets is unavailable.
  if (!chosen) return ownError(exchange, 503)
  await (chosen.group.type === 'lambda' ? forwardToFunction(exchange, chosen) : forward(exchange, chosen))
}

/** The default rule has no conditions, so there is one always. */
export function ruleFor(ctx: Context, { arn }: Listener, request: IncomingMessage): Rule {
  const { method = 'GET', url = '/', headers, socket } = request
  const asked = { method, url, headers, from: addressOf(socket.remoteAddress) }
  return matchRule(ctx.table(rules).where(rulesOf, arn), asked)!
}

/** Gives the group and the target that a request goes to; undefined where there is none. */
export function choose(ctx: Context, rule: Rule, request: IncomingMessage): Chosen | undefined {
  const action = rule.actions.at(-1)!
  const cookies = cookiesOf(request.headers.cookie)
  const arn = groupOf(action, cookies) ?? chooseGroup(ctx, rule.arn, action)
  const group = arn === undefined ? undefined : ctx.table(targetGroups).get(arn)
  const target = group && chooseTarget(ctx, group, stickyTarget(ctx, group, cookies))
  return target && group ? { rule, action, group, target } : undefined
}
