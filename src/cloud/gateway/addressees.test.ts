import { describe, expect, test } from 'vitest'
import type { WireRequest } from '../protocols/index.ts'
import { services } from '../services/index.ts'
import { Addressees } from './addressees.ts'

const addressees = new Addressees(services)

describe('a host', () => {
  test.each([
    ['127.0.0.1:4566', undefined],
    ['localhost', undefined],
    ['[::1]:4566', undefined],
    ['amazonaws.com', undefined],
    ['b.localhost:4566', 's3'],
    ['s3.localhost', 's3'],
    ['a.b.127.0.0.1:4566', 's3'],
    ['s3.amazonaws.com', 's3'],
    ['B.S3.eu-west-1.AmazonAWS.com.:443', 's3'],
    ['b.s3-eu-west-1.amazonaws.com', 's3'],
    ['s3-fips.dualstack.us-gov-west-1.amazonaws.com', 's3'],
    ['b.s3-accelerate.dualstack.amazonaws.com', 's3'],
    ['b.s3.cn-north-1.amazonaws.com.cn', 's3'],
    ['sts.amazonaws.com', 'sts'],
    ['sts-fips.us-east-1.amazonaws.com', 'sts'],
    ['iam.us-gov.amazonaws.com', 'iam'],
    ['organizations-fips.aws-us-gov-global.api.aws', 'organizations'],
    ['lambda.eu-west-1.api.aws', 'lambda'],
    ['api.ecr.us-east-1.amazonaws.com', 'ecr'],
    ['111111111111.dkr.ecr.us-east-1.amazonaws.com', 'ecr'],
    ['vpce-1a-2b.sns.us-east-1.vpce.amazonaws.com', 'sns'],
    ['codestar-connections.us-east-1.amazonaws.com', 'codestar-connections'],
    ['codecommit.us-east-1.amazonaws.com', 'codecommit'],
    ['git-codecommit.us-east-1.amazonaws.com', 'codecommit'],
  ])('%s is %s', (host, service) => {
    const found = addressees.byHost(host)
    expect([found.service?.id, found.unknown]).toEqual([service, undefined])
  })

  test.each([
    ['111111111111.s3-control.us-east-1.amazonaws.com', 's3-control'],
    ['b.s3-website-us-east-1.amazonaws.com', 's3-website-us-east-1'],
    ['p-111111111111.s3-accesspoint.us-east-1.amazonaws.com', 's3-accesspoint'],
    ['dynamodb.us-east-1.amazonaws.com', 'dynamodb'],
  ])('%s is a service that the cloud does not have', (host, unknown) => {
    expect(addressees.byHost(host)).toEqual({ unknown })
  })

  test.each([
    ['127.0.0.1', '/v2/x', 'ecr'],
    ['111111111111.dkr.ecr.us-east-1.amazonaws.com', '/v2/x', 'ecr'],
    ['localhost', '/_cloudformation/x', 'cloudformation'],
    ['b.localhost', '/v2/x', undefined],
    ['b.s3.amazonaws.com', '/_cloudformation/x', undefined],
    ['sts.amazonaws.com', '/v2/x', undefined],
    ['111111111111.s3-control.us-east-1.amazonaws.com', '/v2/x', undefined],
    ['127.0.0.1', '/bucket', undefined],
  ])('%s goes before the path %s', (host, path, service) => {
    expect(addressees.plain({ host }, path)?.service.id).toBe(service)
  })
})

test.each<[service: string, door: string | undefined]>([
  ['ecr', 'ecr'],
  ['apigateway', undefined],
  ['s3', undefined],
])('a signature for %s goes before the path of an image', (service, door) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=A/1/r/${service}/aws4_request, X`
  const query = `X-Amz-Credential=A%2F1%2Fr%2F${service}%2Faws4_request`
  const host = '127.0.0.1'
  expect(addressees.plain({ host, headers: { authorization } }, '/v2/apis')?.service.id).toBe(door)
  expect(addressees.plain({ host }, `/v2/apis?${query}`)?.service.id).toBe(door)
  expect(addressees.plain({ host, headers: { authorization: 'Basic QVdTOng=' } }, '/v2/')?.service.id).toBe(
    'ecr',
  )
})

test.each<[what: string, change: Partial<WireRequest>, protocol: string]>([
  ['a target', { headers: { 'x-amz-target': 'DynamoDB.ListTables' } }, 'json'],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 'query'],
  ['a path', {}, 'rest-json'],
])('a service that is not modelled speaks what %s stands for', (_, change, protocol) => {
  const host = 'absent.us-east-1.amazonaws.com'
  const wire = { method: 'GET', path: '/', query: '', headers: {}, host, body: Buffer.alloc(0), ...change }
  expect(addressees.modelForErrors(wire)).toMatchObject({ name: 'absent', protocol })
})

test.each<[string, Partial<WireRequest>, string]>([
  [
    "a signature's scope",
    { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=A/1/r/logs/aws4_request, X' } },
    'logs',
  ],
  ['a presigned scope', { query: 'X-Amz-Credential=A%2F1%2Fr%2Fsts%2Faws4_request' }, 'sts'],
  [
    "a host of AWS's",
    { host: 'organizations.us-east-1.amazonaws.com', headers: { 'x-amz-target': 'A.B' } },
    'organizations',
  ],
  ['a host of a service that the cloud lacks', { host: 'sqs.eu-west-1.amazonaws.com' }, 'sqs'],
  ["a bucket's host", { host: 'b.s3.amazonaws.com', query: 'Action=x' }, 's3'],
  ['a target', { headers: { 'x-amz-target': 'Any.Thing' } }, 'kms'],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } }, 'sts'],
  ['anything else', {}, 's3'],
])('errors before routing are shaped by %s', (_, change, service) => {
  const wire = {
    method: 'GET',
    path: '/',
    query: '',
    headers: {},
    host: 'h',
    body: Buffer.alloc(0),
    ...change,
  }
  expect(addressees.modelForErrors(wire).name).toBe(service)
})
