/** The cloud's trail and the proof of the same template name policies by the same references. */
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { beforeAll, expect, test } from 'vitest'
import { readLandscape } from '../../../src/access/index.ts'
import type { PolicyRef } from '../../../src/model/index.ts'
import { readDocument } from '../../../src/template/index.ts'
import { type Credentials, HUB, startTestCloud, type TestCloud } from '../cloud.ts'

const REGION = 'us-east-1'
const ROLE = `arn:aws:iam::${HUB}:role/team/worker`
const MANAGED = `arn:aws:iam::${HUB}:policy/guard`
const BUCKET = 'referred-to'
const TOPIC = `arn:aws:sns:${REGION}:${HUB}:referred`
const REPOSITORY = `arn:aws:ecr:${REGION}:${HUB}:repository/referred`
const BUS = `arn:aws:events:${REGION}:${HUB}:event-bus/default`

const stop = (Action: string, more: object = { Resource: '*' }) => ({ Effect: 'Deny', Action, ...more })
const stopWorker = (Action: string, more: object = {}) => stop(Action, { Principal: { AWS: ROLE }, ...more })
const documentOf = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const ofRole = (Type: string, Properties: object) => ({ Type, DependsOn: 'Worker', Properties })

const TEMPLATE = JSON.stringify({
  Resources: {
    Worker: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'worker',
        Path: '/team/',
        AssumeRolePolicyDocument: documentOf(
          { Effect: 'Allow', Principal: { AWS: HUB }, Action: 'sts:AssumeRole' },
          {
            ...stop('sts:AssumeRole', { Principal: { AWS: HUB } }),
            Condition: { StringEquals: { 'sts:RoleSessionName': 'stop' } },
          },
        ),
        Policies: [
          {
            PolicyName: 'all',
            PolicyDocument: documentOf(
              { Effect: 'Allow', Action: '*', Resource: '*' },
              stop('kms:DescribeKey'),
            ),
          },
        ],
      },
    },
    Attached: ofRole('AWS::IAM::Policy', {
      PolicyName: 'beside',
      Roles: ['worker'],
      PolicyDocument: documentOf(stop('iam:ListRoles')),
    }),
    Guard: ofRole('AWS::IAM::ManagedPolicy', {
      ManagedPolicyName: 'guard',
      Roles: ['worker'],
      PolicyDocument: documentOf(stop('iam:ListUsers')),
    }),
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } },
    BucketPolicy: ofRole('AWS::S3::BucketPolicy', {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: documentOf(stopWorker('s3:ListBucket', { Resource: `arn:aws:s3:::${BUCKET}` })),
    }),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'referred' } },
    TopicPolicy: ofRole('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: documentOf(stopWorker('sns:Publish', { Resource: TOPIC })),
    }),
    Repository: ofRole('AWS::ECR::Repository', {
      RepositoryName: 'referred',
      RepositoryPolicyText: documentOf(stopWorker('ecr:DescribeRepositories')),
    }),
    BusPolicy: ofRole('AWS::Events::EventBusPolicy', {
      StatementId: 'Stop',
      Statement: stopWorker('events:PutEvents', { Resource: BUS }),
    }),
  },
})

const landscape = readLandscape([
  { stack: 'system', target: { account: HUB, region: REGION }, template: readDocument(TEMPLATE).template },
])
const { trust, policies = [] } = landscape.roles.get(ROLE)!
const inProof: Readonly<Record<string, PolicyRef | undefined>> = {
  'sts:AssumeRole': trust?.policy.ref,
  'kms:DescribeKey': policies[0]?.policy.ref,
  'iam:ListRoles': policies.find(({ name }) => name === 'beside')?.policy.ref,
  'iam:ListUsers': policies.find(({ name }) => name === MANAGED)?.policy.ref,
  's3:ListBucket': landscape.buckets.get(BUCKET)?.policy?.policy.ref,
  'sns:Publish': landscape.resourcePolicies.get(TOPIC)?.policy.ref,
  'ecr:DescribeRepositories': landscape.resourcePolicies.get(REPOSITORY)?.policy.ref,
  'events:PutEvents': landscape.resourcePolicies.get(BUS)?.policy.ref,
}

let running: TestCloud
let starter: Credentials
let credentials: Credentials

const worker = async (name: string) => {
  const sts = running.client(STSClient, { credentials: starter })
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: name }),
  )
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  }
}

beforeAll(async () => {
  running = await startTestCloud()
  const cloudformation = running.client(CloudFormationClient)
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
  await cloudformation.send(
    new CreateStackCommand({ StackName: 'system', TemplateBody: TEMPLATE, Capabilities }),
  )
  await waitUntilStackCreateComplete(
    { client: cloudformation, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 } as never,
    { StackName: 'system' },
  )
  const iam = running.client(IAMClient)
  const UserName = 'starter'
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = JSON.stringify(
    documentOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }),
  )
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'assume', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  starter = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  credentials = await worker('work')
})

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'sts:AssumeRole': () => worker('stop'),
  'kms:DescribeKey': () =>
    running.client(KMSClient, { credentials }).send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' })),
  'iam:ListRoles': () => running.client(IAMClient, { credentials }).send(new ListRolesCommand({})),
  'iam:ListUsers': () => running.client(IAMClient, { credentials }).send(new ListUsersCommand({})),
  's3:ListBucket': () =>
    running.client(S3Client, { credentials }).send(new ListObjectsV2Command({ Bucket: BUCKET })),
  'sns:Publish': () =>
    running
      .client(SNSClient, { credentials })
      .send(new PublishCommand({ TopicArn: TOPIC, Message: 'hello' })),
  'ecr:DescribeRepositories': () =>
    running
      .client(ECRClient, { credentials })
      .send(new DescribeRepositoriesCommand({ repositoryNames: ['referred'] })),
  'events:PutEvents': () =>
    running
      .client(EventBridgeClient, { credentials })
      .send(new PutEventsCommand({ Entries: [{ Source: 'a', DetailType: 'b', Detail: '{}' }] })),
}

test.each(Object.keys(calls))('%s', async (action) => {
  await calls[action]!().catch((error: Error) => error)
  const denied = running.cloud.trail.entries({ denied: true }).filter((one) => one.action === action)
  const by = denied.at(-1)?.denial?.by
  expect(inProof[action]).toBeDefined()
  expect(by).toMatchObject({ policy: inProof[action] })
  expect(denied.at(-1)?.denial?.remedies[0]?.at).toEqual(inProof[action])
})
