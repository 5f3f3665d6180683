import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../model/index.ts'
import { type PolicyKind, validate } from './validate.ts'

const base = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }
const rightFor: Record<PolicyKind, Record<string, unknown>> = {
  identity: base,
  inline: base,
  resource: { ...base, Principal: { AWS: '111111111111' } },
  repository: { Effect: 'Allow', Action: 'ecr:BatchGetImage', Principal: { AWS: '111111111111' } },
  trust: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'codebuild.amazonaws.com' } },
  key: { ...base, Action: 'kms:*', Resource: '*', Principal: { AWS: 'arn:aws:iam::111111111111:root' } },
  scp: { ...base, Action: '*', Resource: '*' },
  rcp: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' },
}

function problems(kind: PolicyKind, ...changes: Record<string, unknown>[]): string[] {
  const Statement = changes.map((change) => ({ ...rightFor[kind], ...change }))
  return validate({ Version: '2012-10-17', Statement } as unknown as PolicyDocument, kind)
}

describe('validate', () => {
  it.each(Object.keys(rightFor) as PolicyKind[])('accepts a right %s policy', (kind) => {
    expect(problems(kind, {})).toEqual([])
  })

  it('gives the one problem of a document that cannot be read', () => {
    expect(validate('{', 'identity')).toEqual([expect.stringContaining('not JSON')])
    expect(problems('identity', { Condition: { StringEqual: { 'aws:x': 'y' } } })).toEqual([
      'Unknown condition operator "StringEqual" in statement 1 of the identity policy',
    ])
  })

  it('wants at least one statement', () => {
    expect(problems('identity')).toEqual(['Policy document must contain at least one statement.'])
  })

  it('wants the current version for managed policies only', () => {
    const wanted = ['Policy document must be version 2012-10-17 or greater.']
    expect(validate({ Statement: base } as PolicyDocument, 'identity')).toEqual(wanted)
    expect(validate({ Version: '2008-10-17', Statement: base } as PolicyDocument, 'identity')).toEqual(wanted)
    expect(validate({ Statement: base } as PolicyDocument, 'inline')).toEqual([])
    const resource = { Version: '2008-10-17', Statement: rightFor.resource } as unknown as PolicyDocument
    expect(validate(resource, 'resource')).toEqual([])
  })

  it.each<[PolicyKind, Record<string, unknown>, string]>([
    ['identity', { Principal: '*' }, 'Policy document should not specify a principal. (statement 1)'],
    [
      'identity',
      { Sid: 'Not-Good' },
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]* (statement "Not-Good")',
    ],
    ['identity', { Action: [] }, 'Policy statement must contain actions. (statement 1)'],
    [
      'identity',
      { Action: 'GetObject' },
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (statement 1)',
    ],
    ['repository', { Resource: '*' }, 'Has prohibited field Resource (statement 1)'],
    [
      'repository',
      { Action: 's3:GetObject' },
      'A repository policy may only specify ECR actions. (statement 1)',
    ],
    ['identity', { Resource: [] }, 'Policy statement must contain resources. (statement 1)'],
    ['identity', { Resource: 'b/*' }, 'Resource b/* must be in ARN format or "*". (statement 1)'],
    [
      'identity',
      { Resource: 'arn:aws:sns:us-east-1:$' + '{aws:PrincipalAccount}:x' },
      'Resource arn:aws:sns:us-east-1:$' +
        '{aws:PrincipalAccount}:x has a policy variable before the fifth colon, where none may stand. (statement 1)',
    ],
    [
      'identity',
      { Resource: 'arn:aws:s3:::b/$' + '{Pipeline}' },
      'The policy variable $' + '{Pipeline} names no condition key. (statement 1)',
    ],
    ['identity', { Condition: { StringEquals: {} } }, 'Condition "StringEquals" names no key. (statement 1)'],
    [
      'identity',
      { Condition: { StringEquals: { 'aws:x': [] } } },
      'Condition "StringEquals" has no value for "aws:x". (statement 1)',
    ],
    [
      'identity',
      { Condition: { Null: { 'aws:x': 'no' } } },
      'Condition "Null" wants "true" or "false" for "aws:x", not "no". (statement 1)',
    ],
    [
      'identity',
      { Condition: { BoolIfExists: { 'aws:x': 'yes' } } },
      'Condition "BoolIfExists" wants "true" or "false" for "aws:x", not "yes". (statement 1)',
    ],
    ['resource', { Principal: undefined }, 'Missing required field Principal (statement 1)'],
    ['resource', { Principal: {} }, 'Invalid principal in policy: {} (statement 1)'],
    [
      'resource',
      { Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:role/*" (statement 1)',
    ],
    [
      'resource',
      { Principal: { AWS: 'arn:aws:iam::*:root' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::*:root" (statement 1)',
    ],
    ['resource', { Principal: { AWS: 'alice' } }, 'Invalid principal in policy: "AWS":"alice" (statement 1)'],
    [
      'resource',
      { Principal: { AWS: 'arn:aws:iam::111111111111:group/g' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:group/g" (statement 1)',
    ],
    ['resource', { Principal: { Service: '*' } }, 'Invalid principal in policy: "SERVICE":"*" (statement 1)'],
    [
      'resource',
      { Principal: undefined, NotPrincipal: { AWS: '111111111111' } },
      'NotPrincipal can only be used with "Effect": "Deny" (statement 1)',
    ],
    ['trust', { Resource: '*' }, 'Has prohibited field Resource (statement 1)'],
    ['trust', { Principal: undefined, Resource: '*' }, 'Missing required field Principal (statement 1)'],
    [
      'trust',
      { Action: 's3:GetObject' },
      'AssumeRole policy may only specify STS AssumeRole actions. (statement 1)',
    ],
    [
      'trust',
      { Principal: { Federated: '*' } },
      'Invalid principal in policy: "FEDERATED":"*" (statement 1)',
    ],
    [
      'trust',
      { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '111111111111' } },
      'Has prohibited field NotPrincipal (statement 1)',
    ],
    ['key', { Action: 's3:GetObject' }, 'A key policy may only specify KMS actions. (statement 1)'],
    ['key', { Resource: undefined }, 'Policy statement must contain resources. (statement 1)'],
    ['scp', { Principal: '*' }, 'Policy document should not specify a principal. (statement 1)'],
    ['rcp', { Effect: 'Allow' }, 'A resource control policy can only deny. (statement 1)'],
    ['rcp', { Principal: undefined }, 'Missing required field Principal (statement 1)'],
    ['rcp', { Action: '*' }, '"*" names no service that supports resource control policies. (statement 1)'],
    [
      'rcp',
      { Principal: { AWS: '111111111111' } },
      'The principal of a resource control policy must be "*". (statement 1)',
    ],
    [
      'rcp',
      { Principal: { AWS: '*' } },
      'The principal of a resource control policy must be "*". (statement 1)',
    ],
    [
      'rcp',
      { Action: undefined, NotAction: 's3:*' },
      'A resource control policy cannot have NotAction. (statement 1)',
    ],
    [
      'rcp',
      { Action: ['s3:*', 'ec2:*'] },
      '"ec2:*" names no service that supports resource control policies. (statement 1)',
    ],
  ])('finds in a policy of kind %s with %j: %s', (kind, change, problem) => {
    expect(problems(kind, change)).toContain(problem)
  })

  it.each<[PolicyKind, Record<string, unknown>]>([
    ['resource', { Sid: 'Any text at all' }],
    ['resource', { Principal: '*' }],
    ['resource', { Principal: { AWS: ['*', 'arn:aws:sts::111111111111:assumed-role/R/s'] } }],
    ['resource', { Principal: { AWS: 'AROAEXAMPLEROLEID1234' } }],
    ['resource', { Principal: { AWS: 'arn:aws:iam::111111111111:role/path/to/R' } }],
    ['resource', { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '111111111111' } }],
    ['trust', { Principal: { Federated: 'arn:aws:iam::111111111111:oidc-provider/example.com' } }],
    ['trust', { Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    ['identity', { Action: '*', Resource: '*' }],
    ['rcp', { Action: ['s3:*', 'kms:Decrypt'] }],
    ['identity', { Resource: ['arn:aws:s3:::*', 'arn:aws:*'] }],
    ['identity', { Condition: { Bool: { 'aws:x': ['true', false] } } }],
  ])('accepts in a policy of kind %s: %j', (kind, change) => {
    expect(problems(kind, change)).toEqual([])
  })

  it('wants unique Sids', () => {
    expect(problems('identity', { Sid: 'A' }, { Sid: 'A' })).toEqual([
      'Statement IDs (SID) in a single policy must be unique.',
    ])
    expect(problems('identity', { Sid: '' }, { Sid: '' }, {})).toEqual([])
  })

  it('names the statement at fault', () => {
    expect(problems('identity', {}, { Action: 'x' })).toEqual([expect.stringContaining('(statement 2)')])
  })
})
