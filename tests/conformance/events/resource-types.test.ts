/** Rules, buses and bus policies as CloudFormation makes them. */
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const events = test.client(EventBridgeClient)
const stacks = driveStacks(test)
const TOPIC = `arn:aws:sns:us-east-1:${HUB}:topic`

const template = (Type: string, Properties: object, Attribute = 'Arn') => ({
  Resources: { It: { Type, Properties } },
  Outputs: { Ref: { Value: { Ref: 'It' } }, Arn: { Value: { 'Fn::GetAtt': ['It', Attribute] } } },
})
const ruleTemplate = (properties: object) => template('AWS::Events::Rule', properties)

describe('AWS::Events::Rule', () => {
  it('is made with its targets, changed and deleted', async () => {
    const properties = {
      Name: 'made',
      Description: 'first',
      EventPattern: { source: ['my.app'] },
      Targets: [
        { Id: 'a', Arn: TOPIC },
        { Id: 'b', Arn: TOPIC, Input: '{"x": 1}' },
      ],
      Tags: [{ Key: 'team', Value: 'ours' }],
    }
    const made = await stacks.create('rules', ruleTemplate(properties))
    expect(made.StackStatus, (await stacks.events('rules')).join('\n')).toBe('CREATE_COMPLETE')
    const arn = `arn:aws:events:us-east-1:${HUB}:rule/made`
    expect(await stacks.outputs('rules')).toEqual({ Ref: 'made', Arn: arn })
    const describeRule = () => events.send(new DescribeRuleCommand({ Name: 'made' }))
    expect(await describeRule()).toMatchObject({
      EventPattern: '{"source":["my.app"]}',
      Description: 'first',
    })

    const changed = {
      ...properties,
      State: 'DISABLED',
      EventPattern: { source: ['other.app'] },
      Targets: [{ Id: 'b', Arn: TOPIC, InputPath: '$.detail' }],
      Tags: [{ Key: 'other', Value: 'tag' }],
    }
    expect((await stacks.update('rules', ruleTemplate(changed))).StackStatus).toBe('UPDATE_COMPLETE')
    expect(await describeRule()).toMatchObject({
      EventPattern: '{"source":["other.app"]}',
      State: 'DISABLED',
    })
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'made' }))
    expect(Targets).toEqual([{ Id: 'b', Arn: TOPIC, InputPath: '$.detail' }])
    const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: arn }))
    expect(Tags!.map((tag) => tag.Key)).toContain('other')
    expect(Tags!.map((tag) => tag.Key)).not.toContain('team')

    expect((await stacks.remove('rules')).StackStatus).toBe('DELETE_COMPLETE')
    await expect(describeRule()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('on a bus of its own is named with it', async () => {
    const made = await stacks.create('bus', {
      Resources: {
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'own', Description: 'd' } },
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { EventBusName: { Ref: 'Bus' }, Name: 'r', EventPattern: { source: ['a'] } },
        },
        Policy: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: {
            EventBusName: { Ref: 'Bus' },
            StatementId: 'dev',
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${DEV}:root` },
              Action: 'events:PutEvents',
              Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
            },
          },
        },
      },
      Outputs: { Rule: { Value: { Ref: 'Rule' } } },
    })
    expect(made.StackStatus, (await stacks.events('bus')).join('\n')).toBe('CREATE_COMPLETE')
    expect(await stacks.outputs('bus')).toEqual({ Rule: 'own|r' })
    const bus = await events.send(new DescribeEventBusCommand({ Name: 'own' }))
    expect(JSON.parse(bus.Policy!).Statement).toMatchObject([{ Sid: 'dev', Action: 'events:PutEvents' }])
    expect(
      (await stacks.remove('bus')).StackStatus,
      (await stacks.events('bus').catch(() => [])).join(),
    ).toBe('DELETE_COMPLETE')
    await expect(events.send(new DescribeEventBusCommand({ Name: 'own' }))).rejects.toThrow('does not exist')
  })

  it('is generated a name', async () => {
    await stacks.create('named', ruleTemplate({ ScheduleExpression: 'rate(1 day)' }))
    expect((await stacks.outputs('named')).Ref).toMatch(/^named-It-\w+$/)
  })

  it.each<[string, object, string]>([
    ['exists', { Name: 'taken', EventPattern: { source: ['a'] } }, 'taken already exists'],
    ['has a role', { EventPattern: { source: ['a'] }, RoleArn: 'arn' }, '"RoleArn"'],
    [
      'has a dead letter queue',
      {
        EventPattern: { source: ['a'] },
        Targets: [{ Id: 'a', Arn: TOPIC, DeadLetterConfig: { Arn: TOPIC } }],
      },
      '"DeadLetterConfig"',
    ],
    ['has a bad pattern', { EventPattern: { source: 'a' } }, 'Event pattern is not valid'],
  ])('fails and leaves nothing behind where it %s', async (name, properties, message) => {
    await events.send(new PutRuleCommand({ Name: 'taken', ScheduleExpression: 'rate(1 day)' }))
    const stack = `fails-${name.replaceAll(' ', '-')}`
    expect((await stacks.create(stack, ruleTemplate(properties))).StackStatus).toBe('ROLLBACK_COMPLETE')
    expect((await stacks.events(stack)).join('\n')).toContain(message)
    await events.send(new DescribeRuleCommand({ Name: 'taken' }))
  })
})

describe('AWS::Events::EventBus', () => {
  it('is made with a policy, changed and deleted', async () => {
    const Arn = `arn:aws:events:us-east-1:${HUB}:event-bus/open`
    const Policy = (Action: string) => ({
      Version: '2012-10-17',
      Statement: [{ Sid: 's', Effect: 'Allow', Principal: { AWS: DEV }, Action, Resource: Arn }],
    })
    const bus = (Properties: object) => template('AWS::Events::EventBus', { Name: 'open', ...Properties })
    const made = await stacks.create('open', bus({ Policy: Policy('events:PutEvents'), Description: 'd' }))
    expect(made.StackStatus, (await stacks.events('open')).join('\n')).toBe('CREATE_COMPLETE')
    expect(await stacks.outputs('open')).toEqual({ Ref: 'open', Arn })
    const state = async () => events.send(new DescribeEventBusCommand({ Name: 'open' }))
    expect((await state()).Policy).toContain('events:PutEvents')
    await stacks.update('open', bus({ Policy: Policy('events:PutRule') }))
    expect((await state()).Policy).toContain('events:PutRule')
    await stacks.update('open', bus({ Tags: [{ Key: 'k', Value: 'v' }] }))
    expect((await state()).Policy).toBeUndefined()
    const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: Arn }))
    expect(Tags).toContainEqual({ Key: 'k', Value: 'v' })
    expect((await stacks.remove('open')).StackStatus).toBe('DELETE_COMPLETE')
  })

  it('names what it cannot do', async () => {
    const logged = template('AWS::Events::EventBus', { Name: 'logged', LogConfig: { Level: 'INFO' } })
    expect((await stacks.create('logged', logged)).StackStatus).toBe('ROLLBACK_COMPLETE')
    expect((await stacks.events('logged')).join('\n')).toContain('"LogConfig"')
  })
})
