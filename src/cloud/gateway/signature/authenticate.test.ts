import { describe, expect, test } from 'vitest'
import { AwsError } from '../../../model/index.ts'
import { services } from '../../services/index.ts'
import { Addressees } from '../addressees.ts'
import { authenticate, type SignedRequest, verifyPayload } from './index.ts'

const callees = new Addressees(services)

/** The credentials and requests of AWS's own documentation. */
const lookup = (accessKeyId: string) => {
  if (accessKeyId === 'AKIAIOSFODNN7EXAMPLE') {
    return { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', name: 'example' }
  }
  if (accessKeyId === 'AKIDEXAMPLE') {
    return { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', name: 'suite' }
  }
  throw new AwsError('InvalidClientTokenId', 'unknown')
}
const may = new Date('2013-05-24T00:00:00Z')
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function s3Request(change: {
  method?: string
  path: string
  query?: string
  headers?: Record<string, string>
  signedHeaders: string
  signature: string
  hash?: string
}): SignedRequest {
  const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
  return {
    method: change.method ?? 'GET',
    path: change.path,
    query: change.query ?? '',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': change.hash ?? emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${change.signedHeaders},Signature=${change.signature}`,
      ...change.headers,
    },
  }
}

const getObject = s3Request({
  path: '/test.txt',
  headers: { range: 'bytes=0-9' },
  signedHeaders: 'host;range;x-amz-content-sha256;x-amz-date',
  signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
})

/** What `authenticate` throws. */
function refusal(request: SignedRequest, now = may, find: typeof lookup = lookup): AwsError {
  try {
    authenticate(request, find, now, callees)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe("the documentation's S3 requests", () => {
  test.each([
    ['GET object', getObject],
    [
      'PUT object',
      s3Request({
        method: 'PUT',
        path: '/test%24file.text',
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        signedHeaders: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
        hash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      }),
    ],
    [
      'GET lifecycle',
      s3Request({
        path: '/',
        query: 'lifecycle',
        signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
        signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      }),
    ],
    [
      'list objects',
      s3Request({
        path: '/',
        query: 'max-keys=2&prefix=J',
        signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
        signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      }),
    ],
  ])('%s is accepted', (_, request) => {
    expect(authenticate(request, lookup, may, callees)).toMatchObject({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      credential: { name: 'example' },
      scope: { region: 'us-east-1', service: 's3' },
      payload: { kind: 'sha256' },
    })
  })
})

describe('a service that signs the hash of its body without sending it', () => {
  const listUsers: SignedRequest = {
    method: 'GET',
    path: '/',
    query: 'Action=ListUsers&Version=2010-05-08',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host: 'iam.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
  }
  const then = new Date('2015-08-30T12:36:00Z')

  test('is checked with its body', () => {
    const caller = authenticate(listUsers, lookup, then, callees)
    if (caller === 'anonymous') throw new Error('anonymous')
    expect(verifyPayload(caller.payload, listUsers.headers, Buffer.alloc(0))).toEqual(Buffer.alloc(0))
    expect(() => verifyPayload(caller.payload, listUsers.headers, Buffer.from('x'))).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
    )
  })

  test('has a time limit of 15 minutes, told in both times', () => {
    const late = refusal(listUsers, new Date('2015-08-30T12:51:01Z'))
    expect(late).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
    expect(late.message).toBe(
      'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)',
    )
    expect(refusal(listUsers, new Date('2015-08-30T12:20:59Z')).message).toContain(
      'Signature not yet current',
    )
    expect(authenticate(listUsers, lookup, new Date('2015-08-30T12:51:00Z'), callees)).toBeTypeOf('object')
  })
})

describe('tampering', () => {
  test.each([
    ['method', { ...getObject, method: 'DELETE' }],
    ['path', { ...getObject, path: '/other.txt' }],
    ['query', { ...getObject, query: 'versionId=1' }],
    ['signed header', { ...getObject, headers: { ...getObject.headers, range: 'bytes=0-99' } }],
    [
      'payload hash',
      { ...getObject, headers: { ...getObject.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    ],
    ['host', { ...getObject, headers: { ...getObject.headers, host: 'otherbucket.s3.amazonaws.com' } }],
  ])('with the %s is noticed', (_, request) => {
    expect(refusal(request)).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 })
  })

  test('with a signature of another length is noticed', () => {
    const authorization = getObject.headers.authorization!.replace(/Signature=.*/, 'Signature=00')
    expect(refusal({ ...getObject, headers: { ...getObject.headers, authorization } }).code).toBe(
      'SignatureDoesNotMatch',
    )
  })
})

describe('refusals in the words of the service called', () => {
  const as = (service: string, change: Record<string, string> = {}): SignedRequest => ({
    ...getObject,
    headers: {
      ...getObject.headers,
      authorization: getObject.headers.authorization!.replace('/s3/', `/${service}/`),
      ...change,
    },
  })
  const failing = (code: string) => (): never => {
    throw new AwsError(code, 'lookup')
  }

  test.each([
    ['s3', 'InvalidAccessKeyId', 403],
    ['sts', 'InvalidClientTokenId', 403],
    ['kms', 'UnrecognizedClientException', 400],
    ['lambda', 'UnrecognizedClientException', 403],
  ])('%s: an unknown key is %s', (service, code, status) => {
    expect(refusal(as(service), may, failing('InvalidClientTokenId'))).toMatchObject({ code, status })
  })

  test.each([
    ['s3', 'ExpiredToken', 400],
    ['iam', 'ExpiredToken', 403],
    ['codepipeline', 'ExpiredTokenException', 400],
  ])('%s: an expired session is %s', (service, code, status) => {
    expect(refusal(as(service), may, failing('ExpiredToken'))).toMatchObject({ code, status })
  })

  test('S3 tells a wrong session token from an unknown key', () => {
    const withToken = as('s3', { 'x-amz-security-token': 'nonsense' })
    expect(refusal(withToken, may, failing('InvalidClientTokenId'))).toMatchObject({
      code: 'InvalidToken',
      status: 400,
    })
  })

  test.each([
    ['s3', 'SignatureDoesNotMatch'],
    ['sts', 'SignatureDoesNotMatch'],
    ['kms', 'InvalidSignatureException'],
  ])('%s: a wrong signature is %s', (service, code) => {
    const request = as(service, { range: 'bytes=1-2' })
    expect(refusal(request).code).toBe(code)
  })

  test('S3 answers RequestTimeTooSkewed', () => {
    const skewed = refusal(getObject, new Date('2013-05-24T00:15:01Z'))
    expect(skewed).toMatchObject({ code: 'RequestTimeTooSkewed', status: 403 })
    expect(skewed.fields).toEqual({
      RequestTime: '20130524T000000Z',
      ServerTime: '2013-05-24T00:15:01Z',
      MaxAllowedSkewMilliseconds: 900_000,
    })
  })

  test('a lookup that fails otherwise is not reworded', () => {
    const bug = (): never => {
      throw new TypeError('bug')
    }
    expect(() => authenticate(getObject, bug, may, callees)).toThrow(TypeError)
  })
})

describe('malformed requests', () => {
  const withAuthorization = (authorization: string): SignedRequest => ({
    ...getObject,
    headers: { ...getObject.headers, authorization },
  })

  test('without a signature are anonymous', () => {
    expect(authenticate({ ...getObject, headers: { host: 'x' } }, lookup, may, callees)).toBe('anonymous')
  })

  test.each([
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no signature', 'AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/sts/aws4_request, SignedHeaders=host'],
    [
      'a scope of four parts',
      'AWS4-HMAC-SHA256 Credential=A/20130524/sts/aws4_request, SignedHeaders=host, Signature=0',
    ],
    [
      'an unsigned host',
      'AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/sts/aws4_request, SignedHeaders=x-amz-date, Signature=0',
    ],
  ])('%s is refused', (_, authorization) => {
    expect(refusal(withAuthorization(authorization))).toMatchObject({ status: 400 })
  })

  test('a scope of another day is refused', () => {
    const moved = getObject.headers.authorization!.replace('/20130524/', '/20130525/')
    expect(refusal(withAuthorization(moved)).status).toBe(400)
  })

  test('S3 wants the hash of the payload', () => {
    const { 'x-amz-content-sha256': _, ...headers } = getObject.headers
    expect(refusal({ ...getObject, headers })).toMatchObject({ code: 'InvalidRequest' })
  })
})
