import { expect, test } from 'vitest'
import type { PolicyStatement, TemplateResource } from '../../model/index.ts'
import { permissionChanges, permissionWords } from './permission-changes.ts'

type Resources = Readonly<Record<string, TemplateResource>>

const words = (before: Resources, after: Resources, parameters: Record<string, string> = {}): string[] =>
  permissionChanges(
    { template: { Resources: before }, parameters },
    { template: { Resources: after }, parameters },
  ).map(permissionWords)

const document = (...Statement: PolicyStatement[]) => ({ Version: '2012-10-17', Statement })
const role = (
  statements: PolicyStatement[],
  trust: PolicyStatement[] = [],
  more: object = {},
): Resources => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'deploy',
      AssumeRolePolicyDocument: document(...trust),
      Policies: [{ PolicyName: 'p', PolicyDocument: document(...statements) }],
      ...more,
    },
  },
})
const allow = (Action: string[], Resource: string | string[], Condition?: PolicyStatement['Condition']) =>
  ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }) as PolicyStatement

test('statements that say the same in another way change nothing', () => {
  const apart = [allow(['s3:GetObject'], 'a'), allow(['s3:GetObject', 's3:PutObject'], 'b')]
  const together = [allow(['s3:PutObject'], 'b'), allow(['s3:GetObject'], ['b', 'a'])]
  expect(words(role(apart), role(together))).toEqual([])
})

test('what a role gains and loses is said by calls, resources and conditions', () => {
  const when = { StringEquals: { 'kms:ViaService': ['s3.eu-west-1.amazonaws.com', 's3.amazonaws.com'] } }
  expect(
    words(
      role([allow(['s3:GetObject', 's3:PutObject'], ['a', 'b']), allow(['kms:Decrypt'], 'k')]),
      role([allow(['s3:GetObject'], ['a', 'b', 'c']), allow(['kms:Decrypt'], 'k', when)]),
    ),
  ).toEqual([
    'the role deploy may now s3:GetObject on c',
    'the role deploy may now kms:Decrypt on k, if StringEquals kms:ViaService s3.amazonaws.com or s3.eu-west-1.amazonaws.com',
    'the role deploy may no longer s3:PutObject on a, b',
    'the role deploy may no longer kms:Decrypt on k',
  ])
})

test('denials, what is left out, and managed policies', () => {
  const deny: PolicyStatement = { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }
  const managed = { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }
  expect(words(role([]), role([deny], [], managed))).toEqual([
    'the role deploy is now denied everything but s3:* on *',
    'the role deploy may now what arn:aws:iam::aws:policy/ReadOnlyAccess allows on *',
  ])
})

const root = (account: string) => `arn:aws:iam::${account}:root`
const roleOf = (account: string) => `arn:aws:iam::${account}:role/deploy`
const lets = (accounts: string[], Action: string): PolicyStatement => ({
  Effect: 'Allow',
  Principal: { AWS: accounts.map(root) },
  Action,
  Condition: { ArnEquals: { 'aws:PrincipalArn': accounts.map(roleOf) } },
})

test('who may assume a role is who the condition narrows its account to', () => {
  expect(
    words(
      role([], [lets(['222222222222'], 'sts:AssumeRole')]),
      role([], [lets(['222222222222', '333333333333'], 'sts:AssumeRole')]),
    ),
  ).toEqual(['the role deploy may now be assumed by arn:aws:iam::333333333333:role/deploy'])
})

test('a bucket of which one account leaves loses that one only', () => {
  const bucket = (accounts: string[]): Resources => ({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'artifacts' } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: document(lets(accounts, 's3:GetObject'), {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Condition: {
            StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': { Ref: 'Key' } as never },
          },
        }),
      },
    },
  })
  expect(words(bucket(['222222222222', '333333333333']), bucket(['222222222222']))).toEqual([
    'the bucket artifacts no longer lets arn:aws:iam::333333333333:role/deploy s3:GetObject',
  ])
  expect(words({}, bucket([]), { Key: 'arn:key' })).toContain(
    'the bucket artifacts now denies anybody s3:PutObject, if StringNotEquals s3:x-amz-server-side-encryption-aws-kms-key-id arn:key',
  )
})

test('a managed policy of the template is said of the roles that have it', () => {
  const policy = (Action: string): Resources => ({
    ...role([]),
    More: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: document(allow([Action], { 'Fn::GetAtt': ['Key', 'Arn'] } as never)),
      },
    },
  })
  expect(words(policy('kms:Decrypt'), policy('kms:Encrypt'))).toEqual([
    'the role deploy may now kms:Encrypt on ${Key.Arn}',
    'the role deploy may no longer kms:Decrypt on ${Key.Arn}',
  ])
})
