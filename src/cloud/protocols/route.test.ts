import { describe, expect, test } from 'vitest'
import { AwsError } from '../../model/index.ts'
import { wire as s3 } from '../services/s3/wire.ts'
import { loadModel, route, type WireRequest } from './index.ts'

function request(method: string, url: string, change: Partial<WireRequest> = {}): WireRequest {
  const [path, query = ''] = url.split(/\?(.*)/s)
  return { method, path: path!, query, headers: {}, host: '127.0.0.1:4000', body: Buffer.alloc(0), ...change }
}

const modelOf = (service: string) => loadModel(service, service === 's3' ? s3 : undefined)

const routed = (service: string, wire: WireRequest): string => route(modelOf(service), wire).name

function refusal(service: string, wire: WireRequest): AwsError {
  try {
    route(modelOf(service), wire)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
  throw new Error('was routed')
}

describe('S3', () => {
  const copy = { headers: { 'x-amz-copy-source': 'b/k' } }

  test.each<[string, string, string, Partial<WireRequest>?]>([
    ['GET', '/', 'ListBuckets'],
    ['GET', '/?x-id=ListBuckets', 'ListBuckets'],
    ['GET', '/b', 'ListObjects'],
    ['GET', '/b/', 'ListObjects'],
    ['GET', '/b?list-type=2&prefix=x', 'ListObjectsV2'],
    ['GET', '/b?versions', 'ListObjectVersions'],
    ['GET', '/b?uploads', 'ListMultipartUploads'],
    ['GET', '/b?location', 'GetBucketLocation'],
    ['GET', '/b?analytics', 'ListBucketAnalyticsConfigurations'],
    ['GET', '/b?analytics&id=1', 'GetBucketAnalyticsConfiguration'],
    ['PUT', '/b', 'CreateBucket'],
    ['PUT', '/b?versioning=', 'PutBucketVersioning'],
    ['HEAD', '/b', 'HeadBucket'],
    ['HEAD', '/b/k', 'HeadObject'],
    ['GET', '/b/k', 'GetObject'],
    ['GET', '/b/a//k/', 'GetObject'],
    ['GET', '/b/k?x-id=GetObject&response-content-type=a', 'GetObject'],
    ['GET', '/b/k?tagging', 'GetObjectTagging'],
    ['GET', '/b/k?uploadId=1', 'ListParts'],
    ['PUT', '/b/k', 'PutObject'],
    ['PUT', '/b/k', 'CopyObject', copy],
    ['PUT', '/b/k?partNumber=1&uploadId=1', 'UploadPart'],
    ['PUT', '/b/k?partNumber=1&uploadId=1', 'UploadPartCopy', copy],
    ['POST', '/b/k?uploads', 'CreateMultipartUpload'],
    ['POST', '/b/k?uploadId=1', 'CompleteMultipartUpload'],
    ['DELETE', '/b/k?uploadId=1', 'AbortMultipartUpload'],
    ['DELETE', '/b/k?versionId=1', 'DeleteObject'],
    ['POST', '/b?delete', 'DeleteObjects'],
    ['GET', '/?list-type=2', 'ListObjectsV2', { host: 'b.s3.amazonaws.com' }],
    ['GET', '/k', 'GetObject', { host: 'b.localhost:4000' }],
    ['PUT', '/', 'CreateBucket', { host: 'b.s3.eu-west-1.amazonaws.com' }],
  ])('%s %s is %s', (method, url, name, change) => {
    expect(routed('s3', request(method, url, change))).toBe(name)
  })

  test('an unknown method is told with what it was tried on', () => {
    expect(refusal('s3', request('PATCH', '/b/k'))).toMatchObject({
      code: 'MethodNotAllowed',
      status: 405,
      fields: { Method: 'PATCH', ResourceType: 'OBJECT' },
    })
  })

  test.each([
    ['DELETE', '/b?acl'],
    ['PUT', '/b?inventory'],
    ['DELETE', '/b/k?torrent'],
    ['GET', '/b/k?uploads'],
  ])('%s %s does not mean the bucket or the object itself', (method, url) => {
    expect(refusal('s3', request(method, url)).code).toBe('MethodNotAllowed')
  })

  test('an operation with an event stream is refused by name', () => {
    const error = refusal('s3', request('POST', '/b/k?select&select-type=2'))
    expect(error).toMatchObject({ code: 'NotImplemented', status: 501 })
    expect(error.message).toContain('SelectObjectContent')
  })
})

describe('Lambda', () => {
  test.each([
    ['POST', '/2015-03-31/functions/f/invocations', 'Invoke'],
    ['POST', '/2015-03-31/functions', 'CreateFunction'],
    ['GET', '/2015-03-31/functions/', 'ListFunctions'],
    [
      'GET',
      '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Af',
      'GetFunction',
    ],
    ['GET', '/2015-03-31/event-source-mappings', 'ListEventSourceMappings'],
  ])('%s %s is %s', (method, url, name) => {
    expect(routed('lambda', request(method, url))).toBe(name)
  })

  test('an unknown path is a modelled error', () => {
    const error = refusal('lambda', request('GET', '/2015-03-31/nothing'))
    expect(error).toMatchObject({ code: 'UnknownOperationException', status: 404 })
    expect(error.message).toContain('/2015-03-31/nothing')
  })
})

describe('JSON services', () => {
  const target = (name: string) => request('POST', '/', { headers: { 'x-amz-target': name } })

  test.each([
    ['kms', 'TrentService.Decrypt', 'Decrypt'],
    [
      'codeconnections',
      'com.amazonaws.codeconnections.CodeConnections_20231201.GetConnection',
      'GetConnection',
    ],
    ['codestar-connections', 'CodeStar_connections_20191201.GetConnection', 'GetConnection'],
    [
      'codestar-connections',
      'com.amazonaws.codestar.connections.CodeStar_connections_20191201.GetConnection',
      'GetConnection',
    ],
  ])('%s %s is %s', (service, name, expected) => {
    expect(routed(service, target(name))).toBe(expected)
  })

  test('an unknown operation is named', () => {
    const error = refusal('kms', target('TrentService.Explode'))
    expect(error).toMatchObject({ code: 'UnknownOperationException', status: 400 })
    expect(error.message).toContain('Explode')
    expect(refusal('kms', request('POST', '/')).message).toContain('X-Amz-Target')
  })
})

describe('query services', () => {
  const form = (body: string) => request('POST', '/', { body: Buffer.from(body) })

  test('go by the Action of the body or of the query', () => {
    expect(routed('sts', form('Action=AssumeRole&Version=2011-06-15'))).toBe('AssumeRole')
    expect(routed('sts', request('GET', '/?Action=GetCallerIdentity&Version=2011-06-15'))).toBe(
      'GetCallerIdentity',
    )
  })

  test('an unknown action is named', () => {
    const error = refusal('iam', form('Action=Explode&Version=2010-05-08'))
    expect(error).toMatchObject({
      code: 'InvalidAction',
      status: 400,
      message: 'Could not find operation Explode for version 2010-05-08',
    })
    expect(refusal('iam', form('Version=2010-05-08')).code).toBe('MissingAction')
  })

  test('an action of another version is another one', () => {
    const classic = form('Action=DescribeLoadBalancers&Version=2012-06-01')
    expect(refusal('elasticloadbalancing', classic).message).toBe(
      'Could not find operation DescribeLoadBalancers for version 2012-06-01',
    )
    expect(routed('elasticloadbalancing', form('Action=DescribeLoadBalancers'))).toBe('DescribeLoadBalancers')
  })
})
