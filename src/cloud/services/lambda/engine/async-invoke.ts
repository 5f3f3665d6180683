/** Asynchronous invocations: kept until they succeed or have used up their attempts, also across a restart. */

import { AwsError } from '../../../../model/index.ts'
import { awaitedAnswers } from '../../../kernel/awaited-answers.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { functionKind } from '../kinds.ts'
import { eventInvokeConfigs, LATEST, type PendingEvent, pendingEvents } from '../state.ts'
import { chooseVersion } from './choose-version.ts'
import { execute, failureIn } from './execute.ts'
import { type FunctionRef, reference } from './find.ts'
import { type EndedInvocation, tellEnd } from './invocation-record.ts'

const MINUTE = 60_000
/** AWS: two retries, after one minute and then two; events older than six hours are dropped. */
const RETRIES = 2
const MAXIMUM_AGE = 6 * 60 * MINUTE

/** Takes an event in; it is run in the background. */
export function enqueueEvent(ctx: Context, ref: FunctionRef, payload: Uint8Array): void {
  const event: PendingEvent = {
    id: ctx.requestId,
    functionArn: ref.arn,
    qualifier: ref.qualifier,
    payload: Buffer.from(payload).toString('base64'),
    receivedAt: ctx.cloud.clock.now(),
    attempts: 0,
  }
  const own = ctx.as(serviceIdentity(servicePrincipal('lambda')), {
    account: ref.account,
    region: ref.region,
  })
  own.table(pendingEvents).put(event.id, event)
  own.spawn('event', (background) => process(background, event))
}

/** Takes up the events that were under way when the cloud ended. */
export function resumeEvents(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(pendingEvents))
    for (const event of table.values()) {
      const ctx = context({ identity: serviceIdentity(servicePrincipal('lambda')), account, region })
      ctx.spawn('event', (background) => process(background, event))
    }
}

async function process(ctx: Context, first: PendingEvent): Promise<void> {
  const { cloud } = ctx
  const table = ctx.table(pendingEvents)
  const awaited = cloud.part(awaitedAnswers)
  const payload = awaited.forFunction(Buffer.from(first.payload, 'base64').toString())
  for (let event = { ...first, payload: Buffer.from(payload).toString('base64') }; ; ) {
    const outcome = await attempt(ctx, event)
    if (cloud.signal.aborted) return
    const { failure, final } = outcome
    event = { ...event, attempts: event.attempts + 1 }
    const { retries, age } = limits(ctx, event)
    const isOld = cloud.clock.now() - event.receivedAt > age
    const isOver = final || event.attempts > retries || isOld
    if (failure === undefined) awaited.of(payload)?.done(event.functionArn)
    else if (isOver) awaited.of(payload)?.lost(`${event.functionArn} failed: ${failure}`)
    if (isOver || failure === undefined) {
      if (outcome.ran)
        tell(ctx, { event: { ...event, payload: first.payload }, isOld, ...outcome.ran }, failure)
      return table.delete(event.id)
    }
    table.put(event.id, event)
    // Nobody stands still for most events; where somebody does, what fails for good need not take minutes.
    if (!awaited.of(payload)) await cloud.clock.sleep(event.attempts * MINUTE, cloud.signal)
    if (cloud.signal.aborted) return
  }
}

function tell(
  ctx: Context,
  ended: Omit<EndedInvocation, 'succeeded' | 'condition'> & { readonly isOld: boolean },
  failure: string | undefined,
): void {
  const succeeded = failure === undefined
  const key = `${ended.stored.name}:${ended.event.qualifier ?? LATEST}`
  const config = ctx.table(eventInvokeConfigs).get(key)
  const condition = succeeded ? 'Success' : ended.isOld ? 'EventAgeExceeded' : 'RetriesExhausted'
  tellEnd(ctx, { ...ended, succeeded, condition }, succeeded ? config?.onSuccess : config?.onFailure)
}

/** What became of an event: `failure` says why it has to be tried again, or with `final` why that would be for nothing. */
interface Attempt {
  readonly failure?: string
  readonly final?: boolean
  /** The version that was meant, and what it answered where it ran. */
  readonly ran?: Pick<EndedInvocation, 'stored' | 'version' | 'payload'>
}

async function attempt(ctx: Context, event: PendingEvent): Promise<Attempt> {
  const ref = reference(ctx, event.functionArn, event.qualifier)
  let ran: Attempt['ran']
  try {
    const stored = functionKind.find(ctx, ref)
    const version = chooseVersion(ctx, ref)
    ran = { stored, version }
    const { failed, payload } = await execute(ctx, stored, version, {
      requestId: event.id,
      payload: Buffer.from(event.payload, 'base64'),
      invokedArn: ref.qualifiedArn,
    })
    ran = { ...ran, payload }
    return failed ? { failure: failureIn(payload), ran } : { ran }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    // AWS: a function of which none may run at all gets no second attempt.
    const none = error.code === 'TooManyRequestsException' && ran?.stored.reservedConcurrency === 0
    return { failure: error.message, final: none || error.code === 'ResourceNotFoundException', ran }
  }
}

function limits(ctx: Context, event: PendingEvent): { retries: number; age: number } {
  const { name } = reference(ctx, event.functionArn)
  const config = ctx.table(eventInvokeConfigs).get(`${name}:${event.qualifier ?? LATEST}`)
  return {
    retries: config?.maximumRetryAttempts ?? RETRIES,
    age: (config?.maximumEventAgeInSeconds ?? MAXIMUM_AGE / 1000) * 1000,
  }
}
