/** Tags of a stack come to its resources, change with it, and leave them again. */

import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  ListTagsForResourceCommand as ListLogTags,
} from '@aws-sdk/client-cloudwatch-logs'
import { BatchGetProjectsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild'
import {
  CodePipelineClient,
  ListTagsForResourceCommand as ListPipelineTags,
} from '@aws-sdk/client-codepipeline'
import {
  CodeStarConnectionsClient,
  ListTagsForResourceCommand as ListConnectionTags,
} from '@aws-sdk/client-codestar-connections'
import { ECRClient, ListTagsForResourceCommand as ListRepositoryTags } from '@aws-sdk/client-ecr'
import { EventBridgeClient, ListTagsForResourceCommand as ListEventTags } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, ListRoleTagsCommand, ListUserTagsCommand } from '@aws-sdk/client-iam'
import { KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms'
import { LambdaClient, ListTagsCommand, TagResourceCommand } from '@aws-sdk/client-lambda'
import { GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ListTagsForResourceCommand as ListTopicTags, SNSClient } from '@aws-sdk/client-sns'
import { ListTagsForResourceCommand as ListParameterTags, SSMClient } from '@aws-sdk/client-ssm'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { allTypes } from './all-types.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const lambda = running.client(LambdaClient)
const iam = running.client(IAMClient)

type Pairs = readonly object[] | undefined
/** Lists of tags differ between services in how their members are spelled. */
const pairs = (list: Pairs): [string, string][] =>
  (list ?? []).map((tag) => {
    const values = Object.entries(tag)
    const of = (end: string) => String(values.find(([name]) => name.toLowerCase().endsWith(end))?.[1])
    return [of('key'), of('value')]
  })
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${HUB}:${rest}`

/** How the tags of each resource are read, by its physical id. */
const readers: Record<string, (id: string) => Promise<Pairs | Record<string, string>>> = {
  Function: async (id) =>
    (await lambda.send(new ListTagsCommand({ Resource: arn('lambda', `function:${id}`) }))).Tags,
  LogGroup: async (id) =>
    (
      await running
        .client(CloudWatchLogsClient)
        .send(new ListLogTags({ resourceArn: arn('logs', `log-group:${id}`) }))
    ).tags,
  Role: async (RoleName) => (await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags,
  User: async (UserName) => (await iam.send(new ListUserTagsCommand({ UserName }))).Tags,
  Key: async (KeyId) => (await running.client(KMSClient).send(new ListResourceTagsCommand({ KeyId }))).Tags,
  Bucket: async (Bucket) =>
    (await running.client(S3Client).send(new GetBucketTaggingCommand({ Bucket }))).TagSet,
  Parameter: async (ResourceId) =>
    (await running.client(SSMClient).send(new ListParameterTags({ ResourceType: 'Parameter', ResourceId })))
      .TagList,
  Secret: async (SecretId) =>
    (await running.client(SecretsManagerClient).send(new DescribeSecretCommand({ SecretId }))).Tags,
  Repository: async (id) =>
    (
      await running
        .client(ECRClient)
        .send(new ListRepositoryTags({ resourceArn: arn('ecr', `repository/${id}`) }))
    ).tags,
  Topic: async (ResourceArn) =>
    (await running.client(SNSClient).send(new ListTopicTags({ ResourceArn }))).Tags,
  Bus: (id) => eventTags(`event-bus/${id}`),
  Rule: (id) => eventTags(`rule/${id.replace('|', '/')}`),
  Connection: async (ResourceArn) =>
    (await running.client(CodeStarConnectionsClient).send(new ListConnectionTags({ ResourceArn }))).Tags,
  Pipeline: async (id) =>
    (
      await running
        .client(CodePipelineClient)
        .send(new ListPipelineTags({ resourceArn: arn('codepipeline', id) }))
    ).tags,
  Project: async (id) =>
    (await running.client(CodeBuildClient).send(new BatchGetProjectsCommand({ names: [id] }))).projects?.[0]
      ?.tags,
}

async function eventTags(resource: string): Promise<Pairs> {
  const { Tags } = await running
    .client(EventBridgeClient)
    .send(new ListEventTags({ ResourceARN: arn('events', resource) }))
  return Tags
}

/** The tags of every resource that has any, but for those CloudFormation keeps to itself. */
async function tagsOfAll(): Promise<Record<string, Record<string, string>>> {
  const { StackResources = [] } = await stacks.client.send(
    new DescribeStackResourcesCommand({ StackName: 'tagged' }),
  )
  const found: Record<string, Record<string, string>> = {}
  for (const [logicalId, read] of Object.entries(readers)) {
    const one = StackResources.find((resource) => resource.LogicalResourceId === logicalId)
    const tags = await read(one!.PhysicalResourceId!)
    const list = Array.isArray(tags) ? pairs(tags) : Object.entries(tags ?? {})
    found[logicalId] = Object.fromEntries(list.filter(([key]) => !key.startsWith('aws:')))
  }
  return found
}

const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
const tags = (record: Record<string, string>) =>
  Object.entries(record).map(([Key, Value]) => ({ Key, Value }))
/** Every resource with these tags; the connection has one of its own. */
const everywhere = (record: Record<string, string>, own: string) =>
  Object.fromEntries(
    Object.keys(readers).map((id) => [id, id === 'Connection' ? { ...record, own } : record]),
  )

it('on every type, whether the template changes with them or not', async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  await iam.send(
    new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  )
  const first = { age: 'first', kept: 'a' }
  await stacks.create('tagged', allTypes('first'), { Capabilities, Tags: tags(first) })
  expect((await stacks.events('tagged')).filter((one) => one.includes('_FAILED'))).toEqual([])
  expect(await tagsOfAll()).toEqual(everywhere(first, 'first'))

  const second = { since: 'later', kept: 'b' }
  await stacks.update('tagged', allTypes('first'), { Capabilities, Tags: tags(second) })
  expect((await stacks.events('tagged')).filter((one) => one.includes('_FAILED'))).toEqual([])
  expect(await tagsOfAll()).toEqual(everywhere(second, 'first'))

  await stacks.update('tagged', allTypes('later'), { Capabilities, Tags: tags({ kept: 'b' }) })
  expect((await stacks.events('tagged')).filter((one) => one.includes('_FAILED'))).toEqual([])
  expect(await tagsOfAll()).toEqual(everywhere({ kept: 'b' }, 'later'))
}, 60_000)

it('and what was put on beside the stack stays', async () => {
  const StackName = 'tagged'
  const { StackResources = [] } = await stacks.client.send(new DescribeStackResourcesCommand({ StackName }))
  const id = StackResources.find((one) => one.LogicalResourceId === 'Function')?.PhysicalResourceId
  await lambda.send(
    new TagResourceCommand({ Resource: arn('lambda', `function:${id}`), Tags: { byHand: 'yes' } }),
  )
  await stacks.update(StackName, allTypes('later'), { Capabilities, Tags: [] })
  expect((await tagsOfAll()).Function).toEqual({ byHand: 'yes' })
})

it('and come back when the update fails', async () => {
  const broken = allTypes('later') as { Resources: Record<string, { Properties: object }> }
  broken.Resources.Repository!.Properties = { LifecyclePolicy: { LifecyclePolicyText: 'no JSON' } }
  const failed = await stacks.update('tagged', broken, { Capabilities, Tags: tags({ never: 'seen' }) })
  expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect((await tagsOfAll()).Topic).toEqual({})
})
