/** Follows a stack until nothing is in progress any more. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import { findStack } from './find-stack.ts'

export interface Pace {
  /** Milliseconds between two looks. */
  readonly interval: number
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Resolves with the stack once its status is final; undefined once it is deleted. */
export async function waitForStack(
  client: CloudFormationClient,
  name: string,
  pace: Pace,
): Promise<Stack | undefined> {
  for (let wait = Math.min(20, pace.interval); ; wait = Math.min(wait * 1.5, pace.interval)) {
    const stack = await findStack(client, name)
    if (
      !stack ||
      !/_IN_PROGRESS$/.test(stack.StackStatus ?? '') ||
      stack.StackStatus === 'REVIEW_IN_PROGRESS'
    )
      return stack
    await pace.sleep(wait)
  }
}

/** Gives a stack's events since a time, oldest first. */
export async function eventsSince(
  client: CloudFormationClient,
  stackId: string,
  since: Date,
): Promise<StackEvent[]> {
  const events: StackEvent[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }))
    const fresh = (page.StackEvents ?? []).filter((event) => (event.Timestamp ?? since) >= since)
    events.push(...fresh)
    NextToken = fresh.length === page.StackEvents?.length ? page.NextToken : undefined
  } while (NextToken)
  return events.reverse()
}
