/** Brings an event on a bus to the targets of the rules that it fits. */
import type { Context } from '../../../kernel/context.ts'
import { compilePattern, type EventPattern } from '../pattern/compile-pattern.ts'
import { fieldsOf, matchesEvent } from '../pattern/match-event.ts'
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

/** Brings the event to every rule of a bus that it fits; goes on in the background. */
export const dispatch = (ctx: Context, ref: BusRef, event: EventMessage): void =>
  toRules(ctx, ref, event, onOtherBus)

/** AWS: an event that comes from another bus is not sent on to a third. */
const onOtherBus: Delivery['sendOn'] = (ctx, ref, event) => toRules(ctx, ref, event)

function toRules(ctx: Context, ref: BusRef, event: EventMessage, sendOn?: Delivery['sendOn']): void {
  const enabled = rulesOf(ctx, ref).filter((rule) => rule.enabled && rule.eventPattern !== undefined)
  if (!enabled.length) return
  const fields = fieldsOf(event)
  for (const rule of enabled)
    if (matchesEvent(patternOf(rule.eventPattern!), fields)) toTargets(ctx, ref, rule, event, sendOn)
}

/** Sends the event of a rule's schedule to its targets. */
export const sendToTargets = (ctx: Context, ref: BusRef, rule: Rule, event: EventMessage): void =>
  toTargets(ctx, ref, rule, event, onOtherBus)

function toTargets(
  ctx: Context,
  { account, region }: BusRef,
  rule: Rule,
  event: EventMessage,
  sendOn?: Delivery['sendOn'],
): void {
  const own = ctx.as(ctx.identity, { account, region })
  for (const target of rule.targets)
    own.spawn(`delivery of ${rule.name}`, (task) => deliver(task, { rule, target, event, sendOn }))
}
