/** Measures IAM decisions a second on an 18-statement cross-account case. */

import { type AuthorizationRequest, compile, evaluate } from '../src/iam/index.ts'
import { inlinePolicy, type PolicyStatement, resourcePolicyOf } from '../src/model/index.ts'
import { fastest, type Measurement } from './measurement.ts'

const BUCKET = 'arn:aws:s3:::hub-artifacts-111111111111-us-east-1'
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const ROLE = 'arn:aws:iam::222222222222:role/crossdock/orders-deploy'

const identityStatements: PolicyStatement[] = [
  { Sid: 'ListOwn', Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
  { Sid: 'Logs', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  {
    Sid: 'Stacks',
    Effect: 'Allow',
    Action: 'cloudformation:*',
    Resource: 'arn:aws:cloudformation:*:*:stack/orders/*',
  },
  {
    Sid: 'Pass',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: 'arn:aws:iam::222222222222:role/crossdock/*',
  },
  {
    Sid: 'Keys',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey'],
    Resource: KEY,
    Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
  },
  {
    Sid: 'Parameters',
    Effect: 'Allow',
    Action: 'ssm:GetParameter*',
    Resource: 'arn:aws:ssm:*:*:parameter/orders/*',
  },
  { Sid: 'Locate', Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: BUCKET },
  {
    Sid: 'NoOldTls',
    Effect: 'Deny',
    Action: 's3:*',
    Resource: '*',
    Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
  },
  {
    Sid: 'OtherPipelines',
    Effect: 'Allow',
    Action: 's3:Get*',
    Resource: [`${BUCKET}/web/*`, `${BUCKET}/billing/*`],
  },
  {
    Sid: 'Artifacts',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: `${BUCKET}/orders/*`,
    Condition: { StringEquals: { 's3:ResourceAccount': '111111111111' } },
  },
]

const bucketStatements: PolicyStatement[] = [
  {
    Sid: 'PlainHttp',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [BUCKET, `${BUCKET}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    Sid: 'Unencrypted',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${BUCKET}/*`,
    Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
  },
  {
    Sid: 'OutsideOrganization',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: `${BUCKET}/*`,
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdef1234' },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  },
  {
    Sid: 'Hub',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 's3:*',
    Resource: [BUCKET, `${BUCKET}/*`],
  },
  {
    Sid: 'List',
    Effect: 'Allow',
    Principal: { AWS: ['222222222222', '333333333333'] },
    Action: ['s3:ListBucket', 's3:GetBucketLocation'],
    Resource: BUCKET,
  },
  {
    Sid: 'Trail',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/AWSLogs/*`,
    Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
  },
  {
    Sid: 'Write',
    Effect: 'Allow',
    Principal: { AWS: ['222222222222', '333333333333'] },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/*`,
    Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/crossdock/*-build' } },
  },
  {
    Sid: 'Read',
    Effect: 'Allow',
    Principal: { AWS: ['222222222222', '333333333333'] },
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: `${BUCKET}/*`,
    Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/crossdock/*-deploy' } },
  },
]

const identityPolicies = [
  compile({ Version: '2012-10-17', Statement: identityStatements }, inlinePolicy(ROLE, 'orders-deploy')),
]
const resourcePolicy = compile(
  { Version: '2012-10-17', Statement: bucketStatements },
  resourcePolicyOf(BUCKET),
)

/** A request as a service would build it for every call: nothing of it is reused but the compiled policies. */
function request(object: number): AuthorizationRequest {
  return {
    caller: {
      kind: 'role',
      account: '222222222222',
      arn: 'arn:aws:sts::222222222222:assumed-role/orders-deploy/run',
      principalArn: ROLE,
      identityPolicies,
    },
    action: 's3:GetObject',
    resource: `${BUCKET}/orders/SourceArti/${object}`,
    resourceAccount: '111111111111',
    resourcePolicy,
    context: {
      'aws:SecureTransport': 'true',
      'aws:PrincipalOrgID': 'o-abcdef1234',
      'aws:SourceIp': '203.0.113.7',
      'aws:UserAgent': 'aws-sdk-js/3',
      's3:TlsVersion': '1.3',
    },
  }
}

const ROUND = 50_000
const ROUNDS = 9

function decide(): void {
  for (let object = 0; object < ROUND; object++)
    if (evaluate(request(object)).effect !== 'allowed')
      throw new Error('the benchmark request must be allowed')
}

const documents = [{ Statement: identityStatements }, { Statement: bucketStatements }].map((one) =>
  JSON.stringify(one),
)

/** What every decision costs at the least where policies are kept as text. */
function readPolicies(): void {
  for (let object = 0; object < ROUND / 10; object++) for (const text of documents) JSON.parse(text)
}

/** Gives bare decisions a second: the fastest of several rounds, after one to warm up. */
export function decisionsASecond(): number {
  decide()
  return Math.round((ROUND / fastest(ROUNDS, decide)) * 1000)
}

export async function run(): Promise<Measurement[]> {
  const statements = identityStatements.length + bucketStatements.length
  return [
    {
      name: 'IAM decisions',
      value: decisionsASecond(),
      unit: '1/s',
      beside: [
        { name: 'JSON.parse', value: Math.round((ROUND / 10 / fastest(ROUNDS, readPolicies)) * 1000) },
      ],
      note: `${statements} statements, role of one account reading a bucket of another; beside reading the policies each time`,
    },
  ]
}
