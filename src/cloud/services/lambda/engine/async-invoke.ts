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
    const { failure, final } = await attempt(ctx, event)
    if (cloud.signal.aborted) return
    event = { ...event, attempts: event.attempts + 1 }
    const { retries, age } = limits(ctx, event)
    const isOver = final || event.attempts > retries || cloud.clock.now() - event.receivedAt > age
    if (failure === undefined) awaited.of(payload)?.done(event.functionArn)
    else if (isOver) awaited.of(payload)?.lost(`${event.functionArn} failed: ${failure}`)
    if (isOver || failure === undefined) return table.delete(event.id)
    table.put(event.id, event)
    // Nobody stands still for most events; where somebody does, what fails for good need not take minutes.
    if (!awaited.of(payload)) await cloud.clock.sleep(event.attempts * MINUTE, cloud.signal)
    if (cloud.signal.aborted) return
  }
}

/** What became of an event: `failure` says why it has to be tried again, or with `final` why that would be for nothing. */
interface Attempt {
  readonly failure?: string
  readonly final?: boolean
}

async function attempt(ctx: Context, event: PendingEvent): Promise<Attempt> {
  const ref = reference(ctx, event.functionArn, event.qualifier)
  try {
    const stored = functionKind.find(ctx, ref)
    const { failed, payload } = await execute(ctx, stored, chooseVersion(ctx, ref), {
      requestId: event.id,
      payload: Buffer.from(event.payload, 'base64'),
      invokedArn: ref.qualifiedArn,
    })
    return failed ? { failure: failureIn(payload) } : {}
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { failure: error.message, final: error.code === 'ResourceNotFoundException' }
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
