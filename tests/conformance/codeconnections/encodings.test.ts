/** What a client sends to git in an encoding: taken where git takes it, told in words where it is false. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'

const { cloud } = await startTestCloud()
const repository = `${cloud.endpoint}/_codeconnections/team/app.git`
const authorization = `Basic ${Buffer.from('111111111111:test').toString('base64')}`

beforeAll(async () => {
  await fetch(`${repository}/info/refs?service=git-receive-pack`, { headers: { authorization } })
})

async function post(service: string, body: Buffer, encoding: string) {
  const answer = await fetch(`${repository}/${service}`, {
    method: 'POST',
    body,
    headers: {
      authorization,
      'content-type': `application/x-${service}-request`,
      'content-encoding': encoding,
    },
  })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const flush = Buffer.from('0000')
const zipped = gzipSync(Buffer.alloc(300_000, '0000'))

describe.each(['git-upload-pack', 'git-receive-pack'])('%s', (service) => {
  test.each(['gzip', 'x-gzip', 'GZip'])('reads %s', async (encoding) => {
    expect(await post(service, gzipSync(flush), encoding)).toMatchObject({ status: 200 })
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', flush],
    ['much text', Buffer.alloc(300_000, 'a')],
    ['the beginning of it', zipped.subarray(0, 60)],
    ['its head alone', zipped.subarray(0, 10)],
    ['more after its end', Buffer.concat([gzipSync(flush), Buffer.from('more')])],
    ['another encoding', brotliCompressSync(flush)],
  ])('answers 400 to %s that is said to be gzip, and goes on', async (_, body) => {
    const { status, text } = await post(service, body, 'gzip')
    expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining('The body is not gzip') })
    expect(await post(service, flush, 'identity')).toMatchObject({ status: 200 })
  })

  test.each([
    ['br', brotliCompressSync(flush)],
    ['deflate', deflateSync(flush)],
    ['gzip, gzip', gzipSync(gzipSync(flush))],
    ['nonsense', flush],
  ])('answers 415 to %s and names what it takes', async (encoding, body) => {
    const { status, headers, text } = await post(service, body, encoding)
    expect({ status, text }).toEqual({ status: 415, text: expect.stringContaining(encoding) })
    expect(headers.get('accept-encoding')).toBe('gzip')
  })
})

test('an answer to CloudFormation that is too large is refused in words that arrive', async () => {
  const address = `${cloud.endpoint}/_cloudformation/answers/token`
  const { status } = await fetch(address, { method: 'PUT', body: Buffer.alloc(2_000_000) })
  expect(status).toBe(413)
})
