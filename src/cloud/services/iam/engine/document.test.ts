import { describe, expect, it } from 'vitest'
import type { Directory } from '../../../kernel/identity.ts'
import { checkIdentityPolicy, countedSize, trustPolicy } from './document.ts'

const directory = {
  principalExists: (name: string) => name.includes('111111111111'),
  principalId: () => undefined,
} as unknown as Directory

const identity = (statement: object, version = '2012-10-17') =>
  checkIdentityPolicy(JSON.stringify({ Version: version, Statement: [statement] }))
const trust = (statement: object) =>
  trustPolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), directory)

describe('identity policies', () => {
  const good = { Effect: 'Allow', Action: 's3:*', Resource: '*' }

  it.each([
    [good],
    [
      {
        ...good,
        Resource: ['arn:aws:s3:::b', 'arn:*:s3:::b/*', 'arn:aws:iam::${aws:PrincipalAccount}:role/x'],
      },
    ],
    [{ Effect: 'Deny', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::b/*', Sid: 'Keep1' }],
  ])('take %j', (statement) => {
    expect(() => identity(statement)).not.toThrow()
  })

  it.each([
    [{ ...good, Effect: 'allow' }, 'Syntax errors in policy.'],
    [{ ...good, Actions: 'x' }, 'Syntax errors in policy.'],
    [{ ...good, Action: 's3:a:b' }, 'Actions/Condition can contain only one colon.'],
    [{ ...good, Action: '*3:Get' }, 'Vendor *3 is not valid'],
    [{ Effect: 'Allow', Resource: '*' }, 'Policy statement must contain actions.'],
    [{ ...good, Resource: 'arn:aws:s3' }, 'The policy failed legacy parsing'],
    [{ ...good, Resource: 'arn:aws:iam:us-east-1::role/x' }, 'cannot contain region information.'],
    [{ ...good, Resource: 'arn:gcp:s3:::b' }, 'Partition "gcp" is not valid for resource "arn:gcp:s3:::b".'],
    [{ ...good, Sid: 'not alphanumeric' }, 'Statement IDs (SID) must be alpha-numeric.'],
    [{ ...good, Condition: { Equals: { a: 'b' } } }, 'Syntax errors in policy.'],
  ])('refuse %j', (statement, message) => {
    expect(() => identity(statement)).toThrow(message)
  })

  it('refuse an old version and two statements of one name', () => {
    expect(() => identity(good, '2008-10-17')).toThrow(
      'Policy document must be version 2012-10-17 or greater.',
    )
    expect(() => checkIdentityPolicy(JSON.stringify({ Statement: [good] }), 'inline')).not.toThrow()
    const twice = {
      Version: '2012-10-17',
      Statement: [
        { ...good, Sid: 'A' },
        { ...good, Sid: 'A' },
      ],
    }
    expect(() => checkIdentityPolicy(JSON.stringify(twice))).toThrow(/must be unique/)
    expect(() => checkIdentityPolicy('[]')).toThrow('Syntax errors in policy.')
  })

  it('count without white space', () => {
    expect(countedSize('{ "a" :\n "b" }')).toBe('{"a":"b"}'.length)
  })
})

describe('trust policies', () => {
  const good = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }

  it('take services, accounts that exist, and everyone', () => {
    for (const Principal of [
      good.Principal,
      { AWS: ['111111111111', 'arn:aws:iam::111111111111:root'] },
      '*',
    ])
      expect(() => trust({ ...good, Principal })).not.toThrow()
  })

  it('refuse what is too long', () => {
    const names = Array.from({ length: 60 }, (_, index) => `${index}`.padStart(30, 'x'))
    expect(() => trust({ ...good, Condition: { StringEquals: { 'sts:ExternalId': names } } })).toThrow(
      'Cannot exceed quota for ACLSizePerRole: 2048',
    )
  })

  it.each([
    [{ ...good, Principal: { AWS: '222222222222' } }, 'Invalid principal in policy: "AWS":"222222222222"'],
    [{ ...good, Effect: undefined }, 'Missing required field Effect'],
    [{ ...good, Action: undefined }, 'Missing required field Action'],
    [{ ...good, Principals: {} }, 'Unknown field Principals'],
  ])('refuse %j', (statement, message) => {
    expect(() => trust(statement)).toThrow(message)
  })
})
