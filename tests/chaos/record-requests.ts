/** Real requests of every protocol, recorded between clients and a cloud while a system lives on it. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CodeStarConnectionsClient, ListConnectionsCommand } from '@aws-sdk/client-codestar-connections'
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr'
import { GetRoleCommand, IAMClient, ListRolesCommand, SimulateCustomPolicyCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  DescribeOrganizationCommand,
  ListPoliciesCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { ChildCloud } from './child-cloud.ts'
import { startFaultProxy } from './fault-proxy.ts'
import type { PatientAccounts } from './patient-accounts.ts'
import type { RawRequest } from './signed-request.ts'

const HOME = { account: '111111111111', region: 'us-east-1' }
export type Sample = RawRequest & { readonly operation: string }

/** How many of each operation are kept: the first and the last of a kind often differ. */
const OF_EACH = 4

/** A template with something of everything that a template may hold. */
const EVERYTHING = JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09',
  Parameters: {
    Name: {
      Type: 'String',
      Default: 'abc',
      AllowedPattern: '[a-z]+',
      AllowedValues: ['abc', 'def'],
      MinLength: 1,
    },
    Count: { Type: 'Number', Default: 3, MinValue: 1, MaxValue: 9 },
    List: { Type: 'CommaDelimitedList', Default: 'a,b' },
  },
  Mappings: { ByRegion: { 'us-east-1': { Value: 'x' }, 'eu-west-1': { Value: 'y' } } },
  Conditions: {
    IsAbc: { 'Fn::Equals': [{ Ref: 'Name' }, 'abc'] },
    Both: { 'Fn::And': [{ Condition: 'IsAbc' }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] },
  },
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': '${Name}-${AWS::Region}' } } },
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Condition: 'Both',
      DependsOn: 'Topic',
      DeletionPolicy: 'Retain',
      Properties: {
        Type: 'String',
        Value: {
          'Fn::Join': [
            '-',
            [
              { 'Fn::GetAtt': ['Topic', 'TopicName'] },
              { 'Fn::FindInMap': ['ByRegion', { Ref: 'AWS::Region' }, 'Value'] },
              { 'Fn::Select': [1, { Ref: 'List' }] },
              { 'Fn::If': ['IsAbc', { Ref: 'Count' }, { Ref: 'AWS::NoValue' }] },
            ],
          ],
        },
      },
    },
  },
  Outputs: { Topic: { Value: { Ref: 'Topic' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-topic' } } } },
})

/** Lets something happen on a cloud, and gives the requests that it took, the same order for the same requests. */
export async function recordRequests(cloud: ChildCloud, happen: () => Promise<void>): Promise<Sample[]> {
  const recorded = new Map<string, Sample[]>()
  const target = cloud.endpoint
  const proxy = await startFaultProxy({
    target,
    fault: ({ operation, method, path, headers, body }) => {
      const name = operation.replace(/[0-9a-f-]{20,}|\d+/g, '…')
      const known = recorded.get(name) ?? []
      if (known.length < OF_EACH)
        known.push({ operation: name, method, path, headers: headers as Record<string, string>, body })
      recorded.set(name, known)
      return undefined
    },
  })
  cloud.endpoint = proxy.endpoint
  try {
    await happen()
  } finally {
    cloud.endpoint = target
    await proxy.close()
  }
  return [...recorded.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, all]) => all)
}

/** Calls of the services that no system's driver calls itself; what they answer is of no interest. */
export async function callTheOthers(accounts: PatientAccounts, cloud: ChildCloud): Promise<void> {
  const at = async <C>(clientClass: new (configuration: never) => C) => accounts.client(clientClass, HOME)
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:*',
        Resource: '*',
        Condition: { StringLike: { 'aws:PrincipalArn': '*' } },
      },
    ],
  })
  const resourcePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '222222222222' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::chaos-writes/*',
    },
  })
  const role = `arn:aws:iam::${HOME.account}:role/chaos-functions`
  const cfn = await at(CloudFormationClient)
  const sent: (() => Promise<unknown>)[] = [
    () => cfn.send(new ValidateTemplateCommand({ TemplateBody: EVERYTHING })),
    () => cfn.send(new GetTemplateSummaryCommand({ TemplateBody: EVERYTHING })),
    () => cfn.send(new CreateStackCommand({ StackName: 'everything', TemplateBody: EVERYTHING })),
    () =>
      cfn.send(
        new CreateChangeSetCommand({
          StackName: 'changes',
          ChangeSetName: 'first',
          ChangeSetType: 'CREATE',
          TemplateBody: EVERYTHING,
          Parameters: [{ ParameterKey: 'Name', ParameterValue: 'abc' }],
        }),
      ),
    async () => (await at(STSClient)).send(new GetCallerIdentityCommand({})),
    async () =>
      (await at(STSClient)).send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'chaos', Policy: policy }),
      ),
    async () => (await at(IAMClient)).send(new ListRolesCommand({})),
    async () => (await at(IAMClient)).send(new GetRoleCommand({ RoleName: 'chaos-functions' })),
    async () =>
      (await at(IAMClient)).send(
        new SimulateCustomPolicyCommand({ PolicyInputList: [policy], ActionNames: ['s3:GetObject'] }),
      ),
    async () => (await at(KMSClient)).send(new CreateKeyCommand({ Description: 'chaos' })),
    async () =>
      (await at(KMSClient)).send(new EncryptCommand({ KeyId: 'alias/none', Plaintext: Buffer.from('x') })),
    async () => (await at(CloudWatchLogsClient)).send(new DescribeLogGroupsCommand({})),
    async () =>
      (await at(CloudWatchLogsClient)).send(
        new FilterLogEventsCommand({
          logGroupName: '/aws/lambda/chaos-subscriber',
          filterPattern: '{ $.a = "b*" && $.c[0] > 1 }',
        }),
      ),
    async () => (await at(ECRClient)).send(new CreateRepositoryCommand({ repositoryName: 'chaos' })),
    async () => (await at(ECRClient)).send(new GetAuthorizationTokenCommand({})),
    async () => (await at(ECRClient)).send(new DescribeImagesCommand({ repositoryName: 'chaos' })),
    async () => (await at(OrganizationsClient)).send(new DescribeOrganizationCommand({})),
    async () =>
      (await at(OrganizationsClient)).send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' })),
    async () => (await at(CodeStarConnectionsClient)).send(new ListConnectionsCommand({})),
    async () => (await at(S3Client)).send(new ListObjectsV2Command({ Bucket: 'chaos-writes' })),
    async () =>
      (await at(S3Client)).send(
        new PutBucketPolicyCommand({ Bucket: 'chaos-writes', Policy: resourcePolicy }),
      ),
    async () =>
      (await at(S3Client)).send(
        new DeleteObjectsCommand({ Bucket: 'chaos-writes', Delete: { Objects: [{ Key: 'none' }] } }),
      ),
  ]
  for (const send of sent) await send().catch(() => undefined)
  await callRegistry(cloud)
}

/** What docker does first, and how it pushes. */
async function callRegistry({ endpoint, secret }: ChildCloud): Promise<void> {
  const login = Buffer.from(`${HOME.account}:${secret}`).toString('base64')
  const headers = { authorization: `Basic ${login}` }
  const repository = `${endpoint}/v2/${HOME.account}/${HOME.region}/chaos`
  await fetch(`${endpoint}/v2/`, { headers })
  await fetch(`${repository}/blobs/uploads/`, { method: 'POST', headers })
  await fetch(`${repository}/manifests/latest`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
    body: JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: `sha256:${'0'.repeat(64)}`,
        size: 2,
      },
      layers: [],
    }),
  })
}
