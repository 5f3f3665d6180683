import { describe, expect, test } from 'vitest'
import { s3Address } from './address.ts'

describe('S3 addresses', () => {
  test.each([
    ['127.0.0.1:4000', '/', {}],
    ['127.0.0.1:4000', '/b', { bucket: 'b' }],
    ['127.0.0.1:4000', '/b/', { bucket: 'b' }],
    ['127.0.0.1:4000', '/b/a%20b+c/d%2Fe', { bucket: 'b', key: 'a b+c/d/e' }],
    ['127.0.0.1:4000', '/b//k', { bucket: 'b', key: '/k' }],
    ['127.0.0.1:4000', '/b/../k', { bucket: 'b', key: '../k' }],
    ['s3.amazonaws.com', '/b/k', { bucket: 'b', key: 'k' }],
    ['s3.eu-west-1.amazonaws.com', '/b/k', { bucket: 'b', key: 'k' }],
    ['localhost:4000', '/b/k', { bucket: 'b', key: 'k' }],
    ['s3.localhost:4000', '/b/k', { bucket: 'b', key: 'k' }],
    ['b.localhost:4000', '/k', { bucket: 'b', key: 'k' }],
    ['a.b.localhost:4000', '/k', { bucket: 'a.b', key: 'k' }],
    ['b.s3.localhost:4000', '/k', { bucket: 'b', key: 'k' }],
    ['B.LocalHost.:4000', '/k', { bucket: 'b', key: 'k' }],
    ['a.b.127.0.0.1:4000', '/k', { bucket: 'a.b', key: 'k' }],
    ['127.1.2.3', '/b/k', { bucket: 'b', key: 'k' }],
    ['a.b.s3.us-east-1.amazonaws.com', '/k/l', { bucket: 'a.b', key: 'k/l' }],
    ['b.s3-eu-west-1.amazonaws.com', '/k', { bucket: 'b', key: 'k' }],
    ['b.s3.dualstack.eu-west-1.amazonaws.com', '/', { bucket: 'b' }],
    ['b.s3.cn-north-1.amazonaws.com.cn', '/', { bucket: 'b' }],
  ])('%s %s', (host, path, expected) => {
    expect(s3Address({ host, path })).toEqual(expected)
  })

  test('a path that is not valid UTF-8 is refused', () => {
    expect(() => s3Address({ host: '127.0.0.1', path: '/b/%ff' })).toThrow(
      expect.objectContaining({ code: 'InvalidURI' }),
    )
  })
})
