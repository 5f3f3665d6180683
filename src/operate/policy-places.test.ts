import { expect, test, vi } from 'vitest'
import { assemblyStack } from '../../tests/assembly-stack.ts'
import type { Assembly } from '../model/index.ts'
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
  [`identity policy of arn:aws:iam::${DEV}:role/deploy`, 'Role'],
  ['bucket policy of arn:aws:s3:::drops', 'BucketRules'],
  ['bucket policy of arn:aws:s3:::plain', 'Plain'],
  [`key policy of arn:aws:kms:us-east-1:${DEV}:key/1b3c`, 'Key'],
])('the %s stands at %s', (policyName, logicalId) => {
  expect(places(policyName)).toMatchObject({ stack: 'app', logicalId, account: DEV })
})

test.each([
  `identity policy of arn:aws:iam::${DEV}:role/theirs`,
  'bucket policy of arn:aws:s3:::theirs',
  `key policy of arn:aws:kms:eu-west-1:${DEV}:key/1b3c`,
  `topic policy of arn:aws:sns:us-east-1:${DEV}:topic`,
  'service control policy',
])('the %s is none of the fleet', (policyName) => {
  expect(places(policyName)).toBeUndefined()
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
  lazy('bucket policy of arn:aws:s3:::drops')
  const read = waves.mock.calls.length
  lazy('bucket policy of arn:aws:s3:::plain')
  expect([read > 0, waves.mock.calls.length]).toEqual([true, read])
})
