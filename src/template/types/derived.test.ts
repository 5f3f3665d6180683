/** What resources are known by before they are made. */
import { expect, test } from 'vitest'
import { patterns } from '../values/patterns.ts'
import { identityOf } from '../values/unknowns.ts'
import { Unknown } from '../values/value.ts'
import { derivedResources } from './derived.ts'

const derive = (resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>) =>
  derivedResources({
    ...{ account: '111111111111', region: 'eu-west-1', stackName: 'orders', resources },
    value: (written) => written as string,
  })

const one = (Type: string, Properties: Record<string, unknown> = {}) => derive({ R: { Type, Properties } })
const ref = (type: string, properties?: Record<string, unknown>) =>
  patterns(one(type, properties).reference('R'))[0]
const attribute = (type: string, name: string, properties?: Record<string, unknown>) =>
  patterns(one(type, properties).attribute('R', name))[0]

const REGIONAL = 'eu-west-1:111111111111'

test.each([
  ['AWS::SNS::Topic', {}, `arn:aws:sns:${REGIONAL}:orders-R-*`],
  ['AWS::SNS::Topic', { TopicName: 'news' }, `arn:aws:sns:${REGIONAL}:news`],
  ['AWS::SQS::Queue', { QueueName: 'q' }, 'https://sqs.eu-west-1.amazonaws.com/111111111111/q'],
  ['AWS::IAM::Role', {}, 'orders-R-*'],
  ['AWS::IAM::ManagedPolicy', { Path: '/a/' }, 'arn:aws:iam::111111111111:policy/a/orders-R-*'],
  ['AWS::ECS::TaskDefinition', { Family: 'f' }, `arn:aws:ecs:${REGIONAL}:task-definition/f:*`],
  ['AWS::SecretsManager::Secret', {}, `arn:aws:secretsmanager:${REGIONAL}:secret:R-*-*`],
  ['AWS::SSM::Parameter', {}, 'CFN-R-*'],
  ['AWS::KMS::Key', {}, '*'],
  ['AWS::Events::Rule', {}, 'orders-R-*'],
  ['AWS::CloudWatch::Alarm', { AlarmName: 'a' }, 'a'],
  ['AWS::EC2::VPC', {}, '*'],
  ['Custom::Thing', {}, '*'],
  [
    'AWS::Lambda::Alias',
    { FunctionName: `arn:aws:lambda:${REGIONAL}:function:f`, Name: 'live' },
    `arn:aws:lambda:${REGIONAL}:function:f:live`,
  ],
] as const)('Ref of %s %j is %s', (type, properties, expected) => {
  expect(ref(type, properties)).toBe(expected)
})

test.each([
  ['AWS::Logs::LogGroup', 'Arn', {}, `arn:aws:logs:${REGIONAL}:log-group:orders-R-*:*`],
  [
    'AWS::ECS::Service',
    'ServiceArn',
    { Cluster: 'arn:aws:ecs:r:a:cluster/c' },
    `arn:aws:ecs:${REGIONAL}:service/c/orders-R-*`,
  ],
  ['AWS::ECS::Service', 'ServiceArn', {}, `arn:aws:ecs:${REGIONAL}:service/default/orders-R-*`],
  ['AWS::Events::Rule', 'Arn', { EventBusName: 'own' }, `arn:aws:events:${REGIONAL}:rule/own/orders-R-*`],
  ['AWS::Events::Rule', 'Arn', {}, `arn:aws:events:${REGIONAL}:rule/orders-R-*`],
  ['AWS::S3::Bucket', 'RegionalDomainName', { BucketName: 'b' }, 'b.s3.eu-west-1.amazonaws.com'],
  ['AWS::SSM::Parameter', 'Arn', { Name: '/a/b' }, `arn:aws:ssm:${REGIONAL}:parameter/a/b`],
  ['AWS::SSM::Parameter', 'Arn', { Name: 'a' }, `arn:aws:ssm:${REGIONAL}:parameter/a`],
  ['AWS::EC2::VPC', 'CidrBlock', {}, '*'],
] as const)('GetAtt of %s %s is its own', (type, name, properties, expected) => {
  expect(attribute(type, name, properties)).toBe(expected)
})

test('two askings of one resource tell one value, of two resources two', () => {
  const resources = derive({ A: { Type: 'AWS::KMS::Key' }, B: { Type: 'AWS::KMS::Key' } })
  expect(identityOf(resources.attribute('A', 'Arn'))).toBe(identityOf(resources.attribute('A', 'Arn')))
  expect(identityOf(resources.attribute('A', 'Arn'))).not.toBe(identityOf(resources.attribute('B', 'Arn')))
})

test('an attribute that nobody knows tells whose it is', () => {
  const unknown = one('AWS::EC2::VPC').attribute('R', 'CidrBlock')
  expect(unknown).toBeInstanceOf(Unknown)
  expect((unknown as Unknown).why).toEqual({ kind: 'attribute', id: 'R', attribute: 'CidrBlock' })
})
