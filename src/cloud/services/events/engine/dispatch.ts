/** Brings an event on a bus to the targets of the rules that it fits. */
import { compilePattern, type EventPattern, fieldsOf, matchesEvent } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import type { EventMessage, Rule } from '../state.ts'
import { type Delivery, deliver } from './deliver.ts'
import { type BusRef, rulesOf } from './find.ts'

const LIMIT = 1_000
const compiled = new Map<string, EventPattern>()

function patternOf(text: string): EventPattern {
  const known = compiled.get(text)
  if (known) return known
  const made = compilePattern(text)
  if (compiled.size >= LIMIT) compiled.clear()
  compiled.set(text, made)
  return made
}

/** An event owed to a target of a rule. */
export const toTarget = handOver<Delivery>({
  name: 'events.target',
  retries: ({ target }) => target.RetryPolicy?.MaximumRetryAttempts ?? Number.POSITIVE_INFINITY,
  // AWS: an event that comes from another bus is not sent on to a third.
  deliver: (ctx, delivery, id) =>
    deliver(ctx, delivery, id, (there, ref, event) => toRules(there, ref, event, false)),
})

/** Brings the event to every rule of a bus that it fits; goes on in the background. */
export const dispatch = (ctx: Context, ref: BusRef, event: EventMessage): void =>
  toRules(ctx, ref, event, true)

function toRules(ctx: Context, ref: BusRef, event: EventMessage, further: boolean): void {
  const enabled = rulesOf(ctx, ref).filter((rule) => rule.enabled && rule.eventPattern !== undefined)
  if (!enabled.length) return
  const fields = fieldsOf(event)
  for (const rule of enabled)
    if (matchesEvent(patternOf(rule.eventPattern!), fields)) toTargets(ctx, ref, rule, event, further)
}

/** Sends the event of a rule's schedule to its targets. */
export const sendToTargets = (ctx: Context, ref: BusRef, rule: Rule, event: EventMessage): void =>
  toTargets(ctx, ref, rule, event, true)

function toTargets(
  ctx: Context,
  { account, region }: BusRef,
  { name, bus, arn, targets }: Rule,
  event: EventMessage,
  further: boolean,
): void {
  const own = ctx.as(ctx.identity, { account, region })
  for (const target of targets) handOn(own, toTarget, { rule: { name, bus, arn }, target, event, further })
}
