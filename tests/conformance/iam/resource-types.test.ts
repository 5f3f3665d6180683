import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation'
import {
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
} from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud()
const cfn = client(CloudFormationClient)
const iam = client(IAMClient)
const kms = client(KMSClient)
const wait = { client: cfn, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 } as never

const may = (Action: string | string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const trust = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
})
const template = (Resources: object, Outputs: object = {}) => JSON.stringify({ Resources, Outputs })

async function create(StackName: string, TemplateBody: string, Tags: { Key: string; Value: string }[] = []) {
  await cfn.send(
    new CreateStackCommand({ StackName, TemplateBody, Tags, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  )
  await waitUntilStackCreateComplete(wait, { StackName })
  return outputs(StackName)
}

async function update(StackName: string, TemplateBody: string, Tags: { Key: string; Value: string }[] = []) {
  await cfn.send(
    new UpdateStackCommand({ StackName, TemplateBody, Tags, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  )
  await waitUntilStackUpdateComplete(wait, { StackName })
  return outputs(StackName)
}

async function outputs(StackName: string): Promise<Record<string, string>> {
  const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName }))
  return Object.fromEntries((Stacks![0]!.Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!]))
}

async function failure(StackName: string): Promise<string> {
  const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName }))
  return StackEvents!.find((event) => event.ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason ?? ''
}

describe('AWS::IAM::Role, Policy and ManagedPolicy', () => {
  const resources = (changes: { trusted: string; inline: string; statement: string; managed: string[] }) => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Path: '/crossdock/',
        AssumeRolePolicyDocument: trust({ Service: changes.trusted }),
        ManagedPolicyArns: changes.managed,
        Policies: [{ PolicyName: changes.inline, PolicyDocument: may('s3:GetObject') }],
        Tags: [{ Key: 'own', Value: changes.inline }],
      },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'more', PolicyDocument: may(changes.statement), Roles: [{ Ref: 'Role' }] },
    },
    Managed: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: may(changes.statement), Roles: [{ Ref: 'Role' }] },
    },
  })
  const outs = {
    Name: { Value: { Ref: 'Role' } },
    Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    Id: { Value: { 'Fn::GetAtt': ['Role', 'RoleId'] } },
    Managed: { Value: { Ref: 'Managed' } },
  }

  it('create, change in place and delete', async () => {
    const StackName = 'roles'
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
    const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
    const first = template(
      resources({ trusted: 'lambda.amazonaws.com', inline: 'a', statement: 'sqs:*', managed: [basic] }),
      outs,
    )
    const made = await create(StackName, first, [{ Key: 'team', Value: 'x' }])
    const RoleName = made.Name!
    expect(RoleName).toMatch(/^roles-Role-[A-Z0-9]{12}$/)
    expect(made.Arn).toBe(`arn:aws:iam::${HUB}:role/crossdock/${RoleName}`)
    expect(made.Id).toMatch(/^AROA/)
    expect(made.Managed).toMatch(new RegExp(`^arn:aws:iam::${HUB}:policy/roles-Managed-`))
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    expect(Role?.Tags).toEqual([
      { Key: 'team', Value: 'x' },
      { Key: 'own', Value: 'a' },
    ])

    const second = template(
      resources({ trusted: 'codebuild.amazonaws.com', inline: 'b', statement: 'sns:*', managed: [readOnly] }),
      outs,
    )
    expect(await update(StackName, second)).toEqual(made)
    const changed = (await iam.send(new GetRoleCommand({ RoleName }))).Role
    expect(decodeURIComponent(changed!.AssumeRolePolicyDocument!)).toContain('codebuild')
    expect(changed?.Tags).toEqual([{ Key: 'own', Value: 'b' }])
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['b', 'more'])
    const more = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'more' }))
    expect(decodeURIComponent(more.PolicyDocument!)).toContain('sns:*')
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
    expect(attached.AttachedPolicies?.map((one) => one.PolicyArn).sort()).toEqual(
      [readOnly, made.Managed].sort(),
    )
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: made.Managed }))
    expect(Versions?.map((version) => [version.VersionId, version.IsDefaultVersion])).toEqual([
      ['v2', true],
      ['v1', false],
    ])
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: made.Managed, VersionId: 'v2' }))
    expect(decodeURIComponent(version.PolicyVersion!.Document!)).toContain('sns:*')

    await cfn.send(new DeleteStackCommand({ StackName }))
    await waitUntilStackDeleteComplete(wait, { StackName })
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })

  it('leave nothing behind when a part of them fails', async () => {
    const StackName = 'half'
    const Properties = {
      RoleName: 'half-made',
      AssumeRolePolicyDocument: trust({ AWS: HUB }),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/NoSuchPolicy'],
    }
    await expect(
      create(StackName, template({ Role: { Type: 'AWS::IAM::Role', Properties } })),
    ).rejects.toThrow()
    expect(await failure(StackName)).toContain(
      'Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.',
    )
    await expect(iam.send(new GetRoleCommand({ RoleName: 'half-made' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })

  it('refuse a trust policy that names a stranger', async () => {
    const AssumeRolePolicyDocument = trust({ AWS: `arn:aws:iam::${HUB}:role/stranger` })
    const Resources = { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } } }
    await expect(create('stranger', template(Resources))).rejects.toThrow()
    expect(await failure('stranger')).toContain(
      `Invalid principal in policy: "AWS":"arn:aws:iam::${HUB}:role/stranger"`,
    )
  })
})

describe('AWS::IAM::User, Group, AccessKey and InstanceProfile', () => {
  it('give a user whose key works', async () => {
    const StackName = 'people'
    const Resources = {
      Group: {
        Type: 'AWS::IAM::Group',
        Properties: {
          GroupName: 'team',
          Policies: [{ PolicyName: 'p', PolicyDocument: may('iam:GetUser') }],
        },
      },
      User: { Type: 'AWS::IAM::User', Properties: { Groups: [{ Ref: 'Group' }] } },
      UserPolicy: {
        Type: 'AWS::IAM::UserPolicy',
        Properties: { UserName: { Ref: 'User' }, PolicyName: 'one', PolicyDocument: may('iam:ListUsers') },
      },
      Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'User' } } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }) },
      },
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
    }
    const made = await create(
      StackName,
      template(Resources, {
        Id: { Value: { Ref: 'Key' } },
        Secret: { Value: { 'Fn::GetAtt': ['Key', 'SecretAccessKey'] } },
        Arn: { Value: { 'Fn::GetAtt': ['User', 'Arn'] } },
      }),
    )
    const credentials = { accessKeyId: made.Id!, secretAccessKey: made.Secret! }
    const who = await client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe(made.Arn)
    await cfn.send(new DeleteStackCommand({ StackName }))
    await waitUntilStackDeleteComplete(wait, { StackName })
  })
})

describe('AWS::KMS::Key and Alias', () => {
  const resources = (properties: object, target: string) => ({
    One: { Type: 'AWS::KMS::Key', Properties: properties },
    Two: { Type: 'AWS::KMS::Key' },
    Alias: {
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: 'alias/stack', TargetKeyId: { Ref: target } },
    },
  })
  const outs = { One: { Value: { Ref: 'One' } }, Arn: { Value: { 'Fn::GetAtt': ['Two', 'Arn'] } } }

  it('create, change in place and schedule the deletion', async () => {
    const StackName = 'keys'
    const made = await create(
      StackName,
      template(resources({ Description: 'a', EnableKeyRotation: true, PendingWindowInDays: 7 }, 'One'), outs),
    )
    const rotation = () => kms.send(new GetKeyRotationStatusCommand({ KeyId: made.One }))
    expect((await rotation()).KeyRotationEnabled).toBe(true)
    await update(
      StackName,
      template(resources({ Description: 'b', Enabled: false, PendingWindowInDays: 7 }, 'Two'), outs),
    )
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: made.One }))
    expect(KeyMetadata).toMatchObject({ Description: 'b', KeyState: 'Disabled' })
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: made.Arn }))
    expect(Aliases?.map((alias) => alias.AliasName)).toEqual(['alias/stack'])
    await cfn.send(new DeleteStackCommand({ StackName }))
    await waitUntilStackDeleteComplete(wait, { StackName })
    expect((await kms.send(new DescribeKeyCommand({ KeyId: made.One }))).KeyMetadata?.KeyState).toBe(
      'PendingDeletion',
    )
  })

  it('fail on a key policy that names a stranger', async () => {
    const KeyPolicy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: HUB }, Action: 'kms:*', Resource: '*' },
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::222222222222:role/none' },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    }
    const Resources = { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy } } }
    await expect(create('strange-key', template(Resources))).rejects.toThrow()
    expect(await failure('strange-key')).toContain(
      'Policy contains a statement with one or more invalid principals.',
    )
  })
})
