/** Bringing one event to one target. */

import { createHash } from 'node:crypto'
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity } from '../../../kernel/identity.ts'
import { busKind } from '../kinds.ts'
import { DEFAULT_BUS, type EventMessage, type Rule, type Target } from '../state.ts'
import { type BusRef, busRef, lookUpBus } from './find.ts'
import { targetInput } from './target-input.ts'
import { kindOf, type TargetKind } from './target-kinds.ts'

export interface Delivery {
  readonly rule: Pick<Rule, 'name' | 'bus' | 'arn'>
  readonly target: Target
  readonly event: EventMessage
  /** Whether the event may go on to another bus. AWS: not where it has come from another bus itself. */
  readonly further: boolean
}

/** Brings an event to a bus. */
type SendOn = (ctx: Context, ref: BusRef, event: EventMessage) => void

interface Sending extends Delivery {
  /** The same for every try. */
  readonly id: string
  readonly sendOn: SendOn
  /** EventBridge itself, or a session of the target's role. */
  readonly as: Identity
  /** What the target is sent. */
  readonly text: string
}

type Send = (ctx: Context, sending: Sending) => Promise<unknown>

const EVENTS = 'events.amazonaws.com'

const SENDERS: Readonly<Record<TargetKind, Send>> = {
  lambda: (ctx, { target, text, as }) => {
    const input = { FunctionName: target.Arn, InvocationType: 'Event' as const, Payload: Buffer.from(text) }
    return ctx.call('lambda', 'Invoke', input, { as })
  },
  sns: (ctx, { target, text, as }) =>
    ctx.call('sns', 'Publish', { TopicArn: target.Arn, Message: text }, { as }),
  codepipeline: (ctx, { target, text, as, id: clientRequestToken }) => {
    const { variables, sourceRevisions } = parametersIn(target, text)
    const input = { name: parseArn(target.Arn)!.resource, variables, sourceRevisions, clientRequestToken }
    return ctx.call('codepipeline', 'StartPipelineExecution', input as never, { as })
  },
  codebuild: (ctx, { target, text, as, id: idempotencyToken }) => {
    const projectName = parseArn(target.Arn)!.resource.slice('project/'.length)
    const input = { idempotencyToken, ...parametersIn(target, text), projectName }
    return ctx.call('codebuild', 'StartBuild', input as never, { as })
  },
  logs: writeLog,
  'event-bus': forward,
}

/**
 * Delivers. AWS: a target that is not there, or that does not let the rule in, gets nothing and nobody is told; the
 * trail shows the denial. Pipelines and builds are started once however often this is tried: `id` is their token.
 */
export async function deliver(ctx: Context, delivery: Delivery, id: string, sendOn: SendOn): Promise<void> {
  const { target, rule, event } = delivery
  const { kind } = kindOf(target.Arn)!
  const text = targetInput(target, rule, event, ctx.cloud.clock.date())
  const as = await identityFor(ctx, rule, target)
  await SENDERS[kind!](ctx, { ...delivery, id, sendOn, as, text })
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

/** Parameters for what is started. AWS: they come from the target's own input, never from the event as it is. */
function parametersIn({ Input, InputTransformer }: Target, text: string): Record<string, unknown> {
  if (Input === undefined && !InputTransformer) return {}
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    throw new AwsError('ValidationException', 'The input of the target is not JSON.')
  }
}

/** AWS: a stream for the delivery; with a transformer the line and its time come from its template. */
async function writeLog(ctx: Context, { target, text, as }: Sending): Promise<void> {
  const logGroupName = parseArn(target.Arn)!
    .resource.replace(/^log-group:/, '')
    .replace(/:\*$/, '')
  const logStreamName = ctx.cloud.ids.uuid()
  const line = parametersIn(target, text)
  const given = line.timestamp as string | number | undefined
  const timestamp = given === undefined ? ctx.cloud.clock.now() : new Date(given).getTime()
  const message = typeof line.message === 'string' ? line.message : text
  await ctx.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, { as })
  const logEvents = [{ timestamp, message }]
  await ctx.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, { as })
}

/** AWS: the event keeps its id, account and source on the other bus; both the role and the bus must allow it. */
async function forward(ctx: Context, { target, event, as, further, sendOn }: Sending): Promise<void> {
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
