/** A host says whom a request is for, before its path does: through the real door, with the SDK and by hand. */
import { Agent, request as send } from 'node:http'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const { cloud } = await startTestCloud()
const port = Number(new URL(cloud.endpoint).port)

/** Every name leads to this machine, as DNS or a proxy would have it. */
const agent = new Agent({
  lookup: (_, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
})

const s3At = (host: string, forcePathStyle = false) =>
  new S3Client({
    endpoint: `http://${host}:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
    forcePathStyle,
    requestHandler: { httpAgent: agent },
  })

function ask(method: string, host: string, path: string, headers = {}): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    send({ host: '127.0.0.1', port, method, path, headers: { host, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      answer.on('end', () => resolve([answer.statusCode ?? 0, text]))
    })
      .on('error', reject)
      .end()
  })
}

const Bucket = 'hosted'
await s3At('127.0.0.1', true).send(new CreateBucketCommand({ Bucket }))

test.each(['localhost', 's3.us-east-1.localhost', 's3.amazonaws.com', 's3.us-east-1.amazonaws.com'])(
  'under a bucket of %s every path is a key',
  async (host) => {
    const s3 = s3At(host)
    const keys = [
      'v2/x',
      'v2/',
      '_crossdock/health',
      '_cloudformation/answers/x',
      '_codeconnections/a/b.git/info',
    ]
    for (const Key of keys) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: host }))
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      expect(await Body?.transformToString(), Key).toBe(host)
    }
  },
)

test('the addresses of links, registries and the cloud itself stay at its own', async () => {
  expect((await ask('GET', `127.0.0.1:${port}`, '/_crossdock/health'))[0]).toBe(200)
  expect((await ask('GET', `localhost:${port}`, '/v2/'))[0]).toBe(401)
  expect((await ask('GET', '111111111111.dkr.ecr.us-east-1.amazonaws.com', '/v2/'))[0]).toBe(401)
})

test('an unsigned request of a bucket host is of S3, whatever else it looks like', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const [status, text] = await ask('GET', `${Bucket}.s3.amazonaws.com`, '/v2/x?Action=GetUser', form)
  expect(status).toBe(403)
  expect(text).toMatch(/^<\?xml[^>]*>\s*<Error><Code>AccessDenied</)
})

test.each([
  ['sts.amazonaws.com', 403, /^<ErrorResponse.*<Code>MissingAuthenticationToken</s],
  ['kms.eu-west-1.amazonaws.com', 400, /^\{"__type":"/],
  ['lambda.eu-west-1.amazonaws.com', 404, /^\{"message":"Unknown operation/],
])("an unsigned request of %s is answered in that service's words", async (host, status, words) => {
  const [answered, text] = await ask(
    'GET',
    host,
    host.startsWith('sts') ? '/?Action=GetCallerIdentity' : '/b/k',
  )
  expect([answered, text]).toEqual([status, expect.stringMatching(words)])
})

test.each([
  ['111111111111.s3-control.us-east-1.amazonaws.com', 's3-control'],
  ['hosted.s3-website-us-east-1.amazonaws.com', 's3-website-us-east-1'],
])('%s is no bucket, and refused by name', async (host, service) => {
  const [status, text] = await ask('GET', host, '/v20180820/jobs')
  expect(status).toBe(501)
  expect(text.replaceAll(/&quot;|\\"/g, '"')).toContain(`does not support the service "${service}"`)
})

test('a signed request to S3 Control is refused by name, too', async () => {
  const control = s3At('111111111111.s3-control.us-east-1.amazonaws.com', true)
  await expect(control.send(new GetObjectCommand({ Bucket, Key: 'v2/x' }))).rejects.toMatchObject({
    name: 'UnsupportedService',
  })
})
