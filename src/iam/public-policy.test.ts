import { describe, expect, it } from 'vitest'
import type { ConditionBlock, PolicyPrincipal } from '../model/index.ts'
import { isPublic } from './public-policy.ts'

const bucket = (Principal: PolicyPrincipal, Condition?: ConditionBlock, Effect: 'Allow' | 'Deny' = 'Allow') =>
  isPublic({ Statement: { Effect, Principal, Action: 's3:PutObject', Resource: '*', Condition } })

describe('isPublic', () => {
  it.each<[string, PolicyPrincipal]>([
    ['everyone', '*'],
    ['everyone as an AWS principal', { AWS: '*' }],
    ['everyone among others', { AWS: ['111111111111', '*'] }],
    ['every service', { Service: '*' }],
  ])('is public for %s', (_, principal) => {
    expect(bucket(principal)).toBe(true)
  })

  it.each<[string, PolicyPrincipal]>([
    ['an account', { AWS: '111111111111' }],
    ['account roots', { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] }],
    ['a role', { AWS: 'arn:aws:iam::111111111111:role/Deploy' }],
    ['a service', { Service: 'cloudtrail.amazonaws.com' }],
    ['a canonical user', { CanonicalUser: '79a59df900b949e5' }],
  ])('is not public for %s', (_, principal) => {
    expect(bucket(principal)).toBe(false)
  })

  it.each<[string, ConditionBlock]>([
    ['an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-acorg' } }],
    ['key names in any case', { stringequals: { 'AWS:principalorgid': 'o-acorg' } }],
    ['several fixed values', { StringEquals: { 'aws:SourceAccount': ['111111111111', '222222222222'] } }],
    ['a fixed ARN', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:111111111111:builds' } }],
    ['a fixed principal ARN', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x' } }],
    ['a VPC', { StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } }],
    ['an endpoint', { StringLike: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
    [
      'a set operator on organization paths',
      {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a/r-a/ou-a/' },
      },
    ],
    ['a narrow range', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['a range of eight bits', { IpAddress: { 'aws:SourceIp': '9.0.0.0/8' } }],
    ['a private range', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    ['an IPv6 range of 32 bits', { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }],
    ['a role id with any session', { StringLike: { 'aws:userid': 'AROAEXAMPLEROLEID1234:*' } }],
    [
      'the access points of an account',
      {
        StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:123456789012:accesspoint/*' },
      },
    ],
    ['the account of access points', { StringEquals: { 's3:DataAccessPointAccount': '123456789012' } }],
    [
      'one limit among other conditions',
      {
        Bool: { 'aws:SecureTransport': 'true' },
        StringEquals: { 'aws:PrincipalOrgID': 'o-acorg' },
      },
    ],
  ])('is not public when limited to %s', (_, condition) => {
    expect(bucket('*', condition)).toBe(false)
  })

  it.each<[string, ConditionBlock]>([
    ['a VPC pattern', { StringLike: { 'aws:SourceVpc': 'vpc-*' } }],
    ['a principal pattern', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/crossdock/*' } }],
    [
      'organization paths with a wildcard',
      {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a/r-a/*' },
      },
    ],
    ['a policy variable', { StringEquals: { 'aws:SourceAccount': '$' + '{aws:PrincipalAccount}' } }],
    ['one fixed and one wildcard value', { StringLike: { 'aws:SourceVpc': ['vpc-1', 'vpc-*'] } }],
    ['no value', { StringEquals: { 'aws:SourceVpc': [] } }],
    ['a negated operator', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-acorg' } }],
    ['an operator that allows absence', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-acorg' } }],
    [
      'ForAllValues, which allows absence',
      {
        'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-a/r-a/' },
      },
    ],
    ['a key that limits nobody', { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }],
    ['TLS', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['a broad range', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }],
    ['a broad IPv6 range', { IpAddress: { 'aws:SourceIp': '2000::/16' } }],
    ['everything but a range', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['no range', { IpAddress: { 'aws:SourceIp': 'everywhere' } }],
    ['any session of any role', { StringLike: { 'aws:userid': '*:session' } }],
    [
      'access points of any account',
      {
        StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:*:accesspoint/x' },
      },
    ],
  ])('is public in spite of %s', (_, condition) => {
    expect(bucket('*', condition)).toBe(true)
  })

  it('does not care for denies', () => {
    expect(bucket('*', undefined, 'Deny')).toBe(false)
  })

  it('is public when one statement of several is', () => {
    const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' } as const
    const fixed = { ...allow, Principal: { AWS: '111111111111' } }
    expect(isPublic({ Statement: [fixed, { ...allow, Principal: '*' }] })).toBe(true)
    expect(isPublic(JSON.stringify({ Statement: [fixed, fixed] }))).toBe(false)
  })

  it('counts an allow for all but some as public', () => {
    const NotPrincipal = { AWS: '111111111111' }
    expect(isPublic({ Statement: { Effect: 'Allow', NotPrincipal, Action: 's3:*', Resource: '*' } })).toBe(
      true,
    )
  })
})
