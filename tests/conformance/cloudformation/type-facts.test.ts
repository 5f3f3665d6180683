/** What the facts of types tell before a resource is made fits what the cloud makes of it, for every type it has. */
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import type { TemplateResource } from '../../../src/model/index.ts'
import {
  derivedResources,
  Evaluator,
  patterns,
  pseudoValues,
  typeFacts,
  Unknown,
  type Value,
} from '../../../src/template/index.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { allTypes } from './all-types.ts'
import { driveStacks } from './stack-driver.ts'

const REGION = 'us-east-1'
const running = await startTestCloud()
const stacks = driveStacks(running)
type Resources = Record<string, TemplateResource>

/** Types that are only recorded, and those whose names are given or share a long name. */
const MORE: Resources = {
  Queue: { Type: 'AWS::SQS::Queue' },
  Named: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'own' } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
  },
  Cluster: { Type: 'AWS::ECS::Cluster' },
  Service: {
    Type: 'AWS::ECS::Service',
    Properties: {
      Cluster: { Ref: 'Cluster' },
      TaskDefinition: { Ref: 'Task' },
      DesiredCount: 0,
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
    },
  },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      NetworkMode: 'awsvpc',
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [{ Name: 'web', Image: 'nginx' }],
    },
  },
  OwnRule: {
    Type: 'AWS::Events::Rule',
    Properties: { EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['own'] } },
  },
  Stored: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x', Name: '/a/b' } },
}

/** What is asked of each resource: `Ref` and the attributes of which facts are known. */
function questions(resources: Resources): Record<string, { id: string; attribute?: string }> {
  return Object.fromEntries(
    Object.entries(resources).flatMap(([id, { Type }]) => {
      const { name, ref, arn, attributes = {} } = typeFacts(Type)
      const asked = name || ref ? [[`${id}Ref`, { id }] as const] : []
      const names = Object.keys(attributes)
      if (arn && WITH_ARN.has(Type) && !names.includes('Arn')) names.push('Arn')
      return [...asked, ...names.map((one) => [`${id}Att${one}`, { id, attribute: one }] as const)]
    }),
  )
}

const WITH_ARN = new Set([
  ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::InstanceProfile', 'AWS::S3::Bucket'],
  ...[
    'AWS::KMS::Key',
    'AWS::Lambda::Function',
    'AWS::SQS::Queue',
    'AWS::DynamoDB::Table',
    'AWS::Events::Rule',
  ],
  ...[
    'AWS::ECR::Repository',
    'AWS::ECS::Cluster',
    'AWS::CodeBuild::Project',
    'AWS::StepFunctions::StateMachine',
  ],
  ...['AWS::Events::EventBus', 'AWS::SSM::Parameter'],
])

function derive(resources: Resources, stackName: string) {
  const stack = { account: HUB, region: REGION, stackName, stackId: '', notificationArns: [] }
  const evaluator: Evaluator = new Evaluator({
    ...{
      place: stackName,
      region: REGION,
      values: new Map(pseudoValues(stack)),
      mappings: {},
      conditions: {},
    },
    reference: (id) => derived.reference(id),
    attribute: (id, name) => derived.attribute(id, name),
    imported: () => new Unknown('x', { kind: 'export', name: 'x' }),
  })
  const derived = derivedResources({ ...stack, resources, value: (written) => evaluator.value(written) })
  return derived
}

const fits = (value: Value, made: string): boolean => {
  const [text] = patterns(value)
  const parts = text!.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(made)
}

it('for every type that a service backs and some that are recorded', async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  await running
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument: JSON.stringify(trust) }))
  const { Resources } = allTypes('first') as { Resources: Resources }
  const resources = { ...Resources, ...MORE }
  const asked = questions(resources)
  const Outputs = Object.fromEntries(
    Object.entries(asked).map(([output, { id, attribute }]) => [
      output,
      { Value: attribute ? { 'Fn::GetAtt': [id, attribute] } : { Ref: id } },
    ]),
  )
  const name = 'A-stack-whose-name-is-long-enough-to-be-cut-short'
  const made = await stacks.create(name, { Resources: resources, Outputs } as never, {
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  })
  expect(made.StackStatus, (await stacks.events(made.StackId!)).join('\n')).toBe('CREATE_COMPLETE')
  const derived = derive(resources, name)
  const told = (made.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => {
    const { id, attribute } = asked[OutputKey]!
    const value = attribute ? derived.attribute(id, attribute) : derived.reference(id)
    return { OutputKey, OutputValue, text: patterns(value)[0], fits: fits(value, OutputValue) }
  })
  expect(told.length).toBeGreaterThan(50)
  // Images are pulled, repositories cloned and queues called at the cloud's own address.
  const queues = ['Letters', 'InOrder', 'Queue', 'Named'].flatMap((id) => [`${id}Ref`, `${id}AttQueueUrl`])
  const elsewhere = ['CommitsAttCloneUrlHttp', 'RepositoryAttRepositoryUri', ...queues]
  expect(
    told
      .filter((one) => !one.fits)
      .map(({ OutputKey }) => OutputKey)
      .sort(),
  ).toEqual(elsewhere.sort())
  // What nobody can know before is open; all else says at least whose it is.
  const open = told.filter(({ text }) => text === '*').map(({ OutputKey }) => OutputKey)
  expect(open.sort()).toEqual(['CommitsAttRepositoryId', 'CommitsRef', 'KeyAttKeyId', 'KeyRef'])
})
