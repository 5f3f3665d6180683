/** What an administrator does with stacks: updates and deletes them, empties their buckets, saves their keys. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { BatchDeleteImageCommand, ECRClient, ListImagesCommand } from '@aws-sdk/client-ecr'
import { CancelKeyDeletionCommand, EnableKeyCommand, KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms'
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Target, Template } from '../../src/model/index.ts'
import type { StackPlace, World } from './life.ts'

/** Updates a stack with its own parameters. Gives what failed. */
export async function updateStack(
  world: World,
  { stack: StackName, target }: StackPlace,
  template: Template,
  tags: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const client = await world.accounts.client(CloudFormationClient, target)
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }))
  await client.send(
    new UpdateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Parameters: stack?.Parameters?.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  )
  return outcome(world, client, stack?.StackId ?? StackName, ['UPDATE_COMPLETE'])
}

/** Deletes a stack, as the role that it was made with where it has one. Gives what failed. */
export async function deleteStack(
  world: World,
  { stack: StackName, target }: StackPlace,
): Promise<string | undefined> {
  const client = await world.accounts.client(CloudFormationClient, target)
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }))
  await client.send(new DeleteStackCommand({ StackName }))
  return outcome(world, client, stack?.StackId ?? StackName, ['DELETE_COMPLETE'])
}

async function outcome(
  { cloud }: World,
  client: CloudFormationClient,
  StackName: string,
  good: readonly string[],
): Promise<string | undefined> {
  await cloud.settled()
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }))
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }))
  const failed = StackEvents.filter((one) => one.ResourceStatus?.endsWith('_FAILED')).map(
    (one) => `${one.LogicalResourceId} ${one.ResourceStatus}: ${one.ResourceStatusReason}`,
  )
  // AWS: a stack whose clean-up fails is UPDATE_COMPLETE all the same.
  if (good.includes(stack?.StackStatus ?? '') && !failed.length) return undefined
  return `${stack?.StackName} ${stack?.StackStatus}: ${failed.reverse().join('; ')}`
}

export interface MadeResource {
  readonly type: string
  readonly id: string
}

/** Gives what a stack has made. */
export async function resourcesOf(
  { accounts }: World,
  { stack: StackName, target }: StackPlace,
): Promise<MadeResource[]> {
  const client = await accounts.client(CloudFormationClient, target)
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }))
  return StackResources.map(({ ResourceType = '', PhysicalResourceId = '' }) => ({
    type: ResourceType,
    id: PhysicalResourceId,
  }))
}

/** AWS: only an empty bucket can be deleted. */
export async function emptyBuckets(
  { accounts }: World,
  target: Target,
  resources: readonly MadeResource[],
): Promise<void> {
  const s3 = await accounts.client(S3Client, target)
  for (const { type, id: Bucket } of resources) {
    if (type !== 'AWS::S3::Bucket') continue
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
  }
}

/** AWS: only a repository without images can be deleted. */
export async function emptyRepositories(
  { accounts }: World,
  target: Target,
  resources: readonly MadeResource[],
): Promise<void> {
  const ecr = await accounts.client(ECRClient, target)
  for (const { type, id: repositoryName } of resources) {
    if (type !== 'AWS::ECR::Repository') continue
    const { imageIds = [] } = await ecr.send(new ListImagesCommand({ repositoryName }))
    if (imageIds.length) await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
  }
}

/** Looks at the grants of a stack's keys, as `crossdock doctor` does. Gives what failed. */
export async function lookAtGrants(world: World, place: StackPlace): Promise<string | undefined> {
  const kms = await world.accounts.client(KMSClient, place.target)
  try {
    for (const { type, id: KeyId } of await resourcesOf(world, place))
      if (type === 'AWS::KMS::Key') await kms.send(new ListGrantsCommand({ KeyId }))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Takes the deletion of a key back. AWS: it comes back disabled. Gives what failed. */
export async function takeBack(
  { accounts }: World,
  target: Target,
  KeyId: string,
): Promise<string | undefined> {
  const kms = await accounts.client(KMSClient, target)
  try {
    await kms.send(new CancelKeyDeletionCommand({ KeyId }))
    await kms.send(new EnableKeyCommand({ KeyId }))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
