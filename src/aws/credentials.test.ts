import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { credentialsFor, wrongAccount } from './credentials.ts'
import { embeddedEndpoint } from './endpoint.ts'
import { Patience } from './patience.ts'

afterEach(() => void vi.unstubAllEnvs())
const patience = new Patience()
const reference = { name: 'dev', account: '222222222222' }

test.each([
  ['http://127.0.0.1:4566', true],
  ['http://localhost:4566', true],
  ['http://[::1]:4566', true],
  ['https://sts.amazonaws.com', false],
  ['http://localhost.evil.example', false],
  ['', false],
])('%s is an embedded cloud: %s', (url, embedded) => {
  expect(embeddedEndpoint({ AWS_ENDPOINT_URL: url })).toBe(embedded ? url : undefined)
})

test('what is no URL is refused by name', () => {
  expect(() => embeddedEndpoint({ AWS_ENDPOINT_URL: 'localhost' })).toThrow(
    'AWS_ENDPOINT_URL is no URL: "localhost"',
  )
})

test("on an embedded cloud they are the account's root user, whatever profile is named", async () => {
  const at = { endpoint: 'http://127.0.0.1:1', environment: { CROSSDOCK_CLOUD_SECRET: 's' } }
  const found = { accessKeyId: '222222222222', secretAccessKey: 's' }
  expect(await credentialsFor({ ...reference, profile: 'real' }, at, patience)).toEqual(found)
  expect(await credentialsFor(reference, { ...at, secret: 'given' }, patience)).toEqual({
    ...found,
    secretAccessKey: 'given',
  })
  const environment = { AWS_ENDPOINT_URL: 'http://localhost:1' }
  expect(await credentialsFor(reference, { environment }, patience)).toEqual({
    ...found,
    secretAccessKey: 'test',
  })
})

test('without profile and role they are the default ones', async () => {
  expect(await credentialsFor(reference, { environment: {} }, patience)).toBeUndefined()
})

test("of a profile they are that profile's", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-credentials-'))
  const file = join(folder, 'credentials')
  writeFileSync(file, '[theirs]\naws_access_key_id = AKID\naws_secret_access_key = secret\n')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file)
  vi.stubEnv('AWS_CONFIG_FILE', file)
  const found = await credentialsFor({ ...reference, profile: 'theirs' }, { environment: {} }, patience)
  expect(await (found as () => Promise<object>)()).toMatchObject({ accessKeyId: 'AKID' })
  rmSync(folder, { recursive: true })
})

test.each([
  [{ profile: 'p' }, 'the profile "p"'],
  [{ role: 'arn:aws:iam::2:role/r' }, 'arn:aws:iam::2:role/r'],
  [{}, 'the default credentials'],
])('those that lead elsewhere are told by %j', (how, words) => {
  const error = wrongAccount({ ...reference, ...how }, '999999999999')
  expect(error.message).toBe(
    `dev: ${words} leads to account 999999999999, but the fleet file says 222222222222`,
  )
  expect(error.fix).toContain('give dev a profile or a role of account 222222222222')
})
