import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import type { Host } from '../../../src/cloud/gateway/host.ts'
import { type Credentials, DEV, HUB, startTestCloud } from '../cloud.ts'

const { cloud, client } = await startTestCloud()

const iam = (account: string) => client(IAMClient, { account })
const statement = (action: string, resource: string) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
})
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const trust = (principal: object | string, extra: object = {}) =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...extra })

async function role(account: string, name: string, trustPolicy: string, extra: object = {}): Promise<string> {
  const { Role } = await iam(account).send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustPolicy, ...extra }),
  )
  return Role!.Arn!
}

async function user(account: string, name: string): Promise<Credentials> {
  await iam(account).send(new CreateUserCommand({ UserName: name }))
  const { AccessKey } = await iam(account).send(new CreateAccessKeyCommand({ UserName: name }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

const may = (account: string, name: string, ...statements: object[]) =>
  iam(account).send(
    new PutUserPolicyCommand({ UserName: name, PolicyName: 'may', PolicyDocument: policy(...statements) }),
  )

const assume = (credentials: Credentials, RoleArn: string, extra: Partial<AssumeRoleCommandInput> = {}) =>
  client(STSClient, { credentials }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...extra }),
  )

async function session(by: Credentials, roleArn: string, extra: Partial<AssumeRoleCommandInput> = {}) {
  const { Credentials: given } = await assume(by, roleArn, extra)
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  }
}

const whoAmI = (credentials: Credentials) =>
  client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))

describe('GetCallerIdentity', () => {
  it('tells root, user and session who they are', async () => {
    const root = await client(STSClient).send(new GetCallerIdentityCommand({}))
    expect(root).toMatchObject({ UserId: HUB, Account: HUB, Arn: `arn:aws:iam::${HUB}:root` })

    const ann = await user(HUB, 'ann')
    expect(await whoAmI(ann)).toMatchObject({
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${HUB}:user/ann`,
    })

    const arn = await role(HUB, 'reader', trust({ AWS: `arn:aws:iam::${HUB}:user/ann` }), { Path: '/team/' })
    expect(await whoAmI(await session(ann, arn))).toMatchObject({
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session$/),
      Arn: `arn:aws:sts::${HUB}:assumed-role/reader/session`,
    })
  })

  it('refuses a key nobody has', async () => {
    const stranger = { accessKeyId: 'AKIAQAAAAAAAAAAAAAAA', secretAccessKey: 'x' }
    await expect(whoAmI(stranger)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })
})

describe('AssumeRole', async () => {
  const bob = await user(HUB, 'bob')
  const bobArn = `arn:aws:iam::${HUB}:user/bob`

  it('needs the identity policy as well across accounts', async () => {
    const arn = await role(DEV, 'deployer', trust({ AWS: bobArn }))
    const refused = `User: ${bobArn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`
    await expect(assume(bob, arn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(refused),
      $metadata: { httpStatusCode: 403 },
    })
    await may(HUB, 'bob', statement('sts:AssumeRole', arn))
    const answer = await assume(bob, arn)
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${DEV}:assumed-role/deployer/session`)
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA/)
  })

  it('answers a role that does not exist like one that does not trust', async () => {
    const missing = `arn:aws:iam::${DEV}:role/missing`
    await may(HUB, 'bob', statement('sts:AssumeRole', '*'))
    await expect(assume(bob, missing)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${bobArn} is not authorized to perform: sts:AssumeRole on resource: ${missing}`,
    })
    const distrusting = await role(DEV, 'distrusting', trust({ AWS: DEV }))
    await expect(assume(bob, distrusting)).rejects.toMatchObject({
      message: `User: ${bobArn} is not authorized to perform: sts:AssumeRole on resource: ${distrusting}`,
    })
  })

  it('refuses root and malformed ARNs', async () => {
    const arn = await role(HUB, 'for-root', trust({ AWS: HUB }))
    await expect(assume({ accessKeyId: HUB, secretAccessKey: 'test' }, arn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Roles may not be assumed by root accounts.',
    })
    await expect(assume(bob, 'arn:aws:iam::1:role/too-short')).rejects.toMatchObject({
      name: 'ValidationError',
    })
  })

  it('takes external id, session name and tags into account', async () => {
    const arn = await role(
      HUB,
      'careful',
      policy({
        Effect: 'Allow',
        Principal: { AWS: bobArn },
        Action: ['sts:AssumeRole'],
        Condition: {
          StringEquals: { 'sts:ExternalId': 'secret' },
          StringLike: { 'sts:RoleSessionName': 'ses*' },
        },
      }),
    )
    await expect(assume(bob, arn)).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(assume(bob, arn, { ExternalId: 'wrong' })).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(assume(bob, arn, { ExternalId: 'secret', RoleSessionName: 'other' })).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    await assume(bob, arn, { ExternalId: 'secret' })
    await expect(
      assume(bob, arn, { ExternalId: 'secret', Tags: [{ Key: 'team', Value: 'a' }] }),
    ).rejects.toThrow(/sts:TagSession/)
  })

  it('limits a session by its session policy', async () => {
    const arn = await role(HUB, 'wide', trust({ AWS: bobArn }))
    await iam(HUB).send(
      new PutRolePolicyCommand({
        RoleName: 'wide',
        PolicyName: 'all',
        PolicyDocument: policy(statement('*', '*')),
      }),
    )
    const limited = await session(bob, arn, { Policy: policy(statement('iam:ListUsers', '*')) })
    const tag = new TagRoleCommand({ RoleName: 'wide', Tags: [{ Key: 'a', Value: 'b' }] })
    await expect(client(IAMClient, { credentials: limited }).send(tag)).rejects.toThrow(
      'because no session policy allows the iam:TagRole action',
    )
    await client(IAMClient, { credentials: await session(bob, arn) }).send(tag)
    await expect(assume(bob, arn, { Policy: '{' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    })
    await expect(
      assume(bob, arn, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }] }),
    ).rejects.toMatchObject({ name: 'ValidationError' })
    const byArn = await session(bob, arn, {
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }],
    })
    await expect(client(IAMClient, { credentials: byArn }).send(tag)).rejects.toThrow(/session policy/)
  })

  it('holds sessions to the maximum of the role, chained ones to an hour', async () => {
    const arn = await role(HUB, 'long', trust({ AWS: HUB }), { MaxSessionDuration: 7200 })
    const tooLong = assume(bob, arn, { DurationSeconds: 7201 })
    await expect(tooLong).rejects.toThrow(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
    const { Credentials: given } = await assume(bob, arn, { DurationSeconds: 7200 })
    expect(Math.round((given!.Expiration!.getTime() - Date.now()) / 1000)).toBeGreaterThan(7190)
    await iam(HUB).send(
      new PutRolePolicyCommand({
        RoleName: 'long',
        PolicyName: 'chain',
        PolicyDocument: policy(statement('sts:AssumeRole', '*')),
      }),
    )
    const first = await session(bob, arn)
    await expect(assume(first, arn, { DurationSeconds: 3601 })).rejects.toThrow(/role chaining/)
    expect(await whoAmI(await session(first, arn, { RoleSessionName: 'second' }))).toMatchObject({
      Arn: `arn:aws:sts::${HUB}:assumed-role/long/second`,
    })
  })

  it('ends with its role, also when a role of the same name is made again', async () => {
    const arn = await role(HUB, 'again', trust({ AWS: bobArn }))
    const old = await session(bob, arn)
    await iam(HUB).send(new DeleteRoleCommand({ RoleName: 'again' }))
    await role(HUB, 'again', trust({ AWS: bobArn }))
    const listing = client(IAMClient, { credentials: old }).send(
      new TagRoleCommand({ RoleName: 'again', Tags: [] }),
    )
    await expect(listing).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })

  it('no longer trusts a principal that was deleted and made again', async () => {
    const friend = await role(HUB, 'friend', trust({ AWS: HUB }))
    const mayAssume = new PutRolePolicyCommand({
      RoleName: 'friend',
      PolicyName: 'assume',
      PolicyDocument: policy(statement('sts:AssumeRole', '*')),
    })
    await iam(HUB).send(mayAssume)
    const target = await role(DEV, 'target', trust({ AWS: friend }))
    await assume(await session(bob, friend), target)
    await iam(HUB).send(new DeleteRolePolicyCommand({ RoleName: 'friend', PolicyName: 'assume' }))
    await iam(HUB).send(new DeleteRoleCommand({ RoleName: 'friend' }))
    await role(HUB, 'friend', trust({ AWS: HUB }))
    await iam(HUB).send(mayAssume)
    await expect(assume(await session(bob, friend), target)).rejects.toMatchObject({ name: 'AccessDenied' })
    const { Role } = await iam(DEV).send(new GetRoleCommand({ RoleName: 'target' }))
    const shown = JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!))
    expect(shown.Statement[0].Principal.AWS).toMatch(/^AROA/)
  })
})

describe('a service', () => {
  it('assumes a role that trusts it, with the keys it passes', async () => {
    const arn = await role(
      HUB,
      'pipeline',
      trust(
        { Service: 'codepipeline.amazonaws.com' },
        { Condition: { StringEquals: { 'aws:SourceAccount': HUB } } },
      ),
    )
    const { serviceIdentity } = await import('../../../src/cloud/kernel/identity.ts')
    const { makeContext } = await import('../../../src/cloud/gateway/invoke.ts')
    const source = (account: string) => ({ arn: `arn:aws:codepipeline:us-east-1:${account}:p`, account })
    const ctx = (account: string) =>
      makeContext(cloud as Host, {
        service: 'codepipeline',
        operation: 'test',
        requestId: 'test',
        identity: serviceIdentity('codepipeline.amazonaws.com', source(account)),
        account,
        region: 'us-east-1',
        conditions: {},
      })
    const by = (account: string) => ({ by: ctx(account).identity, sessionName: '1234' })
    const { identity } = await ctx(HUB).assumeRole(arn, by(HUB))
    expect(identity.arn).toBe(`arn:aws:sts::${HUB}:assumed-role/pipeline/1234`)
    await expect(ctx(DEV).assumeRole(arn, by(DEV))).rejects.toMatchObject({ code: 'AccessDenied' })
  })
})

describe('GetSessionToken and GetAccessKeyInfo', () => {
  it('gives a user temporary credentials, but no session further ones', async () => {
    const carol = await user(DEV, 'carol')
    const { Credentials: given } = await client(STSClient, { credentials: carol }).send(
      new GetSessionTokenCommand({ DurationSeconds: 900 }),
    )
    const temporary = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    }
    expect((await whoAmI(temporary)).Arn).toBe(`arn:aws:iam::${DEV}:user/carol`)
    await expect(
      client(STSClient, { credentials: temporary }).send(new GetSessionTokenCommand({})),
    ).rejects.toMatchObject({ name: 'AccessDenied' })
    for (const AccessKeyId of [carol.accessKeyId, temporary.accessKeyId]) {
      const info = await client(STSClient).send(new GetAccessKeyInfoCommand({ AccessKeyId }))
      expect(info.Account).toBe(DEV)
    }
  })
})
