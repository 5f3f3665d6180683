/** URLs presigned by botocore and by the AWS SDK are understood, and hold for nothing but what they were made for. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, test } from 'vitest'
import { authenticate } from '../../../src/cloud/gateway/signature/index.ts'
import { decode, route, type WireRequest } from '../../../src/cloud/protocols/index.ts'
import { addressees } from './addressees.ts'

const KEY = 'a b/c+d%e é 日本'
const s3 = addressees.model('s3')

function wireOf(method: string, link: string): WireRequest {
  const [, host, path, query = ''] = /^http:\/\/([^/]+)([^?]*)\??(.*)$/s.exec(link)!
  return { method, path: path!, query, headers: { host: host! }, host: host!, body: Buffer.alloc(0) }
}

const secrets = new Map([
  ['', 'test'],
  ['token/+=', 'test'],
])

function callerOf(wire: WireRequest) {
  let seen: string | undefined
  const lookup = (_: string, token: string | undefined) => {
    seen = token
    return { secretAccessKey: secrets.get(token ?? '')! }
  }
  const caller = authenticate(wire, lookup, new Date(), addressees)
  if (caller === 'anonymous') throw new Error('anonymous')
  return { ...caller, token: seen }
}

function check(method: string, link: string): void {
  const wire = wireOf(method, link)
  expect(callerOf(wire).accessKeyId).toBe('111111111111')
  expect(decode(s3, route(s3, wire), wire)).toMatchObject({ Bucket: 'bucket-1', Key: KEY })
  expect(() => callerOf({ ...wire, path: wire.path.replace('bucket-1', 'bucket-2') })).toThrow(
    expect.objectContaining({ code: 'SignatureDoesNotMatch' }),
  )
}

const script = fileURLToPath(new URL('./presign.py', import.meta.url))
const made = spawnSync('python3', [script], { encoding: 'utf8' })
const urls: { name: string; method: string; url: string }[] =
  made.status === 0
    ? made.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

describe.skipIf(urls.length === 0)(
  `by botocore${urls.length === 0 ? ' (skipped: not installed)' : ''}`,
  () => {
    test.each(urls)('$name', ({ name, method, url }) => {
      check(method, url)
      expect(callerOf(wireOf(method, url)).token).toBe(name.includes('token') ? 'token/+=' : undefined)
    })
  },
)

describe('by the SDK', () => {
  const client = (sessionToken?: string): S3Client =>
    new S3Client({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:4000',
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'test', sessionToken },
    })

  test.each([undefined, 'token/+='])('with session token %s', async (token) => {
    const target = { Bucket: 'bucket-1', Key: KEY }
    check('GET', await getSignedUrl(client(token), new GetObjectCommand(target), { expiresIn: 600 }))
    check('PUT', await getSignedUrl(client(token), new PutObjectCommand(target), { expiresIn: 600 }))
  })
})
