/** Waits until nothing is in progress on a stack any more. */
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation'
import { findStack } from './find-stack.ts'

export interface Pace {
  /** Milliseconds between two looks. */
  readonly interval: number
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** AWS: a stack under review has that status until a change set makes it. */
export const isIdle = ({ StackStatus: status }: Stack): boolean =>
  !/_IN_PROGRESS$/.test(status ?? '') || status === 'REVIEW_IN_PROGRESS'

/** Resolves with the stack once its status is final; undefined once it is deleted. */
export async function waitForStack(
  client: CloudFormationClient,
  name: string,
  pace: Pace,
): Promise<Stack | undefined> {
  for (let wait = Math.min(20, pace.interval); ; wait = Math.min(wait * 1.5, pace.interval)) {
    const stack = await findStack(client, name)
    if (!stack || isIdle(stack)) return stack
    await pace.sleep(wait)
  }
}
