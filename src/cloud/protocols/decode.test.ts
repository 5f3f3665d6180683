import { describe, expect, test } from 'vitest'
import type { AwsError } from '../../model/index.ts'
import { wire as s3 } from '../services/s3/wire.ts'
import { decode, encode, type Fields, loadModel, type WireRequest } from './index.ts'

function decoded(service: string, operation: string, change: Partial<WireRequest>): Fields {
  const model = loadModel(service, service === 's3' ? s3 : undefined)
  const wire = {
    method: 'POST',
    path: '/',
    query: '',
    headers: {},
    host: '127.0.0.1',
    body: Buffer.alloc(0),
    ...change,
  }
  return decode(model, model.operations.get(operation)!, wire)
}

function refusal(service: string, operation: string, change: Partial<WireRequest>): AwsError {
  try {
    decoded(service, operation, change)
  } catch (error) {
    return error as AwsError
  }
  throw new Error('was decoded')
}

const body = (text: string) => ({ body: Buffer.from(text) })

describe('JSON bodies', () => {
  test('an empty body is an empty input, null members are absent, unknown ones ignored', () => {
    expect(decoded('kms', 'ListKeys', {})).toEqual({})
    expect(decoded('kms', 'ListKeys', body('{"Limit":null,"Marker":"m","Unknown":1}'))).toEqual({
      Marker: 'm',
    })
  })

  test.each([
    ['no JSON', '{"Limit":', 'Could not parse request body into json'],
    ['a string for a number', '{"Limit":"7"}', 'STRING_VALUE can not be converted to an Integer'],
    ['a fraction for an integer', '{"Limit":1.5}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['a number for a string', '{"Marker":7}', 'NUMBER_VALUE can not be converted to a String'],
    ['a list for a string', '{"Marker":[]}', 'Start of list found where not expected'],
    ['a structure for a string', '{"Marker":{}}', 'Start of structure or map found where not expected.'],
    ['a list for the input', '[]', 'Start of list found where not expected'],
    ['a string for the input', '"x"', 'Unexpected field type'],
  ])('%s is a SerializationException', (_, text, message) => {
    expect(refusal('kms', 'ListKeys', body(text))).toMatchObject({
      code: 'SerializationException',
      status: 400,
      message,
    })
  })

  test('a blob that is not base64 is refused', () => {
    expect(refusal('kms', 'Decrypt', body('{"CiphertextBlob":"a*b="}')).code).toBe('SerializationException')
  })

  test('a key named __proto__ stays an ordinary key', () => {
    const input = decoded('lambda', 'TagResource', {
      path: '/2017-03-31/tags/arn',
      ...body('{"Tags":{"__proto__":"x","a":"b"}}'),
    })
    expect(Object.keys(input.Tags as object)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(input.Tags)).toBe(Object.prototype)
  })
})

describe('query parameters', () => {
  test('keep the order of numbered members, whatever order they come in', () => {
    const input = decoded(
      'sts',
      'AssumeRole',
      body('Tags.member.10.Key=j&Tags.member.2.Key=b&Tags.member.1.Key=a'),
    )
    expect(input.Tags).toEqual([{ Key: 'a' }, { Key: 'b' }, { Key: 'j' }])
  })

  test('an empty list is a list', () => {
    expect(decoded('cloudformation', 'UpdateStack', body('StackName=s&Tags=')).Tags).toEqual([])
  })

  test('a number that is none is refused', () => {
    expect(refusal('sts', 'AssumeRole', body('DurationSeconds=soon'))).toMatchObject({
      code: 'MalformedInput',
    })
  })
})

describe('S3', () => {
  const put = { method: 'PUT', path: '/b/k' }

  test('bodies that are not XML are MalformedXML', () => {
    const headers = { 'content-md5': 'any' }
    expect(
      refusal('s3', 'PutBucketVersioning', { method: 'PUT', path: '/b', headers, ...body('{}') }).code,
    ).toBe('MalformedXML')
  })

  test('a request that must bring a checksum and does not is refused', () => {
    const error = refusal('s3', 'DeleteObjects', { path: '/b', query: 'delete', ...body('<Delete/>') })
    expect(error).toMatchObject({ code: 'InvalidRequest' })
    expect(error.message).toContain('x-amz-checksum-*')
    const headers = { 'x-amz-checksum-crc32': 'any' }
    expect(decoded('s3', 'DeleteObjects', { path: '/b', headers, ...body('<Delete/>') })).toHaveProperty(
      'Delete',
    )
  })

  test('a part of an object is answered with 206', () => {
    const model = loadModel('s3', s3)
    const status = (output: Fields) => encode(model, model.operations.get('GetObject')!, output, 'id').status
    expect(status({ ContentRange: 'bytes 0-9/10' })).toBe(206)
    expect(status({})).toBe(200)
  })

  test('headers that are not of their type are InvalidArgument', () => {
    const headers = { 'x-amz-bypass-governance-retention': 'perhaps' }
    expect(refusal('s3', 'DeleteObject', { method: 'DELETE', path: '/b/k', headers }).code).toBe(
      'InvalidArgument',
    )
  })

  test("the transfer's own encoding is not the object's", () => {
    const encoding = (value: string) =>
      decoded('s3', 'PutObject', { ...put, headers: { 'content-encoding': value } })
    expect(encoding('aws-chunked').ContentEncoding).toBeUndefined()
    expect(encoding('gzip,aws-chunked').ContentEncoding).toBe('gzip')
  })

  test('metadata is collected by prefix and read as UTF-8', () => {
    const headers = { 'x-amz-meta-a': 'b', 'x-amz-meta-city': Buffer.from('Zürich').toString('latin1') }
    expect(decoded('s3', 'PutObject', { ...put, headers }).Metadata).toEqual({ a: 'b', city: 'Zürich' })
  })

  test('metadata beyond ASCII is answered as an encoded word', () => {
    const model = loadModel('s3', s3)
    const { headers } = encode(
      model,
      model.operations.get('HeadObject')!,
      { Metadata: { city: 'Zürich' } },
      'id',
    )
    expect(headers['x-amz-meta-city']).toBe('=?UTF-8?B?WsO8cmljaA==?=')
  })

  test('the location of a bucket is the text of the root element', () => {
    const model = loadModel('s3', s3)
    const answered = (output: Fields) =>
      encode(model, model.operations.get('GetBucketLocation')!, output, 'id').body
    expect(answered({ LocationConstraint: 'eu-west-1' })).toContain('>eu-west-1</LocationConstraint>')
    expect(answered({})).toContain('></LocationConstraint>')
  })
})

test('an output of a wrong type is a bug that names the member', () => {
  const model = loadModel('sts')
  const output = { Credentials: { Expiration: 'tomorrow' } }
  expect(() => encode(model, model.operations.get('AssumeRole')!, output, 'id')).toThrow(
    'Expiration must be a valid Date',
  )
})
