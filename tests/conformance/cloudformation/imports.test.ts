/** Resources that stood before their stack: named by the request, or found under the names of the template. */
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, GetBucketTaggingCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const s3 = running.client(S3Client, { forcePathStyle: true })
const sns = running.client(SNSClient)

const bucket = (BucketName: string, more: object = { DeletionPolicy: 'Retain' }) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
  ...more,
})

async function propose(StackName: string, Resources: object, input: Partial<CreateChangeSetCommandInput>) {
  const set = { StackName, ChangeSetName: 'set' }
  await stacks.client.send(
    new CreateChangeSetCommand({ ...set, TemplateBody: JSON.stringify({ Resources }), ...input }),
  )
  await running.cloud.settled()
  return stacks.client.send(new DescribeChangeSetCommand(set))
}

async function execute(StackName: string) {
  await stacks.client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'set' }))
  return stacks.describe(StackName)
}

const existing = { ChangeSetType: 'CREATE', ImportExistingResources: true } as const

test('takes over what stands under the names of the template, and tags it', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'stood-before' }))
  const resources = { Old: bucket('stood-before'), New: bucket('stood-not') }
  const set = await propose('found', resources, { ...existing, Tags: [{ Key: 'team', Value: 'a' }] })
  expect(set.ImportExistingResources).toBe(true)
  expect(set.Changes?.map(({ ResourceChange: one }) => [one?.LogicalResourceId, one?.Action])).toEqual([
    ['New', 'Add'],
    ['Old', 'Import'],
  ])
  expect((await execute('found')).StackStatus).toBe('CREATE_COMPLETE')
  const events = await stacks.events('found')
  expect(events.filter((one) => one.startsWith('Old '))).toEqual([
    'Old IMPORT_IN_PROGRESS',
    'Old IMPORT_COMPLETE Resource import completed.',
    'Old UPDATE_IN_PROGRESS Apply stack-level tags to imported resource if applicable.',
    'Old UPDATE_COMPLETE',
  ])
  const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: 'stood-before' }))
  expect(TagSet).toContainEqual({ Key: 'team', Value: 'a' })
  await stacks.remove('found')
  await s3.send(new HeadBucketCommand({ Bucket: 'stood-before' }))
})

test('refuses to take over what its template would delete', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'precious' }))
  const set = await propose('unsafe', { Old: bucket('precious', {}) }, existing)
  expect(set).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringMatching(/The affected resources are Old \(\{BucketName=precious\}\)$/),
  })
})

test('leaves alone what it has taken over when the rest fails', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'survivor' }))
  const resources = {
    Old: bucket('survivor', { DeletionPolicy: 'RetainExceptOnCreate' }),
    Bad: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: 'Old',
      Properties: { Protocol: 'lambda', TopicArn: 'no' },
    },
  }
  await propose('half', resources, existing)
  expect((await execute('half')).StackStatus).toBe('ROLLBACK_COMPLETE')
  await s3.send(new HeadBucketCommand({ Bucket: 'survivor' }))
})

test('imports what the request names, and nothing else', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'named' }))
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'named' }))
  const importing = (...ResourcesToImport: object[]) =>
    ({ ChangeSetType: 'IMPORT', ResourcesToImport }) as Partial<CreateChangeSetCommandInput>
  const theBucket = {
    ResourceType: 'AWS::S3::Bucket',
    LogicalResourceId: 'B',
    ResourceIdentifier: { BucketName: 'named' },
  }
  const theTopic = {
    ResourceType: 'AWS::SNS::Topic',
    LogicalResourceId: 'T',
    ResourceIdentifier: { TopicArn },
  }
  await propose('brought', { B: bucket('named') }, importing(theBucket))
  expect((await execute('brought')).StackStatus).toBe('IMPORT_COMPLETE')
  const topic = { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Delete' }
  const two = { B: bucket('named'), T: topic }
  const failed = await propose('brought', { ...two, C: bucket('c') }, importing(theTopic))
  expect(failed.StatusReason).toBe('Resources [C] is missing from ResourceToImport list')
  await propose('brought', two, { ...importing(theTopic), ChangeSetName: 'set2' }).catch(() => undefined)
  await stacks.client.send(new ExecuteChangeSetCommand({ StackName: 'brought', ChangeSetName: 'set2' }))
  expect((await stacks.describe('brought')).StackStatus).toBe('IMPORT_COMPLETE')
  const other = await propose('other', { B: bucket('named') }, importing(theBucket))
  expect(other.StatusReason).toContain('belongs to the stack brought')
  expect((await stacks.remove('brought')).StackStatus).toBe('DELETE_COMPLETE')
})
