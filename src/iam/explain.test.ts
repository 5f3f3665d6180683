import { describe, expect, it } from 'vitest'
import { type PolicyStatement, supposedPolicy } from '../model/index.ts'
import { compile } from './compile.ts'
import { evaluate } from './evaluate.ts'
import { explain } from './explain.ts'
import type { AuthorizationRequest, Caller } from './request.ts'

const policy = (label: string, ...statements: PolicyStatement[]) =>
  compile({ Version: '2012-10-17', Statement: statements }, supposedPolicy(label))

const user = 'arn:aws:iam::111111111111:user/alice'
const caller: Caller = {
  kind: 'user',
  account: '111111111111',
  arn: user,
  principalArn: user,
  identityPolicies: [],
}
const OBJECT = 'arn:aws:s3:::hub/orders/a'

function explained(statement: PolicyStatement, change: Partial<AuthorizationRequest> = {}) {
  const who = { ...caller, identityPolicies: [policy('reader', statement)] }
  return explain({ caller: who, action: 's3:GetObject', resource: OBJECT, context: {}, ...change })
}
const allow: PolicyStatement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::hub/*' }

describe('explain', () => {
  it('gives the decision of evaluate', () => {
    const request = { caller, action: 's3:GetObject', resource: OBJECT, context: {} }
    expect(explain(request).decision).toEqual(evaluate(request))
  })

  it('tells which statement matched', () => {
    expect(explained({ ...allow, Sid: 'Read' }).policies).toEqual([
      {
        policyType: 'identity-based policy',
        policy: supposedPolicy('reader'),
        verdict: 'allows',
        statements: [
          {
            policyType: 'identity-based policy',
            policy: supposedPolicy('reader'),
            index: 0,
            sid: 'Read',
            effect: 'Allow',
            matched: true,
            conditions: [],
          },
        ],
      },
    ])
  })

  it('reads a negated operator as what it lets pass', () => {
    const Condition = { ArnNotLike: { 'aws:PrincipalArn': user } }
    const context = { 'aws:PrincipalArn': user }
    expect(explained({ ...allow, Condition }, { context }).nearMisses[0]?.detail).toBe(
      `ArnNotLike aws:PrincipalArn: wanted anything but "${user}", got "${user}"`,
    )
  })

  it('tells the condition that failed, with what was wanted and got', () => {
    const Condition = { StringEquals: { 'aws:SourceAccount': '111111111111' } }
    const { nearMisses, policies } = explained(
      { ...allow, Condition },
      { context: { 'aws:sourceaccount': '2' } },
    )
    expect(nearMisses).toEqual([
      {
        policyType: 'identity-based policy',
        policy: supposedPolicy('reader'),
        index: 0,
        effect: 'Allow',
        failed: 'condition',
        key: 'aws:SourceAccount',
        detail: 'StringEquals aws:SourceAccount: wanted "111111111111", got "2"',
      },
    ])
    expect(policies[0]?.statements[0]?.conditions).toEqual([
      { operator: 'StringEquals', key: 'aws:SourceAccount', wanted: ['111111111111'], got: '2', held: false },
    ])
  })

  it.each<[Record<string, string | string[]>, string]>([
    [{}, 'no value'],
    [{ 'aws:TagKeys': [] }, 'no value'],
    [{ 'aws:TagKeys': ['a', 'b'] }, '"a", "b"'],
  ])('words the value %j', (context, words) => {
    const Condition = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['x', 'y'] } }
    const [miss] = explained({ ...allow, Condition }, { context }).nearMisses
    expect(miss?.detail).toBe(`ForAnyValue:StringEquals aws:TagKeys: wanted "x" or "y", got ${words}`)
  })

  it('fills variables in what was wanted', () => {
    const Resource = 'arn:aws:s3:::hub/$' + '{aws:username}/*'
    expect(explained({ ...allow, Resource }).nearMisses[0]).toMatchObject({
      failed: 'resource',
      detail: `names "arn:aws:s3:::hub/alice/*", asked for "${OBJECT}"`,
    })
  })

  it('tells an action that is missing where all else fits', () => {
    const { nearMisses } = explained(allow, { action: 's3:GetObjectVersion' })
    expect(nearMisses[0]).toMatchObject({
      failed: 'action',
      detail: 'names "s3:GetObject", asked for "s3:GetObjectVersion"',
    })
  })

  it('keeps silent about statements on other services and resources', () => {
    expect(explained({ ...allow, Action: 'sqs:*' }).nearMisses).toEqual([])
    const Resource = 'arn:aws:s3:::other/*'
    expect(explained({ ...allow, Resource }, { action: 's3:PutObject' }).nearMisses).toEqual([])
  })

  it('tells the principal that was named instead', () => {
    const Principal = { AWS: ['222222222222'], Service: 'sns.amazonaws.com' }
    const { nearMisses } = explained(allow, { resourcePolicy: policy('hub', { ...allow, Principal }) })
    expect(nearMisses[0]).toMatchObject({
      policyType: 'resource-based policy',
      policy: supposedPolicy('hub'),
      failed: 'principal',
      detail: `names "222222222222" or "sns.amazonaws.com", the caller is "${user}"`,
    })
  })

  it('words the negated elements', () => {
    const denyOthers = { ...allow, Effect: 'Deny', NotPrincipal: { AWS: [user, '111111111111'] } } as const
    const finding = explained(allow, { resourcePolicy: policy('hub', denyOthers) }).policies[0]
    expect(finding?.statements[0]?.detail).toMatch(/^NotPrincipal leaves out /)
    const { Resource: _, ...rest } = allow
    const outside = explained({ ...rest, NotResource: OBJECT })
    expect(outside.nearMisses[0]?.detail).toBe(`NotResource leaves out "${OBJECT}", asked for "${OBJECT}"`)
    const { Action: __, ...open } = allow
    const but = explained({ ...open, NotAction: 's3:Get*' })
    expect(but.nearMisses[0]?.detail).toBe('NotAction leaves out "s3:Get*", asked for "s3:GetObject"')
  })

  it('puts the nearest miss first', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' } }
    const statements = [
      { ...allow, Resource: 'arn:aws:s3:::x' },
      { ...allow, Condition },
    ]
    const who = { ...caller, identityPolicies: [policy('reader', ...statements)] }
    const request = { caller: who, action: 's3:GetObject', resource: OBJECT, context: {} }
    expect(explain(request).nearMisses.map((miss) => miss.index)).toEqual([1, 0])
  })

  it('reads every policy in the order of AWS', () => {
    const one = policy('p', { ...allow, Principal: '*' })
    const identity = policy('p', allow)
    const limits = { boundary: identity, sessionPolicies: [identity], serviceControlPolicies: [[identity]] }
    const request: AuthorizationRequest = {
      caller: { ...caller, identityPolicies: [identity], ...limits },
      action: 's3:GetObject',
      resource: OBJECT,
      resourcePolicy: one,
      resourceControlPolicies: [[one]],
      context: {},
    }
    expect(explain(request).policies.map((finding) => finding.policyType)).toEqual([
      'service control policy',
      'resource control policy',
      'resource-based policy',
      'identity-based policy',
      'permissions boundary',
      'session policy',
    ])
  })

  it('reads key policies as KMS does', () => {
    const Condition = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/orders' } }
    const key = policy('key', {
      ...allow,
      Action: 'kms:*',
      Resource: '*',
      Principal: { AWS: user },
      Condition,
    })
    const explanation = explain({
      caller,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
      resourcePolicy: key,
      context: { 'kms:ResourceAliases': ['alias/orders'] },
    })
    expect(explanation.rules).toEqual(['KMS key policies and grants'])
    expect(explanation.nearMisses[0]?.detail).toBe(
      'ForAnyValue:StringEquals kms:ResourceAliases: wanted "alias/orders", got no value',
    )
  })

  it('tells why grants do not cover a call', () => {
    const grant = { id: 'g', granteePrincipal: user, operations: ['Decrypt'] }
    const grants = [
      { ...grant, operations: ['Encrypt', 'DescribeKey'] },
      { ...grant, granteePrincipal: 'arn:aws:iam::111111111111:role/R' },
      { ...grant, encryptionContextEquals: { Department: 'IT' } },
    ]
    const request: AuthorizationRequest = {
      caller,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
      grants,
      context: { 'kms:EncryptionContext:Department': 'HR' },
    }
    expect(explain(request).nearMisses.map((miss) => miss.detail)).toEqual([
      'grants Encrypt, DescribeKey, not Decrypt',
      'encryption context: wanted {"Department":"IT"}, got {"Department":"HR"}',
      'is given to "arn:aws:iam::111111111111:role/R"',
    ])
    const covered = explain({ ...request, grants: [grant] })
    expect(covered.policies).toMatchObject([
      { policyType: 'grant', policy: { kind: 'grant', name: 'g' }, verdict: 'allows' },
    ])
  })
})
