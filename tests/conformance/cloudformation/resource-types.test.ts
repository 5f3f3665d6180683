/** Resource types: recorded ones, property checks, and CloudFormation's own. */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { describe, expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
let count = 0

/** Gives why a stack of one resource failed. */
const failure = async (type: string, properties: object) => {
  const name = `fails-${++count}`
  const stack = await stacks.create(name, { Resources: { R: { Type: type, Properties: properties } } })
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const events = await stacks.events(name)
  return events.find((one) => one.startsWith('R CREATE_FAILED'))?.replace('R CREATE_FAILED ', '')
}

describe('recorded types', () => {
  const template = (properties: object) => ({
    Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [], ...properties } } },
    Outputs: { Ref: { Value: { Ref: 'Table' } }, Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] } } },
  })

  test('are marked, given an id, and attributes of the right shape', async () => {
    await stacks.create('recorded', template({ TableName: 'orders' }))
    expect(await stacks.outputs('recorded')).toEqual({
      Ref: 'orders',
      Arn: 'arn:aws:dynamodb:us-east-1:111111111111:table/orders',
    })
    const note =
      'Recorded: the embedded cloud has no AWS::DynamoDB::Table; checked against the resource specification only'
    expect(await stacks.events('recorded')).toContain(`Table CREATE_COMPLETE ${note}`)
    const { StackResources } = await stacks.client.send(
      new DescribeStackResourcesCommand({ StackName: 'recorded' }),
    )
    expect(StackResources?.[0]?.ResourceStatusReason).toBe(note)
  })

  test('are changed in place or replaced as the specification says', async () => {
    await stacks.create('recorded-update', template({ BillingMode: 'PAY_PER_REQUEST' }))
    const before = await stacks.outputs('recorded-update')
    await stacks.update('recorded-update', template({ BillingMode: 'PROVISIONED' }))
    expect(await stacks.outputs('recorded-update')).toEqual(before)
    await stacks.update('recorded-update', template({ BillingMode: 'PROVISIONED', TableName: 'named' }))
    expect(await stacks.outputs('recorded-update')).toMatchObject({ Ref: 'named' })
    expect(await stacks.events('recorded-update')).toContainEqual(
      expect.stringMatching(
        /^Table UPDATE_IN_PROGRESS Requested update requires the creation of a new physical/,
      ),
    )
    expect((await stacks.remove('recorded-update')).StackStatus).toBe('DELETE_COMPLETE')
  })
})

describe('properties are held against the specification', () => {
  const heading = 'Properties validation failed for resource R with message:\n'
  const cases: [string, string, object, string][] = [
    [
      'unknown',
      'AWS::DynamoDB::Table',
      { KeySchema: [], Colour: 'red' },
      '#: extraneous key [Colour] is not permitted',
    ],
    ['missing', 'AWS::DynamoDB::Table', {}, '#: required key [KeySchema] not found'],
    [
      'nested missing',
      'AWS::DynamoDB::Table',
      { KeySchema: [], AttributeDefinitions: [{ AttributeName: 'a' }] },
      '#/AttributeDefinitions/0: required key [AttributeType] not found',
    ],
    [
      'wrong type',
      'AWS::DynamoDB::Table',
      { KeySchema: [], Tags: 'x' },
      '#/Tags: expected type: JSONArray, found: String',
    ],
    [
      'not a number',
      'AWS::SQS::Queue',
      { DelaySeconds: 'soon' },
      '#/DelaySeconds: expected type: Integer, found: String',
    ],
    ['not in the list', 'AWS::KMS::Key', { KeySpec: 'RSA_1' }, '#/KeySpec: RSA_1 is not a valid enum value'],
    [
      'read-only',
      'AWS::DynamoDB::Table',
      { KeySchema: [], Arn: 'x' },
      '#/Arn: read-only property cannot be set',
    ],
    [
      'several',
      'AWS::DynamoDB::Table',
      { A: 1, B: 2, KeySchema: [] },
      '#: 2 schema violations found\n#: extraneous key [A] is not permitted\n#: extraneous key [B] is not permitted',
    ],
  ]
  test.each(cases)('%s', async (_, type, properties, message) => {
    expect(await failure(type, properties)).toBe(heading + message)
  })

  test('scalars are given to the service in the type it wants', async () => {
    let seen: unknown
    const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')
    queues.script = (_call, properties) => {
      seen = properties
    }
    await stacks.create('coerced', {
      Parameters: { Delay: { Type: 'Number', Default: 3 } },
      Resources: {
        R: {
          Type: 'AWS::SQS::Queue',
          Properties: { DelaySeconds: { Ref: 'Delay' }, FifoQueue: 'true', QueueName: 5 },
        },
      },
    })
    expect(seen).toEqual({ DelaySeconds: 3, FifoQueue: true, QueueName: '5' })
  })
})

test('a wait condition goes on when its signals have come', async () => {
  const creating = stacks.create('waits', {
    Resources: {
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Wait: {
        Type: 'AWS::CloudFormation::WaitCondition',
        Properties: { Handle: { Ref: 'Handle' }, Timeout: '60', Count: 2 },
      },
    },
    Outputs: { Data: { Value: { 'Fn::GetAtt': ['Wait', 'Data'] } } },
  })
  const handle = async () => {
    const { StackResources } = await stacks.client.send(
      new DescribeStackResourcesCommand({ StackName: 'waits' }),
    )
    return StackResources?.find((one) => one.LogicalResourceId === 'Handle')?.PhysicalResourceId ?? ''
  }
  await expect.poll(handle).toMatch(/^http/)
  const url = await handle()
  for (const UniqueId of ['a', 'a', 'b']) {
    const body = JSON.stringify({ Status: 'SUCCESS', Reason: 'ready', UniqueId, Data: `from ${UniqueId}` })
    expect((await fetch(url, { method: 'PUT', body })).status).toBe(200)
  }
  expect((await creating).StackStatus).toBe('CREATE_COMPLETE')
  expect(await stacks.outputs('waits')).toEqual({ Data: '{"a":"from a","b":"from b"}' })
})
