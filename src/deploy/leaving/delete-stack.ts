/** Deletes one stack with what lies in its buckets. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import type { Target } from '../../model/index.ts'
import { emptyBucket } from '../steps/empty-bucket.ts'
import { findStack } from '../steps/find-stack.ts'
import type { Pace } from '../steps/pace.ts'
import { waitForStack } from '../steps/wait-for-stack.ts'

/** What still ran may have written once more while its stack was being deleted. */
const ATTEMPTS = 3

/**
 * Gives whether there was a stack. One that is busy is waited for. Errors: Error with CloudFormation's reason where it stays.
 */
export async function deleteStack(
  accounts: OpenAccounts,
  {
    name,
    target,
    buckets,
  }: { readonly name: string; readonly target: Target; readonly buckets: readonly string[] },
  pace: Pace,
): Promise<boolean> {
  const client = await accounts.client(CloudFormationClient, target)
  const standing = await waitForStack(client, name, pace)
  if (!standing) return false
  const id = standing.StackId ?? name
  let left: Stack | undefined
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    for (const bucket of buckets) await emptyBucket(accounts, target, bucket)
    await client.send(new DeleteStackCommand({ StackName: id }))
    await waitForStack(client, id, pace)
    // AWS: a deleted stack is found by its id only.
    left = await findStack(client, name)
    if (!left) return true
  }
  throw new Error(`${left?.StackStatus}: ${await reasonOf(client, id)}`)
}

async function reasonOf(client: CloudFormationClient, id: string): Promise<string> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: id }))
  const failed = StackEvents.find(
    ({ ResourceStatus, PhysicalResourceId }) =>
      ResourceStatus === 'DELETE_FAILED' && PhysicalResourceId !== id,
  )
  return failed?.ResourceStatusReason ?? 'its deletion did not end'
}
