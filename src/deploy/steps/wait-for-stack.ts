/** Waits until nothing is in progress on a stack any more. */
import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation'
import { findStack } from './find-stack.ts'
import { type Pace, resting } from './pace.ts'

/** AWS: a stack under review has that status until a change set makes it. */
export const isIdle = ({ StackStatus: status }: Stack): boolean =>
  !/_IN_PROGRESS$/.test(status ?? '') || status === 'REVIEW_IN_PROGRESS'

/** Resolves with the stack once its status is final; undefined once it is deleted. */
export async function waitForStack(
  client: CloudFormationClient,
  name: string,
  pace: Pace,
): Promise<Stack | undefined> {
  const rest = resting(pace)
  for (;;) {
    const stack = await findStack(client, name)
    if (!stack || isIdle(stack)) return stack
    await rest()
  }
}
