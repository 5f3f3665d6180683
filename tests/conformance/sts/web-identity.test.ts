/** Roles that whoever comes with a token of an issuer may assume. */
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { signToken } from '../../../src/cloud/services/sts/engine/web-token.ts'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'

const clock = new HandClock()
const { cloud, client } = await startTestCloud({ clock })
const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'
const SUBJECT = 'repo:acme/orders:ref:refs/heads/main'
const PROVIDER = `arn:aws:iam::${HUB}:oidc-provider/${ISSUER}`
const iam = client(IAMClient)

const ask = (asked: object, secret = 'test') =>
  fetch(`${cloud.endpoint}/_sts/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${HUB}:${secret}`).toString('base64')}` },
    body: JSON.stringify(asked),
  })

async function tokenOf(asked: object = {}): Promise<string> {
  const answer = await ask({ issuer: `https://${ISSUER}`, subject: SUBJECT, audience: AUDIENCE, ...asked })
  return ((await answer.json()) as { token: string }).token
}

await iam.send(
  new CreateOpenIDConnectProviderCommand({
    Url: `https://${ISSUER}`,
    ClientIDList: [AUDIENCE, 'other'],
    ThumbprintList: ['0'.repeat(40)],
  }),
)
await iam.send(
  new CreateRoleCommand({
    RoleName: 'job',
    MaxSessionDuration: 7200,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: PROVIDER },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { [`${ISSUER}:aud`]: AUDIENCE },
            StringLike: { [`${ISSUER}:sub`]: 'repo:acme/orders:*' },
          },
        },
      ],
    }),
  }),
)

/** Nobody signs it: there are no credentials yet. */
const assume = (WebIdentityToken: string, more: { RoleArn?: string; DurationSeconds?: number } = {}) =>
  client(STSClient, { credentials: undefined }).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${HUB}:role/job`,
      RoleSessionName: 'run-1',
      WebIdentityToken,
      ...more,
    }),
  )

test('a token of the provider is exchanged for a session of the role', async () => {
  const made = await assume(await tokenOf(), { DurationSeconds: 7200 })
  expect(made).toMatchObject({
    SubjectFromWebIdentityToken: SUBJECT,
    Audience: AUDIENCE,
    Provider: PROVIDER,
    AssumedRoleUser: { Arn: `arn:aws:sts::${HUB}:assumed-role/job/run-1` },
  })
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made.Credentials ?? {}
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
  const who = await client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))
  expect(who).toMatchObject({ Account: HUB, Arn: `arn:aws:sts::${HUB}:assumed-role/job/run-1` })
  const entry = cloud.trail.entries().find(({ action }) => action === 'sts:AssumeRoleWithWebIdentity')
  expect(entry).toMatchObject({
    principal: PROVIDER,
    context: { [`${ISSUER}:sub`]: SUBJECT, [`${ISSUER}:aud`]: AUDIENCE },
    decision: { effect: 'allowed' },
  })
})

const parts = (token: string) => token.split('.') as [string, string, string]

test.each<[string, () => Promise<string>, object]>([
  [
    'another subject',
    () => tokenOf({ subject: 'repo:evil/orders:ref:refs/heads/main' }),
    { name: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' },
  ],
  [
    'an audience that the trust policy does not name',
    () => tokenOf({ audience: 'other' }),
    { name: 'AccessDenied' },
  ],
  [
    'an audience that the provider has not',
    () => tokenOf({ audience: 'nobody' }),
    { name: 'InvalidIdentityTokenException', message: 'Incorrect token audience' },
  ],
  [
    'another issuer',
    () => tokenOf({ issuer: 'https://gitlab.com' }),
    {
      name: 'InvalidIdentityTokenException',
      message: 'No OpenIDConnect provider found in your account for https://gitlab.com',
    },
  ],
  ['no token', async () => 'not-a-token', { name: 'InvalidIdentityTokenException' }],
  [
    'claims that were changed',
    async () => {
      const [header, , signature] = parts(await tokenOf({ subject: 'x' }))
      const [, payload] = parts(await tokenOf())
      return [header, payload, signature].join('.')
    },
    {
      name: 'InvalidIdentityTokenException',
      message: expect.stringContaining('not signed by the embedded cloud'),
    },
  ],
  [
    'no signature at all',
    async () => {
      const [, payload] = parts(await tokenOf())
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.eA`
    },
    { name: 'InvalidIdentityTokenException' },
  ],
  ['one that has expired', () => tokenOf({ seconds: -1 }), { name: 'ExpiredTokenException' }],
])('%s is refused', async (_, make, error) => {
  await expect(assume(await make())).rejects.toMatchObject(error)
})

test('it expires by the clock', async () => {
  const token = await tokenOf({ seconds: 60 })
  await assume(token)
  await clock.pass(2)
  await expect(assume(token)).rejects.toMatchObject({ name: 'ExpiredTokenException' })
})

test('one that lacks a claim, or is from the future, is rejected', async () => {
  const iat = Math.floor(clock.now() / 1000)
  const claims = { iss: `https://${ISSUER}`, sub: SUBJECT, aud: AUDIENCE, iat, exp: iat + 9000 }
  for (const wrong of [{ sub: undefined }, { iat: iat + 3600 }])
    await expect(assume(signToken(cloud, { ...claims, ...wrong } as never))).rejects.toMatchObject({
      name: 'IDPRejectedClaimException',
    })
})

test('a role that is not there is answered like one that does not trust; another account has no provider', async () => {
  const token = await tokenOf()
  await expect(assume(token, { RoleArn: `arn:aws:iam::${HUB}:role/none` })).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  await expect(assume(token, { RoleArn: `arn:aws:iam::${DEV}:role/job` })).rejects.toMatchObject({
    name: 'InvalidIdentityTokenException',
  })
  await expect(assume(token, { DurationSeconds: 43_200 })).rejects.toMatchObject({ name: 'ValidationError' })
})

test('other operations are not let in without a signature', async () => {
  const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' })
  const answer = await fetch(cloud.endpoint, { method: 'POST', body })
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining('MissingAuthenticationToken'),
  ])
})

test('tokens are made for who has the secret of the cloud, and as an issuer would', async () => {
  expect((await ask({}, 'wrong')).status).toBe(401)
  for (const [asked, told] of [
    [{ issuer: 'gitlab.com' }, '"issuer" is the address'],
    [{ issuer: 'https://a', subject: '', audience: 'a' }, '"subject" is a text'],
    [{ issuer: 'https://a', subject: 'a', audience: 'a', seconds: 1e9 }, '"seconds"'],
    [{ issuer: 'https://a', subject: 'a', audience: 'a', role: 'x' }, 'has no "role"'],
    [
      { issuer: 'https://a', subject: 'a', audience: 'a', claims: { 'https://aws.amazon.com/tags': 'x' } },
      'does not support the claim',
    ],
  ] as const) {
    const answer = await ask(asked)
    const { message } = (await answer.json()) as { message: string }
    expect([answer.status, message]).toEqual([400, expect.stringContaining(told)])
  }
  const [, payload] = parts(await tokenOf({ claims: { repository: 'acme/orders' } }))
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    iss: `https://${ISSUER}`,
    repository: 'acme/orders',
  })
})

test('providers are kept by their issuer, and are gone when they are deleted', async () => {
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}))
  expect(OpenIDConnectProviderList).toEqual([{ Arn: PROVIDER }])
  const again = new CreateOpenIDConnectProviderCommand({ Url: `https://${ISSUER}` })
  await expect(iam.send(again)).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' })
  await expect(
    iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'http://gitlab.com' })),
  ).rejects.toMatchObject({ name: 'InvalidInputException' })
  const one = { OpenIDConnectProviderArn: PROVIDER }
  await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...one, ClientID: 'other' }))
  expect(await iam.send(new GetOpenIDConnectProviderCommand(one))).toMatchObject({
    Url: ISSUER,
    ClientIDList: [AUDIENCE],
    ThumbprintList: ['0'.repeat(40)],
  })
  for (let time = 0; time < 2; time++) await iam.send(new DeleteOpenIDConnectProviderCommand(one))
  await expect(iam.send(new GetOpenIDConnectProviderCommand(one))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  })
  await expect(assume(await tokenOf())).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
})
