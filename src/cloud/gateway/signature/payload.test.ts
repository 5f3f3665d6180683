import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { services } from '../../services/index.ts'
import { Addressees } from '../addressees.ts'
import {
  authenticate,
  type PayloadPolicy,
  payloadReader,
  type SignedRequest,
  verifyPayload,
} from './index.ts'

const callees = new Addressees(services)

type Headers = Record<string, string>

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(policy: PayloadPolicy, headers: Headers, body: Buffer, size = 1000): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of payloadReader(policy, headers, inPieces(body, size))) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Both readers must refuse alike. */
async function refusal(
  policy: PayloadPolicy,
  headers: Headers,
  body: Buffer,
): Promise<Record<string, unknown>> {
  const streamed = await Promise.resolve()
    .then(() => readAll(policy, headers, body, 77))
    .catch((error) => error)
  expect(() => verifyPayload(policy, headers, body)).toThrow(streamed.message)
  return streamed
}

const unsigned: PayloadPolicy = { kind: 'unsigned' }
const hello = Buffer.from('hello world')
const base64 = (algorithm: string): string => createHash(algorithm).update(hello).digest('base64')

describe('whole bodies', () => {
  test.each([
    ['content-md5', base64('md5')],
    ['x-amz-checksum-sha256', base64('sha256')],
    ['x-amz-checksum-sha1', base64('sha1')],
    ['x-amz-checksum-crc32', 'DUoRhQ=='],
    ['x-amz-checksum-crc32c', 'yZRlqg=='],
    ['x-amz-checksum-crc64nvme', 'jSnVw/bqjr4='],
  ])('%s is verified', async (name, value) => {
    expect(await readAll(unsigned, { [name]: value }, hello, 3)).toEqual(hello)
    expect(verifyPayload(unsigned, { [name]: value }, hello)).toBe(hello)
    expect(await refusal(unsigned, { [name]: value }, Buffer.from('hello_world'))).toMatchObject({
      code: 'BadDigest',
    })
  })

  test('the signed hash is verified, in the words of the service', async () => {
    const hash = createHash('sha256').update(hello).digest('hex')
    const s3: PayloadPolicy = { kind: 'sha256', hash, callee: callees.of('s3') }
    expect(await readAll(s3, {}, hello)).toEqual(hello)
    expect(await refusal(s3, {}, Buffer.from('x'))).toMatchObject({ code: 'XAmzContentSHA256Mismatch' })
    const kms: PayloadPolicy = { kind: 'sha256', hash, callee: callees.of('kms') }
    expect(await refusal(kms, {}, Buffer.from('x'))).toMatchObject({ code: 'InvalidSignatureException' })
  })

  test.each([
    ['a malformed MD5', { 'content-md5': 'abc' }, 'InvalidDigest'],
    ['a malformed checksum', { 'x-amz-checksum-crc32': 'DUo=' }, 'InvalidRequest'],
    [
      'two checksums',
      { 'x-amz-checksum-crc32': 'DUoRhQ==', 'x-amz-checksum-sha1': base64('sha1') },
      'InvalidRequest',
    ],
    ['an unsupported checksum', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }, 'NotImplemented'],
    ['a body that is too short', { 'content-length': '12' }, 'IncompleteBody'],
    ['a body that is too long', { 'content-length': '10' }, 'IncompleteBody'],
  ])('%s is refused', async (_, headers, code) => {
    expect(await refusal(unsigned, headers as unknown as Headers, hello)).toMatchObject({ code })
  })

  test("an object's own checksum is not the body's", () => {
    const policy: PayloadPolicy = { kind: 'unsigned', foreignChecksums: true }
    expect(verifyPayload(policy, { 'x-amz-checksum-crc32': 'AAAAAA==' }, hello)).toBe(hello)
  })
})

const chunk = (data: Buffer, extension = ''): Buffer =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}${extension}\r\n`), data, Buffer.from('\r\n')])

describe('chunks with an unsigned trailer', () => {
  const policy: PayloadPolicy = { kind: 'unsigned-trailer' }
  const first = Buffer.alloc(9000, 'a')
  const content = Buffer.concat([first, hello])
  const sha256 = createHash('sha256').update(content).digest('base64')
  const headers = {
    'x-amz-decoded-content-length': String(content.length),
    'x-amz-trailer': 'x-amz-checksum-sha256',
  }
  const framed = (trailer: string): Buffer =>
    Buffer.concat([chunk(first), chunk(hello), Buffer.from(`0\r\n${trailer}`)])
  const good = `x-amz-checksum-sha256:${sha256}\r\n\r\n`

  test.each([1, 7, 4096, 100_000])('come through in pieces of %i bytes', async (size) => {
    const stream = payloadReader(policy, headers, inPieces(framed(good), size))
    const pieces: Uint8Array[] = []
    for await (const piece of stream) pieces.push(piece)
    expect(Buffer.concat(pieces).equals(content)).toBe(true)
    expect(stream.trailers).toEqual({ 'x-amz-checksum-sha256': sha256 })
    expect(verifyPayload(policy, headers, framed(good)).equals(content)).toBe(true)
  })

  test.each([
    ['a wrong checksum', framed(`x-amz-checksum-sha256:${base64('sha256')}\r\n\r\n`), {}, 'BadDigest'],
    ['a missing trailer', framed('\r\n'), {}, 'MalformedTrailerError'],
    ['a trailer without a colon', framed('nonsense\r\n\r\n'), {}, 'MalformedTrailerError'],
    ['a body cut off', framed(good).subarray(0, 5000), {}, 'IncompleteBody'],
    ['a wrong length', framed(good), { 'x-amz-decoded-content-length': '9012' }, 'IncompleteBody'],
    ['a header that is no size', Buffer.from('zz\r\nabc\r\n'), {}, 'IncompleteBody'],
    [
      'a small chunk before another',
      Buffer.concat([chunk(hello), framed(good)]),
      {},
      'InvalidChunkSizeError',
    ],
    [
      'a chunk longer than it says',
      Buffer.concat([Buffer.from('2\r\nabc\r\n'), framed(good)]),
      {},
      'IncompleteBody',
    ],
  ])('%s is refused', async (_, body, change, code) => {
    expect(await refusal(policy, { ...headers, ...change }, body)).toMatchObject({ code })
  })

  test('need their decoded length', async () => {
    const { 'x-amz-decoded-content-length': _, ...rest } = headers
    expect(await refusal(policy, rest, framed(good))).toMatchObject({
      code: 'MissingContentLength',
      status: 411,
    })
  })
})

/** The documentation's upload of 66560 bytes in chunks of 64 KB, as chunks with and without a trailer. */
describe('signed chunks of the documentation', () => {
  const lookup = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' })
  const request = (
    hash: string,
    signedHeaders: string,
    signature: string,
    more: Headers = {},
  ): SignedRequest => ({
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers: {
      host: 's3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': hash,
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '66560',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`,
      ...more,
    },
  })
  const accept = (one: SignedRequest): PayloadPolicy => {
    const caller = authenticate(one, lookup, new Date('2013-05-24T00:00:00Z'), callees)
    if (caller === 'anonymous') throw new Error('anonymous')
    return caller.payload
  }
  const signed = (data: Buffer, signature: string): Buffer => chunk(data, `;chunk-signature=${signature}`)
  const letters = (count: number): Buffer => Buffer.alloc(count, 'a')

  const plain = request(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    { 'content-length': '66824' },
  )
  const plainBody = (last = 1024): Buffer =>
    Buffer.concat([
      signed(letters(65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
      signed(letters(last), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
      Buffer.from(
        '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
      ),
    ])

  test('are verified one by one', async () => {
    expect(
      (await readAll(accept(plain), plain.headers as Headers, plainBody())).equals(letters(66_560)),
    ).toBe(true)
  })

  test('notice a changed byte, a changed order and a missing signature', async () => {
    const changed = plainBody()
    changed[70_000 - 4000] = 98
    const headers = plain.headers as Headers
    expect(await refusal(accept(plain), headers, changed)).toMatchObject({ code: 'SignatureDoesNotMatch' })
    const unsignedChunk = Buffer.concat([chunk(letters(65_536)), Buffer.from('0\r\n\r\n')])
    expect(await refusal(accept(plain), headers, unsignedChunk)).toMatchObject({ code: 'IncompleteBody' })
    const forged = Buffer.from(plainBody().toString('latin1').replace('ad80c730', 'ad80c731'), 'latin1')
    expect(await refusal(accept(plain), headers, forged)).toMatchObject({ code: 'SignatureDoesNotMatch' })
  })

  const trailing = request(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
    '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    { 'x-amz-trailer': 'x-amz-checksum-crc32c' },
  )
  const trailingBody = (trailer: string, signature: string): Buffer =>
    Buffer.concat([
      signed(letters(65_536), 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
      signed(letters(1024), '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
      Buffer.from(
        `0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n${trailer}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`,
      ),
    ])
  const crc32c = 'x-amz-checksum-crc32c:sOO8/Q=='
  const trailerSignature = 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435'

  test('are verified with their signed trailer', async () => {
    const body = trailingBody(crc32c, trailerSignature)
    expect((await readAll(accept(trailing), trailing.headers as Headers, body)).length).toBe(66_560)
  })

  test('notice a changed trailer', async () => {
    const headers = trailing.headers as Headers
    const changed = trailingBody('x-amz-checksum-crc32c:AAAAAA==', trailerSignature)
    expect(await refusal(accept(trailing), headers, changed)).toMatchObject({ code: 'SignatureDoesNotMatch' })
    const withoutSignature = Buffer.from(
      trailingBody(crc32c, trailerSignature)
        .toString('latin1')
        .replace(/x-amz-trailer-signature.*\r\n/, ''),
      'latin1',
    )
    expect(await refusal(accept(trailing), headers, withoutSignature)).toMatchObject({
      code: 'MalformedTrailerError',
    })
  })
})
