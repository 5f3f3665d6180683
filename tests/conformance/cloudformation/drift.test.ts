/** Drift of stacks: what is compared, with whose permissions, and what is told where somebody may not look. */
import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation'
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import {
  DisableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { driveStacks, type StackDriver } from './stack-driver.ts'

const running = await startTestCloud()
const [iam, kms, sns] = [running.client(IAMClient), running.client(KMSClient), running.client(SNSClient)]
const root = driveStacks(running)
const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
})
const role = (name: string, more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: name, AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...more },
})

async function drifts(name: string, { client }: StackDriver = root) {
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName: name }))
  const status = await client.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }))
  const { StackResourceDrifts = [] } = await client.send(
    new DescribeStackResourceDriftsCommand({ StackName: name }),
  )
  return { status, found: StackResourceDrifts }
}
const told = ({ found }: Awaited<ReturnType<typeof drifts>>) =>
  found.map(({ LogicalResourceId, StackResourceDriftStatus, PropertyDifferences = [] }) =>
    [
      LogicalResourceId,
      StackResourceDriftStatus,
      ...PropertyDifferences.map(({ PropertyPath, DifferenceType }) => `${PropertyPath} ${DifferenceType}`),
    ].join(' '),
  )

test('of a role what the template sets is compared, and what a policy of the stack attaches is no drift', async () => {
  await root.create(
    'role',
    {
      Resources: {
        Role: role('watched', {
          Description: 'as made',
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        }),
        Policy: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 's3:List*', Resource: '*' }],
            },
          },
        },
      },
    },
    { Capabilities: ['CAPABILITY_NAMED_IAM'] },
  )
  const before = await drifts('role')
  expect(before.status).toMatchObject({
    StackDriftStatus: 'IN_SYNC',
    DetectionStatus: 'DETECTION_COMPLETE',
    DriftedStackResourceCount: 0,
  })
  expect(told(before)).toEqual(['Role IN_SYNC', 'Policy NOT_CHECKED'])

  const RoleName = 'watched'
  await iam.send(new UpdateRoleCommand({ RoleName, Description: 'by hand', MaxSessionDuration: 7200 }))
  await iam.send(
    new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  )
  await iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName,
      PolicyDocument: JSON.stringify(trust('ec2.amazonaws.com')),
    }),
  )
  const after = await drifts('role')
  expect(after.status).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 1 })
  expect(told(after)[0]?.split(' /').sort()).toEqual([
    'AssumeRolePolicyDocument/Statement/0/Principal/Service NOT_EQUAL',
    'Description NOT_EQUAL',
    expect.stringMatching(/^ManagedPolicyArns\/\d ADD$/),
    'Role MODIFIED',
  ])
  const { StackResources = [] } = await root.client.send(
    new DescribeStackResourcesCommand({ StackName: 'role' }),
  )
  expect(
    StackResources.map(({ DriftInformation }) => DriftInformation?.StackResourceDriftStatus).sort(),
  ).toEqual(['MODIFIED', 'NOT_CHECKED'])
})

test('of a key the policy and the rotation are compared; one that is to be deleted, and a topic that is gone, are deleted', async () => {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 'kms:*',
    Resource: '*',
  }
  const KeyPolicy = { Version: '2012-10-17', Statement: [statement] }
  await root.create('key', {
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy, EnableKeyRotation: true } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'gone' } },
    },
    Outputs: { Key: { Value: { Ref: 'Key' } }, Topic: { Value: { Ref: 'Topic' } } },
  })
  const { Key: KeyId = '', Topic: TopicArn = '' } = await root.outputs('key')
  await kms.send(new DisableKeyRotationCommand({ KeyId }))
  const Policy = JSON.stringify({
    ...KeyPolicy,
    Statement: [statement, { ...statement, Action: 'kms:Decrypt' }],
  })
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }))
  await sns.send(new DeleteTopicCommand({ TopicArn }))
  expect(told(await drifts('key'))).toEqual([
    'Key MODIFIED /KeyPolicy/Statement/1 ADD /EnableKeyRotation NOT_EQUAL',
    'Topic DELETED',
  ])
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId }))
  expect(told(await drifts('key'))[0]).toBe('Key DELETED')
})

test('who may not read a resource is told, and what else was found', async () => {
  await root.create(
    'two',
    { Resources: { Role: role('hidden'), Other: role('open') } },
    { Capabilities: ['CAPABILITY_NAMED_IAM'] },
  )
  await iam.send(new CreateUserCommand({ UserName: 'looker' }))
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' },
      { Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: 'arn:aws:iam::111111111111:role/open' },
    ],
  })
  await iam.send(new PutUserPolicyCommand({ UserName: 'looker', PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'looker' }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  await iam.send(new DeleteRoleCommand({ RoleName: 'open' }))
  const seen = await drifts('two', driveStacks(running, { credentials }))
  expect(seen.status.DetectionStatus).toBe('DETECTION_FAILED')
  expect(seen.status.DetectionStatusReason).toMatch(/^Role: .*not authorized to perform: iam:GetRole/)
  expect(told(seen)).toEqual(['Other DELETED'])
})

test('a stack that failed is not looked at, and an id that nobody gave is none', async () => {
  await root.create(
    'failed',
    { Resources: { Role: role('x', { AssumeRolePolicyDocument: { Version: 'no' } }) } },
    {
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    },
  )
  await expect(drifts('failed')).rejects.toThrow('cannot be detected in the status ROLLBACK_COMPLETE')
  await expect(
    root.client.send(
      new DescribeStackDriftDetectionStatusCommand({
        StackDriftDetectionId: '11111111-1111-1111-1111-111111111111',
      }),
    ),
  ).rejects.toThrow('not found')
})
