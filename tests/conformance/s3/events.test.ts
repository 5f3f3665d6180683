/** What S3 tells of objects: to EventBridge, and to functions. */
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  type Event,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, document, roleSession } from './role-session.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const Bucket = 'announcing-bucket'

it('announces objects in the account of the bucket, whoever wrote them, once the bucket asks for it', async () => {
  const events: CloudEvent[] = []
  test.cloud.bus.listen((event) => {
    if (event.source === 'aws.s3') events.push(event)
  })
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'silent', Body: 'x' }))
  expect(events).toEqual([])

  const NotificationConfiguration = { EventBridgeConfiguration: {} }
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const guest = { Principal: { AWS: `arn:aws:iam::${DEV}:root` } }
  const Policy = document(allow('s3:PutObject', `arn:aws:s3:::${Bucket}/*`, guest))
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  const writer = await roleSession(test, DEV, 'writer', allow('s3:PutObject'))
  const { VersionId } = await writer.send(new PutObjectCommand({ Bucket, Key: 'in/a b.zip', Body: 'zip' }))
  await s3.send(
    new PutObjectTaggingCommand({
      Bucket,
      Key: 'in/a b.zip',
      Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] },
    }),
  )
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'in/a b.zip' }))
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'in/a b.zip', VersionId }))

  expect(events.map((event) => event.detailType)).toEqual([
    'Object Created',
    'Object Tags Added',
    'Object Deleted',
    'Object Deleted',
  ])
  expect(events[0]).toMatchObject({
    account: HUB,
    region: 'us-east-1',
    resources: [`arn:aws:s3:::${Bucket}`],
    detail: {
      version: '0',
      bucket: { name: Bucket },
      object: {
        key: 'in/a b.zip',
        size: 3,
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
        'version-id': VersionId,
      },
      requester: DEV,
      reason: 'PutObject',
    },
  })
  expect(events[2]!.detail).toMatchObject({ 'deletion-type': 'Delete Marker Created' })
  expect(events[3]!.detail).toMatchObject({ 'deletion-type': 'Permanently Deleted' })
})

it('invokes a function that lets S3 in, for keys that fit the filter', async () => {
  const Functions = 'function-bucket'
  await s3.send(new CreateBucketCommand({ Bucket: Functions }))
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'lambda.amazonaws.com' },
  }
  const iam = test.client(IAMClient)
  await iam.send(new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument: document(trust) }))
  const lambda = test.client(LambdaClient)
  const code = zipSync({ 'index.mjs': strToU8('export const handler = async () => "ok"') })
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'notified',
      Role: `arn:aws:iam::${HUB}:role/fn`,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: code },
    }),
  )
  await test.cloud.settled()
  const notify = () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: Functions,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: [
            {
              LambdaFunctionArn: FunctionArn,
              Events: ['s3:ObjectCreated:*'],
              Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.zip' }] } },
            },
          ],
        },
      }),
    )
  await expect(notify()).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Unable to validate the following destination configurations',
  })
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'notified',
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: `arn:aws:s3:::${Functions}`,
      SourceAccount: HUB,
    }),
  )
  await notify()
  test.cloud.trail.clear()
  await s3.send(new PutObjectCommand({ Bucket: Functions, Key: 'a.txt', Body: 'x' }))
  await s3.send(new PutObjectCommand({ Bucket: Functions, Key: 'a.zip', Body: 'x' }))
  await test.cloud.settled()
  const invocations = test.cloud.trail.entries().filter((one) => one.action === 'lambda:InvokeFunction')
  expect(invocations).toMatchObject([
    { caller: 's3.amazonaws.com', resource: FunctionArn, decision: { effect: 'allowed' } },
  ])
})

it('takes only ARNs of what it can notify', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'notifies-nobody' }))
  const notify = (NotificationConfiguration: NotificationConfiguration) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'notifies-nobody',
        NotificationConfiguration,
        SkipDestinationValidation: true,
      }),
    )
  const topic = `arn:aws:sns:us-east-1:${HUB}:anything`
  const Events: Event[] = ['s3:ObjectCreated:*']
  await notify({ TopicConfigurations: [{ TopicArn: topic, Events }] })
  for (const LambdaFunctionArn of [topic, 'notified', `arn:aws:lambda:us-east-1:${HUB}:layer:l`])
    await expect(
      notify({ LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events }] }),
    ).rejects.toMatchObject({ name: 'InvalidArgument', message: 'The ARN is not well formed' })
})
