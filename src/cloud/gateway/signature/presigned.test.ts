import { describe, expect, test } from 'vitest'
import { AwsError } from '../../../model/index.ts'
import { services } from '../../services/index.ts'
import { Addressees } from '../addressees.ts'
import { authenticate, type SignedRequest } from './index.ts'

const callees = new Addressees(services)

const lookup = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' })
const may = new Date('2013-05-24T00:00:00Z')

/** The documentation's presigned URL. */
const presigned: SignedRequest = {
  method: 'GET',
  path: '/test.txt',
  query:
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: { host: 'examplebucket.s3.amazonaws.com' },
}

function refusal(request: SignedRequest, now = may): AwsError {
  try {
    authenticate(request, lookup, now, callees)
  } catch (error) {
    if (error instanceof AwsError) return error
  }
  throw new Error('was not refused')
}

describe('presigned URLs', () => {
  test('of the documentation are accepted until they expire', () => {
    expect(authenticate(presigned, lookup, new Date('2013-05-25T00:00:00Z'), callees)).toMatchObject({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      payload: { kind: 'unsigned' },
    })
    const expired = refusal(presigned, new Date('2013-05-25T00:00:01Z'))
    expect(expired).toMatchObject({ code: 'AccessDenied', status: 403, message: 'Request has expired' })
    expect(expired.fields).toEqual({
      'X-Amz-Expires': 86_400,
      Expires: '2013-05-25T00:00:00Z',
      ServerTime: '2013-05-25T00:00:01Z',
    })
  })

  test('are not valid long before their time', () => {
    expect(refusal(presigned, new Date('2013-05-23T23:40:00Z')).code).toBe('AccessDenied')
  })

  test.each([
    ['another object', { path: '/secret.txt' }],
    ['another method', { method: 'DELETE' }],
    ['a longer life', { query: presigned.query.replace('86400', '86401') }],
    ['a further parameter', { query: `${presigned.query}&versionId=1` }],
  ])('do not hold for %s', (_, change) => {
    expect(refusal({ ...presigned, ...change }).code).toBe('SignatureDoesNotMatch')
  })

  test.each([
    [
      'more than a week',
      /Expires=86400/,
      'Expires=604801',
      'X-Amz-Expires must be less than a week (in seconds) that is 604800',
    ],
    ['a negative life', /Expires=86400/, 'Expires=-1', 'X-Amz-Expires must be non-negative'],
    ['no number', /Expires=86400/, 'Expires=soon', 'X-Amz-Expires should be a number'],
    ['another algorithm', /HMAC-SHA256/, 'RSA', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'],
  ])('with %s are malformed', (_, from, to, message) => {
    const request = { ...presigned, query: presigned.query.replace(from, to) }
    expect(refusal(request)).toMatchObject({
      code: 'AuthorizationQueryParametersError',
      status: 400,
      message,
    })
  })

  test.each(['Credential', 'Date', 'SignedHeaders', 'Expires', 'Signature'])('need X-Amz-%s', (name) => {
    const query = presigned.query
      .split('&')
      .filter((part) => !part.startsWith(`X-Amz-${name}=`))
      .join('&')
    expect(refusal({ ...presigned, query }).code).toBe('AuthorizationQueryParametersError')
  })

  test('cannot be made to carry another payload hash by an unsigned header', () => {
    const headers = { ...presigned.headers, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }
    expect(authenticate({ ...presigned, headers }, lookup, may, callees)).toMatchObject({
      payload: { kind: 'unsigned' },
    })
  })
})

describe('presigned URLs of signature version 2', () => {
  /** The documentation's example. */
  const old: SignedRequest = {
    method: 'GET',
    path: '/photos/puppy.jpg',
    query:
      'AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620',
    headers: { host: 'johnsmith.s3.amazonaws.com' },
  }
  const before = new Date(1_175_139_619_000)

  test('are accepted', () => {
    expect(authenticate(old, lookup, before, callees)).toMatchObject({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      scope: { service: 's3' },
    })
  })

  test('mean the same in path style', () => {
    const pathStyle = { ...old, path: '/johnsmith/photos/puppy.jpg', headers: { host: '127.0.0.1:4000' } }
    expect(authenticate(pathStyle, lookup, before, callees)).toMatchObject({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    })
  })

  test('expire', () => {
    expect(refusal(old, new Date(1_175_139_621_000))).toMatchObject({
      code: 'AccessDenied',
      message: 'Request has expired',
    })
  })

  test('do not hold for another object, method or subresource', () => {
    expect(refusal({ ...old, path: '/photos/kitten.jpg' }, before).code).toBe('SignatureDoesNotMatch')
    expect(refusal({ ...old, method: 'PUT' }, before).code).toBe('SignatureDoesNotMatch')
    expect(refusal({ ...old, query: `${old.query}&acl` }, before).code).toBe('SignatureDoesNotMatch')
  })

  test('need an expiry', () => {
    const query = old.query.replace(/&Expires=.*/, '')
    expect(refusal({ ...old, query }, before).code).toBe('AccessDenied')
  })
})
