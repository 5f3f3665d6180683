/** Takes an assembly's stacks out of their accounts again. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import type { Assembly, AssemblyStack } from '../model/index.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import { emptyBucket } from './steps/empty-bucket.ts'
import { findStack } from './steps/find-stack.ts'
import type { Pace } from './steps/pace.ts'
import { waitForStack } from './steps/wait-for-stack.ts'

export interface RemovalContext {
  readonly accounts: Accounts
  readonly pace: Pace
  readonly removed?: (stack: AssemblyStack) => void
}

/** What still ran may have written once more while its stack was being deleted. */
const ATTEMPTS = 3

/**
 * Removes every stack that stands, the last wave first, with what lies in their buckets; what is not there is left out.
 * AWS: a key is gone after a waiting period, in which it can be had back.
 * Errors: DeploymentFailure with every stack that stayed.
 */
export async function remove(assembly: Assembly, context: RemovalContext): Promise<void> {
  for (const wave of assembly.waves.toReversed()) {
    const results = await Promise.allSettled(wave.map((stack) => removeStack(stack, context)))
    const failures = wave.flatMap((stack, index) => {
      const result = results[index]!
      if (result.status === 'fulfilled') return []
      const { name, target, environment } = stack
      return { stack: name, target, environment, reason: (result.reason as Error).message }
    })
    if (failures.length) throw new DeploymentFailure(failures)
  }
}

async function removeStack(stack: AssemblyStack, { accounts, pace, removed }: RemovalContext): Promise<void> {
  await accounts.verify(stack.target)
  const client = await accounts.client(CloudFormationClient, stack.target)
  const standing = await waitForStack(client, stack.name, pace)
  if (!standing) return
  const id = standing.StackId ?? stack.name
  let left: Stack | undefined
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    for (const bucket of bucketsOf(stack)) await emptyBucket(accounts, stack.target, bucket)
    await client.send(new DeleteStackCommand({ StackName: id }))
    await waitForStack(client, id, pace)
    // AWS: a deleted stack is found by its id only.
    left = await findStack(client, stack.name)
    if (!left) return removed?.(stack)
  }
  throw new Error(`${left?.StackStatus}: ${await reasonOf(client, id)}`)
}

const bucketsOf = ({ template }: AssemblyStack): string[] =>
  Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::S3::Bucket' && typeof Properties?.BucketName === 'string' ? [Properties.BucketName] : [],
  )

async function reasonOf(client: CloudFormationClient, id: string): Promise<string> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: id }))
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')
  return failed?.ResourceStatusReason ?? 'its deletion did not end'
}
