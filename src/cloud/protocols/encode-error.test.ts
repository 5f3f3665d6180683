import { describe, expect, test } from 'vitest'
import { AwsError } from '../../model/index.ts'
import { wire as s3 } from '../services/s3/wire.ts'
import { encodeError, loadModel } from './index.ts'

const answer = (service: string, error: AwsError, operation?: string, extra?: { resource?: string }) => {
  const model = loadModel(service, service === 's3' ? s3 : undefined)
  return encodeError(
    model,
    operation === undefined ? undefined : model.operations.get(operation),
    error,
    'id-1',
    extra,
  )
}

describe('query services', () => {
  test('write an ErrorResponse with the wire code and the modelled status', () => {
    expect(answer('iam', new AwsError('NoSuchEntityException', 'no <role>'))).toEqual({
      status: 404,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'id-1' },
      body:
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
        '<Code>NoSuchEntity</Code><Message>no &lt;role&gt;</Message></Error><RequestId>id-1</RequestId></ErrorResponse>',
    })
  })

  test('know the errors that no model lists', () => {
    expect(answer('sts', new AwsError('AccessDenied', 'no')).status).toBe(403)
    const failure = answer('sts', new AwsError('InternalFailure', 'oops'))
    expect(failure.status).toBe(500)
    expect(failure.body).toContain('<Type>Receiver</Type>')
  })
})

describe('JSON services', () => {
  test('write __type, the type header and modelled members', () => {
    const error = new AwsError('InvalidCiphertextException', 'no')
    expect(answer('kms', error)).toEqual({
      status: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'InvalidCiphertextException',
        'x-amzn-requestid': 'id-1',
      },
      body: '{"__type":"InvalidCiphertextException","message":"no"}',
    })
  })

  test('with a past in the query protocol still answer its code', () => {
    const { headers } = answer('sqs', new AwsError('QueueDoesNotExist', 'no'))
    expect(headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender')
  })

  test('of the REST kind answer the modelled status, and Lambda whose fault it was', () => {
    const { status, headers, body } = answer('lambda', new AwsError('ResourceNotFoundException', 'no'))
    expect(status).toBe(404)
    expect(headers['x-amzn-errortype']).toBe('ResourceNotFoundException')
    expect(JSON.parse(body as string)).toEqual({ Type: 'User', Message: 'no' })
  })

  test('put a modelled header into the headers', () => {
    const error = new AwsError('TooManyRequestsException', 'slow', { fields: { retryAfterSeconds: '7' } })
    expect(answer('lambda', error).headers['retry-after']).toBe('7')
  })
})

describe('S3', () => {
  test('writes a flat error with its details', () => {
    const error = new AwsError('NoSuchKey', 'The specified key does not exist.', { fields: { Key: 'a&b' } })
    const { status, headers, body } = answer('s3', error, 'GetObject', { resource: '/b/a&b' })
    expect(status).toBe(404)
    expect(headers['x-amz-request-id']).toBe('id-1')
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
        `<Key>a&amp;b</Key><Resource>/b/a&amp;b</Resource><RequestId>id-1</RequestId><HostId>${headers['x-amz-id-2']}</HostId></Error>`,
    )
  })

  test("carries the error's own headers, and nothing but headers when not modified", () => {
    const error = new AwsError('NotModified', 'Not Modified', { status: 304, headers: { etag: '"x"' } })
    expect(answer('s3', error, 'GetObject')).toMatchObject({
      status: 304,
      body: '',
      headers: { etag: '"x"' },
    })
  })

  test('says nothing to HEAD but the status', () => {
    expect(answer('s3', new AwsError('AccessDenied', 'Access Denied'), 'HeadObject')).toMatchObject({
      status: 403,
      body: '',
    })
  })
})

test("a status of the error's own wins over the model's", () => {
  expect(answer('iam', new AwsError('NoSuchEntity', 'no', { status: 418 })).status).toBe(418)
})
