/** Removes what an earlier, failed creation left behind, so that the stack can be created again. */
import { type CloudFormationClient, DeleteStackCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { Pace } from './pace.ts'
import { waitForStack } from './wait-for-stack.ts'

/** AWS: a stack in these states accepts nothing but its deletion; it holds no resource that was ever in use. */
const DEAD = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED', 'REVIEW_IN_PROGRESS']

/** Whether nothing can be done with a stack but to clear it away. */
export const isDead = ({ StackStatus }: Stack): boolean => DEAD.includes(StackStatus ?? '')

/** Gives the stack if it can be updated, undefined if it has to be created. */
export async function clearFailedStack(
  client: CloudFormationClient,
  stack: Stack | undefined,
  pace: Pace,
): Promise<Stack | undefined> {
  if (!stack || !isDead(stack)) return stack
  const name = stack.StackName ?? ''
  // By its id, so that a try that comes late meets the same stack. AWS: deleting one that is deleted succeeds.
  const StackName = stack.StackId ?? name
  await client.send(new DeleteStackCommand({ StackName }))
  const left = await waitForStack(client, StackName, pace)
  if (left && left.StackStatus !== 'DELETE_COMPLETE')
    throw new Error(
      `the failed stack ${name} cannot be deleted: ${left.StackStatusReason ?? left.StackStatus}`,
    )
  return undefined
}
