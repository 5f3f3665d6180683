/** What bounds an operation: rules, time, secrets, sessions; and who is told of it. */
import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/cloud/index.ts'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

let ahead = 0
const clock = { ...systemClock, now: () => Date.now() + ahead, date: () => new Date(Date.now() + ahead) }
const running = await startTestCloud({ clock })
const stacks = driveStacks(running)
const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')
const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
})

test('checks the rules of a template before anything is made', async () => {
  const template = {
    Parameters: { Stage: { Type: 'String' }, Size: { Type: 'String', Default: 'small' } },
    Rules: {
      Prod: {
        RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        Assertions: [
          {
            Assert: { 'Fn::Contains': [['large', 'huge'], { Ref: 'Size' }] },
            AssertDescription: 'prod is large',
          },
        ],
      },
    },
    Resources: { A: queue() },
  }
  const given = (Stage: string) => ({ Parameters: [{ ParameterKey: 'Stage', ParameterValue: Stage }] })
  await expect(stacks.create('rules', template, given('prod'))).rejects.toThrow(
    'Template error: prod is large',
  )
  expect((await stacks.create('rules', template, given('dev'))).StackStatus).toBe('CREATE_COMPLETE')
  const unknown = { ...template, Rules: { R: { Assertions: [{ Assert: { 'Fn::ValueOf': ['x', 'y'] } }] } } }
  await expect(stacks.create('rules-2', unknown, given('dev'))).rejects.toThrow(
    'The embedded cloud does not support the rule function Fn::ValueOf.',
  )
})

test('ends a creation that takes longer than it may', async () => {
  queues.script = () => {
    ahead = 6 * 60_000
  }
  const creating = stacks.create(
    'slow',
    { Resources: { A: queue(), B: queue({}, { DependsOn: 'A' }) } },
    { TimeoutInMinutes: 5 },
  )
  const stack = await creating.finally(() => {
    ahead = 0
    queues.script = () => undefined
  })
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  expect(await stacks.events('slow')).toContain(
    'slow ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.',
  )
})

test('shows no secret', async () => {
  const template = (delay: number) => ({
    Parameters: { Secret: { Type: 'String', NoEcho: true } },
    Resources: { A: queue({ QueueName: { 'Fn::Sub': 'x-${Secret}' }, DelaySeconds: delay }) },
  })
  const Parameters = [{ ParameterKey: 'Secret', ParameterValue: 'hunter2' }]
  const { StackName } = await stacks.create('secret', template(1), { Parameters })
  const changed = [{ ParameterKey: 'Secret', ParameterValue: 'swordfish' }]
  await stacks.client.send(
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: 'c',
      TemplateBody: JSON.stringify(template(2)),
      Parameters: changed,
    }),
  )
  await running.cloud.settled()
  const shown = JSON.stringify([
    await stacks.client.send(new DescribeStackEventsCommand({ StackName })),
    await stacks.client.send(
      new DescribeChangeSetCommand({ StackName, ChangeSetName: 'c', IncludePropertyValues: true }),
    ),
  ])
  expect(shown).not.toMatch(/hunter2|swordfish/)
  expect(shown).toContain('x-****')
})

test('takes the session of its role anew before it ends', async () => {
  const iam = running.client(IAMClient)
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
  const trust = document({ Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' })
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'long', AssumeRolePolicyDocument: trust }),
  )
  const all = document({ Action: 'iam:GetRole', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName: 'long', PolicyName: 'p', PolicyDocument: all }))
  queues.script = async (call, _properties, rc) => {
    await rc.call('iam', 'GetRole', { RoleName: 'long' })
    ahead = call === 'create C' ? 0 : ahead + 50 * 60_000
  }
  const resources = { A: queue(), B: queue({}, { DependsOn: 'A' }), C: queue({}, { DependsOn: 'B' }) }
  const stack = await stacks.create('long', { Resources: resources }, { RoleARN: Role!.Arn }).finally(() => {
    ahead = 0
    queues.script = () => undefined
  })
  expect(stack.StackStatus).toBe('CREATE_COMPLETE')
  const assumed = running.cloud.trail
    .entries()
    .filter((one) => one.action === 'sts:AssumeRole' && one.resource === Role!.Arn)
  expect(assumed.length).toBeGreaterThanOrEqual(2)
})

test('tells EventBridge of every change of a status', async () => {
  const seen: unknown[] = []
  const end = running.cloud.bus.listen(({ source, detailType, detail }) => {
    const { status } = detail['status-details'] as { status: string }
    if (source === 'aws.cloudformation') seen.push(`${detailType}: ${status}`)
  })
  await stacks.create('heard', { Resources: { A: queue() } })
  end()
  expect(seen).toEqual([
    'CloudFormation Stack Status Change: CREATE_IN_PROGRESS',
    'CloudFormation Resource Status Change: CREATE_IN_PROGRESS',
    'CloudFormation Resource Status Change: CREATE_IN_PROGRESS',
    'CloudFormation Resource Status Change: CREATE_COMPLETE',
    'CloudFormation Stack Status Change: CREATE_COMPLETE',
  ])
})

test('refuses by name what it does not do', async () => {
  const template = { Resources: { A: queue() } }
  const alarm = {
    RollbackTriggers: [
      { Arn: 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:a', Type: 'AWS::CloudWatch::Alarm' },
    ],
  }
  await expect(stacks.create('alarmed', template, { RollbackConfiguration: alarm })).rejects.toThrow(
    /RollbackConfiguration/,
  )
  await expect(stacks.create('typed', template, { ResourceTypes: ['AWS::S3::*'] })).rejects.toThrow(
    'Resource types [AWS::SQS::Queue] are not in the list of allowed resource types.',
  )
  await expect(stacks.create('tagged', template, { Tags: [{ Key: 'aws:x', Value: 'y' }] })).rejects.toThrow(
    /reserved/,
  )
})
