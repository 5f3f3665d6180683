import { STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startTestCloud } from '../../tests/conformance/cloud.ts'
import { Accounts } from './accounts.ts'
import { identityOf } from './identity.ts'
import { openAccounts } from './open-accounts.ts'

const { cloud } = await startTestCloud()
const DEV = { account: '222222222222', region: 'us-east-1' }
const OTHER = { account: '333333333333', region: 'eu-west-1' }
const reference = { name: 'dev', account: DEV.account }
const at = () => ({ endpoint: cloud.endpoint, secret: cloud.secret })
const open: { close(): void }[] = []
const kept = <T extends { close(): void }>(one: T): T => {
  open.push(one)
  return one
}
beforeEach(() => void vi.stubEnv('AWS_ENDPOINT_URL', ''))
afterEach(() => {
  for (const one of open.splice(0)) one.close()
  vi.unstubAllEnvs()
})

describe('accounts', () => {
  test('give one client for each place, of the account and region', async () => {
    const accounts = kept(new Accounts([reference], at()))
    const client = await accounts.client(STSClient, DEV)
    expect(await accounts.client(STSClient, DEV)).toBe(client)
    const elsewhere = await accounts.client(STSClient, { ...DEV, region: 'eu-west-1' })
    expect(elsewhere).not.toBe(client)
    expect(await elsewhere.config.region()).toBe('eu-west-1')
    expect((await client.config.credentials()).accessKeyId).toBe(DEV.account)
    expect(await client.config.maxAttempts()).toBe(1)
  })

  test('refuse one that the fleet does not have', async () => {
    const accounts = kept(new Accounts([reference], at()))
    await expect(accounts.client(STSClient, OTHER)).rejects.toThrow(
      "account 333333333333 is neither the hub's nor an environment's",
    )
  })

  test('are verified once', async () => {
    const accounts = kept(new Accounts([reference], at()))
    const asked = vi.spyOn(await accounts.client(STSClient, DEV), 'send')
    await Promise.all([accounts.verify(DEV), accounts.verify({ ...DEV, region: 'eu-west-1' })])
    await accounts.verify(DEV)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  test('say whose credentials do not work, and what to do', async () => {
    const accounts = kept(new Accounts([reference], { ...at(), secret: 'wrong' }))
    await expect(accounts.verify(DEV)).rejects.toMatchObject({
      message: expect.stringMatching(`^dev: no access to account ${DEV.account} at ${cloud.endpoint}: `),
      fix: expect.stringContaining('start the embedded cloud'),
    })
    const nowhere = kept(new Accounts([reference], { endpoint: 'http://127.0.0.1:1' }))
    await expect(nowhere.verify(DEV)).rejects.toThrow(/^dev: AWS STS in .* does not answer: nothing listens$/)
  })

  test('say where credentials lead elsewhere', async () => {
    const accounts = kept(new Accounts([reference], at()))
    const sts = await accounts.client(STSClient, DEV)
    vi.spyOn(sts, 'send').mockImplementation(async () => ({ Account: OTHER.account }))
    await expect(accounts.verify(DEV)).rejects.toThrow('leads to account 333333333333')
  })
})

describe('open accounts', () => {
  test('reach every account of an embedded cloud, with one set of clients each', async () => {
    const way = kept(openAccounts([reference], at()))
    const client = await way.client(STSClient, OTHER)
    expect((await client.config.credentials()).accessKeyId).toBe(OTHER.account)
    expect(await way.client(STSClient, OTHER)).toBe(client)
    await way.verify(OTHER)
    await expect(way.client(STSClient, { ...OTHER, account: 'aws' })).rejects.toThrow(
      'account aws is neither',
    )
  })

  test('of AWS are those that are named', async () => {
    const way = kept(openAccounts([reference]))
    expect(way.endpoint).toBeUndefined()
    await expect(way.verify(OTHER)).rejects.toMatchObject({
      message: 'no credentials for account 333333333333 are known',
      fix: 'name a profile: --account 333333333333=<profile>',
    })
  })
})

describe('an identity', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ENDPOINT_URL', cloud.endpoint)
    vi.stubEnv('AWS_ACCESS_KEY_ID', OTHER.account)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', cloud.secret)
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere')
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere')
    vi.stubEnv('AWS_REGION', '')
    vi.stubEnv('AWS_PROFILE', '')
  })

  test('is where the default credentials lead, in the region that is named', async () => {
    expect(await identityOf({ region: 'eu-west-1' })).toEqual({ account: OTHER.account, region: 'eu-west-1' })
  })

  test('is none where no region is known', async () => {
    expect(await identityOf({})).toBeUndefined()
  })

  test('is told as it is where nothing answers', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
    await expect(identityOf({ region: 'eu-west-1' })).rejects.toThrow(
      /^AWS STS in .* does not answer: nothing listens$/,
    )
  })

  test('says which credentials do not work', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '')
    await expect(identityOf({ profile: 'absent', region: 'eu-west-1' })).rejects.toMatchObject({
      message: expect.stringMatching(/^no access with the profile "absent": /),
      fix: 'sign in, or name a profile: --profile <name>',
    })
    vi.stubEnv('AWS_ACCESS_KEY_ID', OTHER.account)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong')
    await expect(identityOf({ region: 'eu-west-1' })).rejects.toThrow(
      'no access with the default credentials: ',
    )
  })
})
