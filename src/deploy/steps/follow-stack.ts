/** Follows an operation on a stack by its events, to its end. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import type { ChangeSet } from './create-change-set.ts'
import { findStack } from './find-stack.ts'
import { type Pace, resting } from './pace.ts'
import { isIdle, waitForStack } from './wait-for-stack.ts'

/** AWS: what a stack's own events say when its operation is over; cleanup is still part of it. */
const OVER = /_(COMPLETE|FAILED)$/

/**
 * Gives the stack as it ended and the operation's events, oldest first; `tell` hears each of them once.
 * AWS: all events of an operation carry the token that it was asked for with. So no clock has to be trusted, and the
 * events of a stack that was there before need not be read.
 */
export async function followStack(
  client: CloudFormationClient,
  changeSet: ChangeSet,
  options: { token: string; pace: Pace; tell: (event: StackEvent) => void },
): Promise<{ stack: Stack | undefined; events: readonly StackEvent[] }> {
  const { id, stackId } = changeSet
  const { token, pace, tell } = options
  const told = new Map<string, StackEvent>()
  const rest = resting(pace)
  for (;;) {
    const fresh = await freshEvents(client, stackId, { token, told })
    for (const event of fresh) {
      told.set(event.EventId ?? '', event)
      tell(event)
    }
    const over = fresh.some(
      (one) => one.PhysicalResourceId === stackId && OVER.test(one.ResourceStatus ?? ''),
    )
    if (over || (told.size === 0 && (await hasEnded(client, stackId, id)))) break
    await rest()
  }
  return { stack: await waitForStack(client, stackId, pace), events: [...told.values()] }
}

/** Gives the operation's events that are not told yet, oldest first. AWS answers them newest first. */
async function freshEvents(
  client: CloudFormationClient,
  stackId: string,
  { token, told }: { token: string; told: ReadonlyMap<string, StackEvent> },
): Promise<StackEvent[]> {
  const fresh: StackEvent[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }))
    const events = page.StackEvents ?? []
    const known = events.findIndex((one) => one.ClientRequestToken !== token || told.has(one.EventId ?? ''))
    fresh.push(...(known < 0 ? events : events.slice(0, known)))
    NextToken = known < 0 ? page.NextToken : undefined
  } while (NextToken)
  return fresh.reverse()
}

/** For an operation whose events do not show: it has ended once the stack says that this change set was its last. */
async function hasEnded(
  client: CloudFormationClient,
  stackId: string,
  changeSetId: string,
): Promise<boolean> {
  const stack = await findStack(client, stackId)
  return !stack || (isIdle(stack) && stack.ChangeSetId === changeSetId)
}
