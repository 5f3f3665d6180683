/** Control policies in force: on every principal of a member account, and on every resource of one. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  MoveAccountCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, DEV, HUB, startTestCloud } from '../cloud.ts'
import { document, guard, ORGANIZATION, organizations, ROOT } from './guardrails.ts'

const test = await startTestCloud()
const client = organizations(test)
const SCP = 'SERVICE_CONTROL_POLICY'
const RCP = 'RESOURCE_CONTROL_POLICY'
const PROD = '333333333333'

/** Attachments that the running test made. */
const attached: [policy: string, target: string][] = []
afterEach(async () => {
  for (const [PolicyId, TargetId] of attached.splice(0).reverse())
    await client.send(new DetachPolicyCommand({ PolicyId, TargetId }))
})

async function limit(
  target: string,
  type: typeof SCP | typeof RCP,
  ...statements: object[]
): Promise<string> {
  const policy = await guard(client, target, type, ...statements)
  attached.push([policy, target])
  return policy
}

const scpArn = (id: string) =>
  `arn:aws:organizations::${HUB}:policy/${ORGANIZATION}/service_control_policy/${id}`
const deny = (Action: string | string[], more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...more,
})
const everyone = (Action: string | string[], more: object = {}) => deny(Action, { Principal: '*', ...more })
const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }

async function administrator(account: string, UserName: string): Promise<Credentials> {
  const iam = test.client(IAMClient, { account })
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument: document(allowAll) }),
  )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

async function role(account: string, RoleName: string, trust: object, Path = '/'): Promise<string> {
  const iam = test.client(IAMClient, { account })
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: trust })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Path }))
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: document(allowAll) }),
  )
  return Role!.Arn!
}

async function assume(credentials: Credentials, RoleArn: string): Promise<Credentials> {
  const { Credentials: made } = await test
    .client(STSClient, { credentials })
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run' }))
  return {
    accessKeyId: made!.AccessKeyId!,
    secretAccessKey: made!.SecretAccessKey!,
    sessionToken: made!.SessionToken!,
  }
}

const listTopics = (options: { account?: string; region?: string; credentials?: Credentials }) =>
  test.client(SNSClient, options).send(new ListTopicsCommand({}))

beforeAll(async () => {
  await client.send(new EnablePolicyTypeCommand({ RootId: ROOT, PolicyType: RCP }))
})

describe('service control policies', () => {
  it('limit users, role sessions and the root user of a member account, and say so', async () => {
    const user = await administrator(DEV, 'dev-admin')
    const session = await assume(user, await role(DEV, 'Deploy', { AWS: DEV }))
    const policy = await limit(DEV, SCP, deny('sns:ListTopics'))
    const message = (who: string) =>
      `User: ${who} is not authorized to perform: SNS:ListTopics on resource: * with an explicit deny in a service control policy: ${scpArn(policy)}`
    for (const [credentials, who] of [
      [user, `arn:aws:iam::${DEV}:user/dev-admin`],
      [session, `arn:aws:sts::${DEV}:assumed-role/Deploy/run`],
      [{ accessKeyId: DEV, secretAccessKey: 'test' }, `arn:aws:iam::${DEV}:root`],
    ] as const) {
      const error = await listTopics({ credentials }).catch((one: Error) => one)
      expect((error as Error).message.toLowerCase()).toBe(message(who).toLowerCase())
    }
    await listTopics({ account: PROD })
    const [denied] = test.cloud.trail.entries({ denied: true, account: DEV }).slice(-1)
    expect(denied?.denial?.by).toMatchObject({
      policy: {
        kind: 'service control',
        owner: { kind: 'account', id: DEV },
        name: expect.stringMatching(/^guard-/),
        arn: scpArn(policy),
      },
    })
  })

  it('never limit the management account, wherever they are attached', async () => {
    await limit(ROOT, SCP, deny('*'))
    await limit(HUB, SCP, deny('*'))
    const user = await administrator(HUB, 'hub-admin')
    await listTopics({ account: HUB })
    await listTopics({ credentials: user })
    await expect(listTopics({ account: DEV })).rejects.toThrow(/service control policy/)
  })

  it('never limit service-linked roles', async () => {
    const arn = await role(PROD, 'AWSServiceRoleForX', { AWS: PROD }, '/aws-service-role/x.amazonaws.com/')
    const session = await assume(await administrator(PROD, 'prod-admin'), arn)
    await limit(PROD, SCP, deny('*'))
    await listTopics({ credentials: session })
  })

  it('must allow on every level: what no level below the root adds stays forbidden', async () => {
    const allowList = await guard(client, PROD, SCP, { Effect: 'Allow', Action: 'sns:*', Resource: '*' })
    await client.send(new DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId: PROD }))
    try {
      await listTopics({ account: PROD })
      await expect(test.client(S3Client, { account: PROD }).send(new ListBucketsCommand({}))).rejects.toThrow(
        `User: arn:aws:iam::${PROD}:root is not authorized to perform: s3:ListAllMyBuckets on resource: "*" because no service control policy allows the s3:ListAllMyBuckets action`,
      )
    } finally {
      await client.send(new AttachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId: PROD }))
      await client.send(new DetachPolicyCommand({ PolicyId: allowList, TargetId: PROD }))
    }
    await test.client(S3Client, { account: PROD }).send(new ListBucketsCommand({}))
  })

  it('count from the next call on: attached, changed, moved under, moved away', async () => {
    const account = '777777777777'
    const unit = await createUnit(client, 'Sandbox')
    const policy = await guard(client, unit, SCP, deny('sns:ListTopics'))
    await listTopics({ account })
    const move = (SourceParentId: string, DestinationParentId: string) =>
      client.send(new MoveAccountCommand({ AccountId: account, SourceParentId, DestinationParentId }))
    await move(ROOT, unit)
    await expect(listTopics({ account })).rejects.toThrow(/service control policy/)
    await client.send(
      new UpdatePolicyCommand({ PolicyId: policy, Content: document(deny('sns:CreateTopic')) }),
    )
    await listTopics({ account })
    await expect(
      test.client(SNSClient, { account }).send(new CreateTopicCommand({ Name: 'x' })),
    ).rejects.toThrow(/service control policy/)
    await move(unit, ROOT)
    await test.client(SNSClient, { account }).send(new CreateTopicCommand({ Name: 'x' }))
  })

  it('limit by region, where a global service is always in us-east-1', async () => {
    const Condition = { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1'] } }
    await limit(DEV, SCP, deny('*', { Condition }))
    await listTopics({ account: DEV, region: 'us-east-1' })
    await expect(listTopics({ account: DEV, region: 'eu-west-1' })).rejects.toThrow(/service control policy/)
    await test.client(IAMClient, { account: DEV, region: 'eu-west-1' }).send(new ListRolesCommand({}))
    await limit(
      DEV,
      SCP,
      deny('iam:*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }),
    )
    await expect(
      test.client(IAMClient, { account: DEV, region: 'eu-west-1' }).send(new ListRolesCommand({})),
    ).rejects.toThrow(/service control policy/)
  })

  it('limit principals of the account, not what others do with its resources', async () => {
    const s3 = test.client(S3Client, { account: DEV })
    const Bucket = 'guarded-by-scp'
    await s3.send(new CreateBucketCommand({ Bucket }))
    const shared = {
      Effect: 'Allow',
      Principal: { AWS: PROD },
      Action: 's3:*',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    }
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(shared) }))
    await limit(DEV, SCP, deny('s3:*'))
    const put = (account: string) =>
      test.client(S3Client, { account }).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
    await put(PROD)
    await expect(put(DEV)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(/with an explicit deny in a service control policy/),
    })
  })

  it('leave GetCallerIdentity to everyone', async () => {
    await limit(DEV, SCP, deny('*'))
    await test.client(STSClient, { account: DEV }).send(new GetCallerIdentityCommand({}))
  })

  it('have a say in SimulatePrincipalPolicy', async () => {
    const arn = await role(DEV, 'Simulated', { AWS: DEV })
    const simulate = () =>
      test.client(IAMClient, { account: DEV }).send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: arn,
          ActionNames: ['sqs:SendMessage'],
        }),
      )
    const result = async () => (await simulate()).EvaluationResults?.[0]
    expect(await result()).toMatchObject({
      EvalDecision: 'allowed',
      OrganizationsDecisionDetail: { AllowedByOrganizations: true },
    })
    await limit(DEV, SCP, deny('sqs:*'))
    expect(await result()).toMatchObject({
      EvalDecision: 'explicitDeny',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    })
  })
})

describe('resource control policies', () => {
  const Bucket = 'guarded-by-rcp'
  const put = (account: string) =>
    test.client(S3Client, { account }).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))

  beforeAll(async () => {
    const s3 = test.client(S3Client, { account: DEV })
    await s3.send(new CreateBucketCommand({ Bucket }))
    const Resource = `arn:aws:s3:::${Bucket}/*`
    const shared = { Effect: 'Allow', Principal: { AWS: [PROD, HUB] }, Action: 's3:*', Resource }
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(shared) }))
  })

  it('limit whoever comes to a resource of a member account, and say so', async () => {
    await put(PROD)
    const policy = await limit(DEV, RCP, everyone('s3:PutObject'))
    for (const account of [DEV, PROD, HUB])
      await expect(put(account)).rejects.toMatchObject({
        name: 'AccessDenied',
        message: `User: arn:aws:iam::${account}:root is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${Bucket}/k" with an explicit deny in a resource control policy: arn:aws:organizations::${HUB}:policy/${ORGANIZATION}/resource_control_policy/${policy}`,
      })
    await test.client(S3Client, { account: PROD }).send(new GetObjectCommand({ Bucket, Key: 'k' }))
  })

  it('leave alone what the management account owns, and services without support', async () => {
    const own = 'owned-by-management'
    const s3 = test.client(S3Client, { account: HUB })
    await s3.send(new CreateBucketCommand({ Bucket: own }))
    await limit(ROOT, RCP, everyone('s3:*'))
    await s3.send(new PutObjectCommand({ Bucket: own, Key: 'k', Body: 'x' }))
    await expect(put(PROD)).rejects.toThrow(/resource control policy/)
    const ssm = test.client(SSMClient, { account: DEV })
    await ssm.send(new PutParameterCommand({ Name: '/p', Value: 'v', Type: 'String' }))
    await ssm.send(new GetParameterCommand({ Name: '/p' }))
  })

  it('see which organization and which part of it the caller is of', async () => {
    const unit = await createUnit(client, 'Trusted')
    await client.send(
      new MoveAccountCommand({ AccountId: PROD, SourceParentId: ROOT, DestinationParentId: unit }),
    )
    const inside = { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/${ROOT}/${unit}/*` }
    await limit(
      DEV,
      RCP,
      everyone('s3:PutObject', { Condition: { 'ForAllValues:StringNotLike': inside } }),
      everyone('s3:PutObject', {
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } },
      }),
    )
    await put(PROD)
    await expect(put(DEV)).rejects.toThrow(/resource control policy/)
    await client.send(
      new MoveAccountCommand({ AccountId: PROD, SourceParentId: unit, DestinationParentId: ROOT }),
    )
    await expect(put(PROD)).rejects.toThrow(/resource control policy/)
  })

  it('leave alone the keys that AWS manages', async () => {
    const kms = test.client(KMSClient, { account: DEV })
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const secrets = test.client(SecretsManagerClient, { account: DEV })
    await secrets.send(new CreateSecretCommand({ Name: 'quiet', SecretString: 'hush' }))
    await limit(DEV, RCP, everyone('kms:*'))
    await secrets.send(new GetSecretValueCommand({ SecretId: 'quiet' }))
    await expect(kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata!.KeyId }))).rejects.toThrow(
      /resource control policy/,
    )
  })

  it('limit who assumes a role, but for service-linked ones', async () => {
    const user = await administrator(PROD, 'prod-visitor')
    const visited = await role(DEV, 'Visited', { AWS: PROD })
    const linked = await role(DEV, 'AWSServiceRoleForY', { AWS: PROD }, '/aws-service-role/y.amazonaws.com/')
    await assume(user, visited)
    await limit(DEV, RCP, everyone('sts:AssumeRole'))
    await expect(assume(user, visited)).rejects.toThrow(/explicit deny in a resource control policy/)
    await assume(user, linked)
  })
})

describe('condition keys', () => {
  it('tell where a resource stands', async () => {
    const UserName = 'kept-inside'
    const iam = test.client(IAMClient, { account: PROD })
    const credentials = await administrator(PROD, UserName)
    const unit = await createUnit(client, 'Resources')
    await iam.send(
      new PutUserPolicyCommand({
        UserName,
        PolicyName: 'inside',
        PolicyDocument: document(
          deny('s3:PutObject', {
            Condition: {
              'ForAllValues:StringNotLike': { 'aws:ResourceOrgPaths': `${ORGANIZATION}/${ROOT}/${unit}/*` },
            },
          }),
        ),
      }),
    )
    const put = () =>
      test
        .client(S3Client, { credentials })
        .send(new PutObjectCommand({ Bucket: 'guarded-by-rcp', Key: 'k', Body: 'x' }))
    await expect(put()).rejects.toThrow(/explicit deny in an identity-based policy/)
    await client.send(
      new MoveAccountCommand({ AccountId: DEV, SourceParentId: ROOT, DestinationParentId: unit }),
    )
    await put()
  })
})

async function createUnit(by: OrganizationsClient, Name: string): Promise<string> {
  const { OrganizationalUnit } = await by.send(new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name }))
  return OrganizationalUnit!.Id!
}
