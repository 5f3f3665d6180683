/** Every door of the cloud over plain HTTP: who is refused, in which words, and what an allowed origin is told. */
import { type OutgoingHttpHeaders, request as send } from 'node:http'
import { connect } from 'node:net'
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { beforeEach, describe, expect, test } from 'vitest'
import { type RefusedRequest, startCloud } from '../../src/cloud/index.ts'
import { startTestCloud } from './cloud.ts'

const APP = 'http://localhost:3000'
const { cloud, client } = await startTestCloud({ allowOrigins: [`${APP}/`] })
const port = Number(new URL(cloud.endpoint).port)
const sns = client(SNSClient)
const s3 = client(S3Client)

const told: RefusedRequest[] = []
cloud.refusals.listen((refusal) => told.push(refusal))
beforeEach(() => void told.splice(0))

interface Answer {
  readonly status?: number
  readonly headers: OutgoingHttpHeaders
  readonly text: string
}

function ask(method: string, path: string, headers: OutgoingHttpHeaders, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = send(
      { host: '127.0.0.1', port, method, path, headers: { 'content-length': body.length, ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }))
      },
    )
    sent.on('error', reject).end(body)
  })
}

/** Sends bytes as they are, and gives everything that comes back until the cloud closes. */
function askRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text.replaceAll('\n', '\r\n')))
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject).on('close', () => resolve(answer))
  })
}

const topics = async () => (await sns.send(new ListTopicsCommand({}))).Topics?.length ?? 0

const git = { authorization: `Basic ${Buffer.from('111111111111:test').toString('base64')}` }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' }

const doors: [name: string, method: string, path: string, OutgoingHttpHeaders, words: RegExp][] = [
  ['S3', 'PUT', '/bucket', {}, /^<\?xml.*<Error><Code>AccessDenied</s],
  ['the query protocol', 'POST', '/', form, /^<ErrorResponse.*<Code>AccessDenied</],
  ['a presigned call', 'GET', '/?Action=CreateTopic&Name=x', {}, /^<ErrorResponse.*<Code>AccessDenied</],
  ['the JSON protocol', 'POST', '/', json, /^\{"__type":"AccessDeniedException"/],
  ['git', 'GET', '/_codeconnections/a/b.git/info/refs?service=git-receive-pack', git, /^(The|A) /],
  ['a push', 'POST', '/_codeconnections/a/b.git/git-receive-pack', git, /^(The|A) /],
  ['an image registry', 'GET', '/v2/', git, /^\{"errors":\[\{"code":"DENIED","message":"(The|A) /],
  ['the trail', 'GET', '/_crossdock/trail', {}, /^(The|A) /],
  ['health', 'GET', '/_crossdock/health', {}, /^(The|A) /],
  ['answers to CloudFormation', 'PUT', '/_cloudformation/answers/x', {}, /^(The|A) /],
  ['the code of functions', 'GET', '/_lambda/code/x', {}, /^(The|A) /],
  ['confirmations', 'GET', '/_sns/confirm', {}, /^(The|A) /],
  ['templates', 'GET', '/_codepipeline/templates/x', {}, /^(The|A) /],
  ['layers', 'GET', '/_ecr/layer?x', {}, /^(The|A) /],
  ['a WebSocket', 'GET', '/', { upgrade: 'websocket', connection: 'upgrade' }, /^<\?xml.*AccessDenied/s],
]

const strangers: [who: string, OutgoingHttpHeaders][] = [
  ['a foreign host', { host: 'evil.example:4566' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['no origin', { origin: 'null' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another origin of this site', { 'sec-fetch-site': 'same-site' }],
  [
    'an old browser',
    { 'user-agent': 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/15.0 Safari/605.1.15' },
  ],
]

describe.each(doors)('%s', (_, method, path, headers, words) => {
  test.each(strangers)('refuses %s and says why', async (_who, strange) => {
    const { status, text, headers: answered } = await ask(method, path, { ...headers, ...strange })
    expect(status).toBe(403)
    expect(text).toMatch(words)
    expect(answered).not.toHaveProperty('access-control-allow-origin')
    expect(told).toHaveLength(1)
    expect(text.replaceAll('\\"', '"').replaceAll('&quot;', '"')).toContain(told[0]!.fix)
  })

  test('lets in a client that is no browser', async () => {
    await ask(method, path, { ...headers, host: 'localhost:1' })
    expect(told).toEqual([])
  })
})

test('a right signature does not help a page', async () => {
  const before = await topics()
  const page = client(SNSClient)
  page.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, { origin: 'https://evil.example' })
      return next(args)
    },
    { step: 'build' },
  )
  await expect(page.send(new CreateTopicCommand({ Name: 'planted' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('--allow-origin https://evil.example'),
  })
  expect(await topics()).toBe(before)
})

describe('requests as no library writes them', () => {
  test.each([
    ['HTTP/1.1 without a host', 'GET /_crossdock/health HTTP/1.1\nConnection: close\n\n'],
    ['HTTP/1.0 without a host', 'GET /_crossdock/health HTTP/1.0\n\n'],
    ['an empty host', 'GET /_crossdock/health HTTP/1.1\nHost:\nConnection: close\n\n'],
    ['a second host', 'GET / HTTP/1.1\nHost: localhost\nhost: evil.example\nConnection: close\n\n'],
    ['a second origin', `GET / HTTP/1.1\nHost: localhost\nOrigin: ${APP}\nOrigin: x\nConnection: close\n\n`],
    ['a host in the target', 'GET http://evil.example/ HTTP/1.1\nHost: localhost\nConnection: close\n\n'],
    [
      'a tunnel of a page',
      `CONNECT sts.amazonaws.com:443 HTTP/1.1\nHost: sts.amazonaws.com:443\nOrigin: x\n\n`,
    ],
    ['a foreign host and a header __proto__', 'GET / HTTP/1.1\nHost: x\n__proto__: y\nConnection: close\n\n'],
  ])('%s is refused', async (_, text) => {
    expect(await askRaw(text)).toMatch(/^HTTP\/1\.1 403 /)
    expect(told).toHaveLength(1)
  })

  test('a tunnel leads to a host and a port', async () => {
    expect(await askRaw('CONNECT sts.amazonaws.com HTTP/1.1\nHost: sts.amazonaws.com\n\n')).toMatch(
      /^HTTP\/1\.1 400 .*a host and a port/s,
    )
  })

  test('a client whose proxy the cloud is reaches every door', async () => {
    const via = (target: string, host: string) =>
      askRaw(`GET ${target} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)
    expect(await via('http://127.0.0.1/_crossdock/health', '127.0.0.1')).toContain('"status":"ok"')
    expect(await via('http://bucket.s3.amazonaws.com/nothing', 'bucket.s3.amazonaws.com')).toContain(
      'NoSuchBucket',
    )
  })
})

describe('an allowed origin', () => {
  const page = { origin: APP, 'sec-fetch-site': 'cross-site', 'user-agent': 'Mozilla/5.0 Chrome/141.0.0.0' }

  test('may ask before it calls', async () => {
    const asked =
      'amz-sdk-invocation-id,authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-meta-a'
    const { status, headers } = await ask('OPTIONS', '/bucket/key', {
      ...page,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': asked,
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': expect.stringContaining('PUT'),
      'access-control-allow-headers': asked,
      vary: 'Origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test('may read answers and errors', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'pages' }))
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'pages', Key: 'k' }))
    const { status, headers } = await ask('PUT', new URL(put).href.slice(cloud.endpoint.length), page, 'text')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-expose-headers': expect.stringMatching(/(^|, )\*, .*ETag.*x-amz-request-id/),
      etag: expect.any(String),
      vary: 'Origin',
    })
    const denied = await ask('GET', '/pages/k', page)
    expect(denied).toMatchObject({ status: 403, headers: { 'access-control-allow-origin': APP } })
    expect(denied.text).toContain('not authorized to perform: s3:GetObject')
    for (const path of ['/_crossdock/health', '/v2/', '/_codeconnections/a/b.git/info/refs'])
      expect((await ask('GET', path, page)).headers).toMatchObject({ 'access-control-allow-origin': APP })
  })

  test('is the only one', async () => {
    for (const origin of ['http://localhost:3001', 'https://localhost:3000', 'http://127.0.0.1:3000']) {
      const preflight = { ...page, origin, 'access-control-request-method': 'POST' }
      const { status, headers } = await ask('OPTIONS', '/', preflight)
      expect(status).toBe(403)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('is not told to others, who get the same bytes as ever', async () => {
    const { headers } = await ask('GET', '/_crossdock/health', {})
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).toMatchObject({ vary: 'Origin' })
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1)
  })

  test('has to be an origin', async () => {
    for (const wrong of ['*', 'null', 'localhost:3000', 'http://localhost:3000/app'])
      await expect(startCloud({ allowOrigins: [wrong] })).rejects.toThrow(`"${wrong}" is no origin`)
  })
})
