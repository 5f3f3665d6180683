import { describe, expect, it } from 'vitest'
import { inlinePolicy, type PolicyStatement, resourcePolicyOf, supposedPolicy } from '../model/index.ts'
import { compile } from './compile.ts'
import { evaluate } from './evaluate.ts'
import type { AuthorizationRequest, Caller } from './request.ts'
import { suggest } from './suggest.ts'

const policy = (label: string, ...statements: PolicyStatement[]) =>
  compile({ Version: '2012-10-17', Statement: statements }, supposedPolicy(label))

const ROLE = 'arn:aws:iam::222222222222:role/crossdock/deploy'
const caller: Caller = {
  kind: 'role',
  account: '222222222222',
  arn: 'arn:aws:sts::222222222222:assumed-role/deploy/run',
  principalArn: ROLE,
  identityPolicies: [],
}
const read: AuthorizationRequest = {
  caller,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::hub/orders/a',
  resourceAccount: '111111111111',
  context: {},
}
const suggested = (request: AuthorizationRequest) => suggest(request, evaluate(request))
const everything: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: '*' }

describe('suggest', () => {
  it('has nothing to say of an allowed request', () => {
    const request = { ...read, resourceAccount: '222222222222' }
    const allowed = { ...request, caller: { ...caller, identityPolicies: [policy('p', everything)] } }
    expect(suggested(allowed)).toEqual([])
  })

  it('names both sides of a cross-account call', () => {
    expect(suggested(read)).toEqual([
      {
        policyType: 'identity-based policy',
        at: inlinePolicy(ROLE),
        belongsIn: `identity policy of ${ROLE}`,
        statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::hub/orders/a' },
        advice: `Add this statement to the identity policy of ${ROLE}.`,
      },
      {
        policyType: 'resource-based policy',
        at: resourcePolicyOf('arn:aws:s3:::hub'),
        belongsIn: 'bucket policy of arn:aws:s3:::hub',
        statement: {
          Effect: 'Allow',
          Principal: { AWS: ROLE },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::hub/orders/a',
        },
        advice: 'Add this statement to the bucket policy of arn:aws:s3:::hub.',
      },
    ])
  })

  it('goes on to boundary, session and organization', () => {
    const silent = policy('Limits', { ...everything, Action: 'sqs:*' })
    const limits = { boundary: silent, sessionPolicies: [silent], serviceControlPolicies: [[silent]] }
    const request = { ...read, caller: { ...caller, ...limits } }
    expect(suggested(request).map((suggestion) => suggestion.belongsIn)).toEqual([
      'service control policies of account 222222222222',
      `identity policy of ${ROLE}`,
      `permissions boundary Limits of ${ROLE}`,
      'session policy of arn:aws:sts::222222222222:assumed-role/deploy/run',
      'bucket policy of arn:aws:s3:::hub',
    ])
  })

  it('writes a trust policy statement without resource', () => {
    const resource = 'arn:aws:iam::111111111111:role/Target'
    const request = { ...read, action: 'sts:AssumeRole', resource }
    expect(suggested(request)[1]).toMatchObject({
      belongsIn: `trust policy of ${resource}`,
      statement: { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'sts:AssumeRole' },
    })
  })

  it('trusts tokens by the claims of the one that comes', () => {
    const federated = 'arn:aws:iam::222222222222:oidc-provider/ci.example/x'
    const claims = { 'ci.example/x:aud': 'aws', 'ci.example/x:sub': 'job' }
    const token = { kind: 'anonymous', account: '', arn: federated, principalArn: federated } as const
    const [suggestion] = suggested({
      caller: { ...token, federated, identityPolicies: [] },
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: ROLE,
      resourceAccount: '222222222222',
      context: { ...claims, 'aws:SecureTransport': 'true' },
    })
    expect(suggestion!.statement).toEqual({
      Effect: 'Allow',
      Principal: { Federated: federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: claims },
    })
  })

  it('narrows a service to the account it works for', () => {
    const service = 'codepipeline.amazonaws.com'
    const request: AuthorizationRequest = {
      ...read,
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::111111111111:role/Target',
      caller: { kind: 'service', account: '', arn: '', principalArn: '', service, identityPolicies: [] },
      context: { 'aws:SourceAccount': '111111111111' },
    }
    expect(suggested(request).map((suggestion) => suggestion.statement)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      },
    ])
  })

  it('writes a key policy statement about this key', () => {
    const resource = 'arn:aws:kms:us-east-1:111111111111:key/k'
    const request = { ...read, action: 'kms:Decrypt', resource }
    expect(suggested(request)[1]).toMatchObject({
      belongsIn: `key policy of ${resource}`,
      statement: { Principal: { AWS: ROLE }, Action: 'kms:Decrypt', Resource: '*' },
    })
  })

  it('names the statement that denies', () => {
    const denying = policy('guard', everything, { ...everything, Effect: 'Deny', Sid: 'Never' })
    const request = { ...read, caller: { ...caller, identityPolicies: [denying] } }
    expect(suggested(request)).toEqual([
      {
        policyType: 'identity-based policy',
        at: supposedPolicy('guard'),
        belongsIn: 'guard',
        advice: 'Narrow or remove statement "Never" of guard, which denies it.',
      },
    ])
  })

  it('says when a role cannot be passed', () => {
    const request = { ...read, action: 'iam:PassRole', resource: 'arn:aws:iam::111111111111:role/x' }
    expect(suggested(request)).toEqual([
      {
        at: inlinePolicy(ROLE),
        belongsIn: `identity policy of ${ROLE}`,
        advice: 'Cross-account pass role is not allowed.',
      },
    ])
  })

  it('says when Block Public Access is in the way', () => {
    const request: AuthorizationRequest = {
      ...read,
      caller: { ...caller, identityPolicies: [policy('p', everything)] },
      resourcePolicy: policy('hub', { ...everything, Principal: '*' }),
      publicAccessBlock: { blockPublicPolicy: false, restrictPublicBuckets: true },
    }
    expect(suggested(request).at(-1)?.advice).toMatch(/^Block Public Access takes away all access/)
  })

  it('says when nothing can be added', () => {
    const request = {
      ...read,
      action: 'kms:ScheduleKeyDeletion',
      resource: 'arn:aws:kms:us-east-1:111111111111:key/k',
    }
    expect(suggested(request).at(-1)?.advice).toMatch(/^No statement allows it: /)
  })
})
