import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetLoginProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { type Credentials, DEV, HUB, startTestCloud } from '../cloud.ts'

const { client } = await startTestCloud({ accounts: [HUB, DEV] })
const iam = client(IAMClient)

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const may = (Action: string | string[], Resource = '*') => document({ Effect: 'Allow', Action, Resource })
const trust = (Principal: object | string) =>
  document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })
const trustsHub = trust({ AWS: HUB })
const role = (RoleName: string, extra: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsHub, ...extra }))

async function user(UserName: string, PolicyDocument?: string): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName }))
  if (PolicyDocument)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'may', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

describe('roles', () => {
  it('are made with all there is to them, and read back', async () => {
    const { Role } = await role('whole', {
      Path: '/team/a/',
      Description: 'ships',
      MaxSessionDuration: 7200,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${HUB}:role/team/a/whole`,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
    })
    const read = (await iam.send(new GetRoleCommand({ RoleName: 'whole' }))).Role
    expect(read).toEqual(Role)
    expect(read).toMatchObject({ Description: 'ships', MaxSessionDuration: 7200, Path: '/team/a/' })
    expect(decodeURIComponent(read!.AssumeRolePolicyDocument!)).toBe(trustsHub)
    await iam.send(
      new UpdateRoleCommand({ RoleName: 'whole', Description: 'still', MaxSessionDuration: 3600 }),
    )
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'whole', PolicyDocument: trust({ AWS: DEV }) }),
    )
    const updated = (await iam.send(new GetRoleCommand({ RoleName: 'whole' }))).Role
    expect(updated).toMatchObject({ Description: 'still', MaxSessionDuration: 3600 })
    expect(decodeURIComponent(updated!.AssumeRolePolicyDocument!)).toContain(DEV)
  })

  it('have a name once in an account, whatever its letter case', async () => {
    await role('Twice')
    await expect(role('tWICE')).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name tWICE already exists.',
      $metadata: { httpStatusCode: 409 },
    })
    await expect(role('x'.repeat(65))).rejects.toMatchObject({ name: 'ValidationError' })
    await expect(iam.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name none cannot be found.',
      $metadata: { httpStatusCode: 404 },
    })
  })

  it.each([
    [
      trust({ AWS: `arn:aws:iam::${DEV}:role/none` }),
      `Invalid principal in policy: "AWS":"arn:aws:iam::${DEV}:role/none"`,
    ],
    [trust({ AWS: '999999999999' }), 'Invalid principal in policy: "AWS":"999999999999"'],
    [trust({ Service: 'pipeline' }), 'Invalid principal in policy: "SERVICE":"pipeline"'],
    [may('sts:AssumeRole'), 'Has prohibited field Resource'],
    [document({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
    [
      document({ Effect: 'Allow', Principal: { AWS: HUB }, Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['{"Version"', 'This policy contains invalid Json'],
  ])('refuse the trust policy %s', async (AssumeRolePolicyDocument, message) => {
    await expect(role('refused', { AssumeRolePolicyDocument })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message,
    })
  })

  it('are listed in pages and by path', async () => {
    for (const name of ['p1', 'p2', 'p3']) await role(name, { Path: '/paged/' })
    const ask = (Marker?: string) =>
      iam.send(new ListRolesCommand({ PathPrefix: '/paged/', MaxItems: 2, Marker }))
    const first = await ask()
    expect([first.Roles?.map((one) => one.RoleName), first.IsTruncated]).toEqual([['p1', 'p2'], true])
    const second = await ask(first.Marker)
    expect([second.Roles?.map((one) => one.RoleName), second.IsTruncated]).toEqual([['p3'], false])
    await expect(iam.send(new ListRolesCommand({ Marker: first.Marker }))).rejects.toMatchObject({
      name: 'ValidationError',
    })
  })

  it('must be empty to be deleted', async () => {
    const RoleName = 'busy'
    await role(RoleName)
    const PolicyArn = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: may('s3:*') }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }))
    await expect(remove()).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    })
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
    await expect(remove()).rejects.toThrow('Cannot delete entity, must delete policies first.')
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }))
    await remove()
    await expect(remove()).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })

  it('carry tags', async () => {
    const RoleName = 'tagged'
    await role(RoleName)
    await iam.send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: 'A', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    )
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: '3' }] }))
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['B'] }))
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName }))
    expect(Tags).toEqual([{ Key: 'a', Value: '3' }])
    const duplicate = [
      { Key: 'x', Value: '1' },
      { Key: 'X', Value: '2' },
    ]
    await expect(iam.send(new TagRoleCommand({ RoleName, Tags: duplicate }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    })
  })
})

describe('policies of a role', () => {
  it('are put, read and refused', async () => {
    const RoleName = 'policies'
    await role(RoleName)
    const put = (PolicyDocument: string, PolicyName = 'p') =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
    const text = may('s3:GetObject', 'arn:aws:s3:::b/*')
    await put(text)
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' }))
    expect(read.PolicyDocument).toContain('%2A')
    expect(decodeURIComponent(read.PolicyDocument!)).toBe(text)
    for (const [wrong, message] of [
      ['{', 'Syntax errors in policy.'],
      [trustsHub, 'Policy document should not specify a principal.'],
      [document({ Effect: 'Allow', Action: 's3:*' }), 'Policy statement must contain resources.'],
      [may('GetObject'), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
      [may('s3:*', 'bucket'), 'Resource bucket must be in ARN format or "*".'],
    ] as const)
      await expect(put(wrong)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message })
    const actions = Array.from({ length: 900 }, (_, index) => `s3:Action${index}`)
    await expect(put(may(actions), 'long')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`,
    })
    await expect(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'none' }))).rejects.toThrow(
      'The role policy with name none cannot be found.',
    )
  })

  it('are attached up to the quota, and only where they exist', async () => {
    const RoleName = 'attached'
    await role(RoleName)
    const attach = (name: string) =>
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }))
    await expect(attach('Unheard')).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'Policy arn:aws:iam::aws:policy/Unheard does not exist or is not attachable.',
    })
    const names =
      'AmazonS3FullAccess AmazonS3ReadOnlyAccess IAMFullAccess IAMReadOnlyAccess AmazonSNSFullAccess'
    const more =
      'AmazonSNSReadOnlyAccess AmazonSSMFullAccess AmazonSSMReadOnlyAccess CloudWatchLogsFullAccess AmazonSQSFullAccess'
    for (const name of `${names} ${more}`.split(' ')) await attach(name)
    await attach('AmazonS3FullAccess')
    const listed = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
    expect(listed.AttachedPolicies?.length).toBe(10)
    await expect(attach('AdministratorAccess')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    })
    await expect(
      iam.send(
        new DetachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }),
      ),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })
})

describe('users', () => {
  it('have no password, as nobody signs in to a console', async () => {
    const UserName = 'without-password'
    await iam.send(new CreateUserCommand({ UserName }))
    await expect(iam.send(new GetLoginProfileCommand({ UserName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'Login Profile for User without-password cannot be found.',
    })
  })

  it('have two access keys at most, which stop when they are made inactive or deleted', async () => {
    const UserName = 'keys'
    const credentials = await user(UserName)
    const whoAmI = () => client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))
    await whoAmI()
    const { AccessKey: other } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    await expect(iam.send(new CreateAccessKeyCommand({ UserName }))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    })
    const AccessKeyId = credentials.accessKeyId
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }))
    await expect(whoAmI()).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }))
    expect(AccessKeyMetadata?.map((one) => one.Status).sort()).toEqual(['Active', 'Inactive'])
    await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toThrow(
      'Cannot delete entity, must delete access keys first.',
    )
    for (const id of [AccessKeyId, other!.AccessKeyId!])
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: id }))
    await iam.send(new DeleteUserCommand({ UserName }))
  })

  it('are themselves when a call names nobody', async () => {
    const credentials = await user(
      'self',
      may(['iam:GetUser', 'iam:CreateAccessKey'], `arn:aws:iam::${HUB}:user/\${aws:username}`),
    )
    const own = client(IAMClient, { credentials })
    expect((await own.send(new GetUserCommand({}))).User?.UserName).toBe('self')
    await own.send(new CreateAccessKeyCommand({}))
    await expect(own.send(new GetUserCommand({ UserName: 'keys' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  })

  it('have the policies of their groups, and lose them on leaving', async () => {
    const credentials = await user('member')
    const list = () => client(IAMClient, { credentials }).send(new ListUsersCommand({}))
    await iam.send(new CreateGroupCommand({ GroupName: 'readers' }))
    await iam.send(
      new AttachGroupPolicyCommand({
        GroupName: 'readers',
        PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
      }),
    )
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' })
    await iam.send(new AddUserToGroupCommand({ GroupName: 'readers', UserName: 'member' }))
    await list()
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'readers', UserName: 'member' }))
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('authorization of IAM itself', () => {
  it('speaks of the role by its name', async () => {
    const credentials = await user('limited', may('iam:GetRole', `arn:aws:iam::${HUB}:role/crossdock/*`))
    const limited = client(IAMClient, { credentials })
    await role('inside', { Path: '/crossdock/' })
    await role('outside')
    await limited.send(new GetRoleCommand({ RoleName: 'inside' }))
    const arn = `arn:aws:iam::${HUB}:user/limited`
    await expect(limited.send(new GetRoleCommand({ RoleName: 'outside' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${arn} is not authorized to perform: iam:GetRole on resource: role outside because no identity-based policy allows the iam:GetRole action`,
    })
    await expect(
      limited.send(new CreateRoleCommand({ RoleName: 'new', AssumeRolePolicyDocument: trustsHub })),
    ).rejects.toThrow(`on resource: arn:aws:iam::${HUB}:role/new because`)
  })

  it('minds iam:PolicyARN and iam:PermissionsBoundary', async () => {
    const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess'
    const only = (Action: string, key: string, value: string) => ({
      Effect: 'Allow',
      Action,
      Resource: '*',
      Condition: { ArnEquals: { [key]: value } },
    })
    const credentials = await user(
      'delegate',
      document(
        only('iam:CreateRole', 'iam:PermissionsBoundary', boundary),
        only('iam:AttachRolePolicy', 'iam:PolicyARN', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'),
      ),
    )
    const delegate = client(IAMClient, { credentials })
    const create = (RoleName: string, PermissionsBoundary?: string) =>
      delegate.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsHub, PermissionsBoundary }),
      )
    await expect(create('free')).rejects.toMatchObject({ name: 'AccessDenied' })
    await create('bounded', boundary)
    const attach = (name: string) =>
      delegate.send(
        new AttachRolePolicyCommand({ RoleName: 'bounded', PolicyArn: `arn:aws:iam::aws:policy/${name}` }),
      )
    await attach('AmazonS3ReadOnlyAccess')
    await expect(attach('AdministratorAccess')).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('holds a role to its boundary', async () => {
    const credentials = await user('assumer', may('sts:AssumeRole'))
    const RoleName = 'bound'
    const { Role } = await role(RoleName)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: may('*') }))
    const { Credentials: given } = await client(STSClient, { credentials }).send(
      new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'bound' }),
    )
    const session = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    }
    const list = () => client(IAMClient, { credentials: session }).send(new ListUsersCommand({}))
    await list()
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
    await expect(list()).rejects.toThrow('because no permissions boundary allows the iam:ListUsers action')
    await expect(
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: 'arn:aws:iam::aws:policy/None',
        }),
      ),
    ).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })
})
