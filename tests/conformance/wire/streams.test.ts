/** Streamed bodies through the SDK: chunked with a trailing checksum on the way in, as they come on the way out. */

import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { inProcessHandler } from '../../../src/cloud/gateway/in-process-handler.ts'
import { decode, encode, encodeError, route, type WireRequest } from '../../../src/cloud/protocols/index.ts'
import { AwsError } from '../../../src/model/index.ts'
import { addressees } from './addressees.ts'
import { authenticateAndRead } from './authenticated.ts'

const model = addressees.model('s3')
const pieces = [Buffer.alloc(9000, 'a'), Buffer.alloc(20_000, 'b'), Buffer.from('end')]
const content = Buffer.concat(pieces)

/** A client whose one stored object is what was put last; `alter` may change a request on its way. */
function clientWith(alter: (wire: WireRequest) => WireRequest = (wire) => wire) {
  const seen: { encoding?: unknown; hash?: string; trailers?: unknown; stored?: Buffer } = {}
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    requestHandler: inProcessHandler(async (sent) => {
      const wire = alter(sent)
      const operation = route(model, wire)
      try {
        const input = decode(model, operation, await authenticateAndRead(model, operation, wire))
        if (operation.name === 'GetObject')
          return encode(model, operation, { Body: Readable.from(pieces) }, 'id')
        seen.encoding = input.ContentEncoding
        seen.hash = wire.headers['x-amz-content-sha256']
        const body = input.Body as AsyncIterable<Uint8Array> & { trailers: unknown }
        const read: Uint8Array[] = []
        for await (const piece of body) read.push(piece)
        seen.stored = Buffer.concat(read)
        seen.trailers = body.trailers
        return encode(model, operation, { ETag: '"x"' }, 'id')
      } catch (error) {
        return encodeError(model, operation, error as AwsError, 'id')
      }
    }),
  })
  return { client, seen }
}

const put = () =>
  new PutObjectCommand({
    Bucket: 'b',
    Key: 'k',
    ContentEncoding: 'gzip',
    ContentLength: content.length,
    Body: Readable.from(pieces),
  })

test('a streamed upload is freed of its framing and its trailing checksum verified', async () => {
  const { client, seen } = clientWith()
  await client.send(put())
  expect(seen.hash).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER')
  expect(seen.stored?.equals(content)).toBe(true)
  expect(seen.encoding).toBe('gzip')
  expect(seen.trailers).toHaveProperty('x-amz-checksum-crc32')
})

test('a byte changed on the way is noticed', async () => {
  async function* changed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let at = 0
    for await (const piece of stream) {
      const copy = Buffer.from(piece)
      if (at < 5000 && at + copy.length > 5000) copy[5000 - at] = 0x7a
      at += copy.length
      yield copy
    }
  }
  const { client } = clientWith((wire) => ({ ...wire, stream: changed(wire.stream!) }))
  await expect(client.send(put())).rejects.toMatchObject({ name: 'BadDigest' })
})

test('a streamed answer arrives whole', async () => {
  const { client } = clientWith()
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))
  expect(Buffer.from(await Body!.transformToByteArray()).equals(content)).toBe(true)
})

test('an error reaches the client by its name', async () => {
  const { client } = clientWith(() => {
    throw new AwsError('Unreachable', 'the handler itself failed')
  })
  await expect(client.send(put())).rejects.toThrow('the handler itself failed')
})
