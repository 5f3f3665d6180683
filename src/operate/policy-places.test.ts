import { describe, expect, test, vi } from 'vitest'
import { assemblyStack } from '../../tests/assembly-stack.ts'
import { fakeAccounts } from '../../tests/fake-accounts.ts'
import {
  type Assembly,
  inlinePolicy,
  type PolicyRef,
  resourcePolicyOf,
  stackDigest,
  trustPolicyOf,
} from '../model/index.ts'
import { policyPlaces } from './policy-places.ts'

const DEV = '222222222222'
const trust = {
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'codepipeline.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}
const policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }] }
const stack = assemblyStack({
  template: {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deploy', AssumeRolePolicyDocument: trust } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'drops' } },
      Plain: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'plain' } },
      BucketRules: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'drops', PolicyDocument: policy } },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policy } },
    },
  },
})
const assembly: Assembly = { fleet: 'f', waves: [[stack]], pipelines: [] }
const places = policyPlaces(assembly)

test.each([
  [inlinePolicy(`arn:aws:iam::${DEV}:role/deploy`), 'Role'],
  [trustPolicyOf(`arn:aws:iam::${DEV}:role/deploy`), 'Role'],
  [resourcePolicyOf('arn:aws:s3:::drops'), 'BucketRules'],
  [resourcePolicyOf('arn:aws:s3:::plain'), 'Plain'],
  [resourcePolicyOf(`arn:aws:kms:us-east-1:${DEV}:key/1b3c`), 'Key'],
])('the policy %j stands at %s', (policy, logicalId) => {
  expect(places(policy)).toMatchObject({ stack: 'app', logicalId, account: DEV })
})

test.each<PolicyRef | undefined>([
  inlinePolicy(`arn:aws:iam::${DEV}:role/theirs`),
  resourcePolicyOf('arn:aws:s3:::theirs'),
  resourcePolicyOf(`arn:aws:kms:eu-west-1:${DEV}:key/1b3c`),
  resourcePolicyOf(`arn:aws:sns:us-east-1:${DEV}:topic`),
  { kind: 'service control', owner: { kind: 'account', id: DEV }, name: 'guard' },
  undefined,
])('the policy %j is none of the fleet', (policy) => {
  expect(places(policy)).toBeUndefined()
})

test('the assembly is read when the first place is asked for', () => {
  const waves = vi.fn(() => [[stack]])
  const lazy = policyPlaces({
    ...assembly,
    get waves() {
      return waves()
    },
  })
  expect(waves).not.toHaveBeenCalled()
  lazy(resourcePolicyOf('arn:aws:s3:::drops'))
  const read = waves.mock.calls.length
  lazy(resourcePolicyOf('arn:aws:s3:::plain'))
  expect([read > 0, waves.mock.calls.length]).toEqual([true, read])
})

describe('a denial is one of an older deployment', () => {
  const may = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
  const role = (allowed: string) =>
    assemblyStack({
      template: {
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'deploy',
              AssumeRolePolicyDocument: trust,
              Policies: [{ PolicyName: 'p', PolicyDocument: may(allowed) }],
            },
          },
        },
      },
    })
  const now = role('sqs:CreateQueue')
  const call = {
    principal: `arn:aws:iam::${DEV}:role/deploy`,
    action: 'sqs:CreateQueue',
    resource: `arn:aws:sqs:us-east-1:${DEV}:q`,
  }
  const outdated = (
    deployed: string | undefined,
    asked = call,
    at: PolicyRef = inlinePolicy(call.principal),
  ) => {
    const its = policyPlaces({ fleet: 'f', waves: [[now]], pipelines: [] })
    const Outputs = [{ OutputKey: 'CrossdockDigest', OutputValue: deployed }]
    const { accounts } = fakeAccounts({ DescribeStacks: () => ({ Stacks: [{ Outputs }] }) })
    return its.areOutdated!(asked, [its(at)], accounts)
  }

  test('where another template was deployed, and the present one allows it', async () => {
    expect(await outdated(stackDigest(role('sns:CreateTopic').template))).toBe(true)
  })

  test.each([
    [
      'the template is the one that was deployed: somebody changed the role',
      () => outdated(stackDigest(now.template)),
    ],
    ['nobody knows what was deployed', () => outdated(undefined)],
    ['the present one does not allow it either', () => outdated('x', { ...call, action: 'sqs:DeleteQueue' })],
    [
      'the policy is none of the fleet',
      () => outdated('x', call, inlinePolicy(`arn:aws:iam::${DEV}:role/theirs`)),
    ],
  ])('and not where %s', async (_, ask) => {
    expect(await ask()).toBe(false)
  })
})
