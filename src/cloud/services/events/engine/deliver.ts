/** Bringing one event to one target. */
import { createHash } from 'node:crypto'
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity } from '../../../kernel/identity.ts'
import { DEFAULT_BUS, type EventMessage, type Rule, type Target } from '../state.ts'
import { type BusRef, busRef, lookUpBus, onBus } from './find.ts'
import { targetInput } from './target-input.ts'
import { kindOf, type TargetKind } from './target-kinds.ts'

export interface Delivery {
  readonly rule: Rule
  readonly target: Target
  readonly event: EventMessage
  /** Brings the event to a bus; absent where it has come from another bus. AWS: it goes no further then. */
  readonly sendOn?: (ctx: Context, ref: BusRef, event: EventMessage) => void
}

interface Sending extends Delivery {
  /** EventBridge itself, or a session of the target's role. */
  readonly as: Identity
  /** What the target is sent. */
  readonly text: string
}

type Send = (ctx: Context, sending: Sending) => Promise<unknown>

/** Tries after the first, unless the target's retry policy wants fewer. AWS goes on for a day. */
const RETRIES = 2
const PAUSE = 200

const EVENTS = 'events.amazonaws.com'

const SENDERS: Readonly<Record<TargetKind, Send>> = {
  lambda: (ctx, { target, text, as }) => {
    const input = { FunctionName: target.Arn, InvocationType: 'Event' as const, Payload: Buffer.from(text) }
    return ctx.call('lambda', 'Invoke', input, { as })
  },
  sns: (ctx, { target, text, as }) =>
    ctx.call('sns', 'Publish', { TopicArn: target.Arn, Message: text }, { as }),
  codepipeline: (ctx, { target, text, as }) => {
    const { variables, sourceRevisions } = parametersIn(target, text)
    const input = { name: parseArn(target.Arn)!.resource, variables, sourceRevisions }
    return ctx.call('codepipeline', 'StartPipelineExecution', input as never, { as })
  },
  codebuild: (ctx, { target, text, as }) => {
    const projectName = parseArn(target.Arn)!.resource.slice('project/'.length)
    return ctx.call('codebuild', 'StartBuild', { ...parametersIn(target, text), projectName } as never, {
      as,
    })
  },
  logs: writeLog,
  'event-bus': forward,
}

/**
 * Delivers, and tries again where the fault may pass. AWS: a target that is not there, or that does not let the rule
 * in, gets nothing and nobody is told; the trail shows the denial.
 */
export async function deliver(ctx: Context, delivery: Delivery): Promise<void> {
  const { target, rule, event } = delivery
  const { kind } = kindOf(target.Arn)!
  const retries = Math.min(target.RetryPolicy?.MaximumRetryAttempts ?? RETRIES, RETRIES)
  const text = targetInput(target, rule, event, ctx.cloud.clock.date())
  for (let attempt = 0; !ctx.cloud.signal.aborted; attempt++) {
    try {
      const as = await identityFor(ctx, rule, target)
      await SENDERS[kind!](ctx, { ...delivery, as, text })
      return
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (attempt >= retries || !mayPass(error)) return
    }
    await ctx.cloud.clock.sleep(PAUSE * 2 ** attempt, ctx.cloud.signal)
  }
}

/** AWS: faults of the target's service and its limits are tried again, mistakes are not. */
const mayPass = ({ status, code }: AwsError): boolean =>
  status === 429 || (status >= 500 && status !== 501) || /Throttl|TooManyRequests|LimitExceeded/.test(code)

async function identityFor(ctx: Context, rule: Rule, { RoleArn }: Target): Promise<Identity> {
  const by = serviceIdentity(EVENTS, { arn: rule.arn, account: ctx.account })
  if (!RoleArn) return by
  return (await ctx.assumeRole(RoleArn, { by, sessionName: sessionName(rule) })).identity
}

/** Tells the rule by name where a session name has room for it: at most 64 characters. */
function sessionName({ name, bus, arn }: Rule): string {
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
async function forward(ctx: Context, { target, event, as, sendOn }: Sending): Promise<void> {
  if (!sendOn) return
  const ref = busRef(ctx, target.Arn)
  const sender = ctx.as(as, { account: as.account, region: ref.region })
  await sender.authorize([
    onBus(sender, 'PutEvents', ref, {
      'events:eventBusInvocation': 'true',
      'events:source': event.source,
      'events:detail-type': event['detail-type'],
    }),
  ])
  if (lookUpBus(ctx, ref)) sendOn(ctx, ref, event)
}
