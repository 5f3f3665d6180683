/** Bringing one event to one target. */

import { createHash } from 'node:crypto'
import { placeOf, senderAs } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { busKind } from '../kinds.ts'
import { DEFAULT_BUS, type EventMessage, type Rule, type Target } from '../state.ts'
import { type BusRef, busRef, lookUpBus } from './find.ts'
import { targetInput } from './target-input.ts'
import { DESTINATIONS } from './target-places.ts'

export interface Delivery {
  readonly rule: Pick<Rule, 'name' | 'bus' | 'arn'>
  readonly target: Target
  readonly event: EventMessage
  /** Whether the event may go on to another bus. AWS: not where it has come from another bus itself. */
  readonly further: boolean
}

/** Brings an event to a bus. */
type SendOn = (ctx: Context, ref: BusRef, event: EventMessage) => void

const EVENTS = servicePrincipal('events')

/**
 * Delivers. AWS: a target that is not there, or that does not let the rule in, gets nothing and nobody is told; the
 * trail shows the denial. Pipelines and builds are started once however often this is tried: `id` is their token.
 */
export async function deliver(ctx: Context, delivery: Delivery, id: string, sendOn: SendOn): Promise<void> {
  const { target, rule, event } = delivery
  const text = targetInput(target, rule, event, ctx.cloud.clock.date())
  const as = await identityFor(ctx, rule, target)
  const destination = placeOf(DESTINATIONS, target.Arn)
  if (!destination) return forward(ctx, delivery, as, sendOn)
  const written = target.Input !== undefined || target.InputTransformer !== undefined
  await destination.send(senderAs(ctx, as), target.Arn, {
    text,
    written,
    token: id,
    group: target.SqsParameters?.MessageGroupId,
  })
}

async function identityFor(ctx: Context, rule: Delivery['rule'], { RoleArn }: Target): Promise<Identity> {
  const by = serviceIdentity(EVENTS, { arn: rule.arn, account: ctx.account })
  if (!RoleArn) return by
  return (await ctx.assumeRole(RoleArn, { by, sessionName: sessionName(rule) })).identity
}

/** Tells the rule by name where a session name has room for it: at most 64 characters. */
function sessionName({ name, bus, arn }: Delivery['rule']): string {
  const plain = `AWSEvents_${name}`
  if (bus === DEFAULT_BUS && plain.length <= 64) return plain
  return `AWSEvents-${createHash('sha256').update(arn).digest('hex').slice(0, 32)}`
}

/** AWS: the event keeps its id, account and source on the other bus; both the role and the bus must allow it. */
async function forward(
  ctx: Context,
  { target, event, further }: Delivery,
  as: Identity,
  sendOn: SendOn,
): Promise<void> {
  if (!further) return
  const ref = busRef(ctx, target.Arn)
  const sender = ctx.as(as, { account: as.account, region: ref.region })
  await sender.authorize([
    busKind.on(sender, 'PutEvents', ref, {
      'events:eventBusInvocation': 'true',
      'events:source': event.source,
      'events:detail-type': event['detail-type'],
    }),
  ])
  if (lookUpBus(ctx, ref)) sendOn(ctx, ref, event)
}
