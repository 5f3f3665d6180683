/** Updates: in place, by replacement, removal; their rollback, cancellation and continuation. */
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  DescribeStackResourcesCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { AwsError } from '../../../src/model/index.ts'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
})
const script = (decide: (call: string) => void | Promise<void> = () => undefined) => {
  queues.calls.length = 0
  queues.script = decide
}
const fail = () => {
  throw new AwsError('InvalidRequest', 'not like this', { status: 400 })
}
const physicalIds = async (name: string) => {
  const { StackResources } = await stacks.client.send(new DescribeStackResourcesCommand({ StackName: name }))
  return Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId!, one.PhysicalResourceId]))
}
/** What came after the events of the creation. */
const newEvents = async (name: string) => {
  const all = await stacks.events(name)
  return all.slice(all.findIndex((one) => one.startsWith(`${name} UPDATE_IN_PROGRESS`)))
}

test('changes in place, makes, and deletes afterwards what is no longer declared', async () => {
  script()
  await stacks.create('plain', { Resources: { A: queue({ DelaySeconds: 1 }), Old: queue() } })
  const before = await physicalIds('plain')
  script()
  const stack = await stacks.update('plain', {
    Resources: { A: queue({ DelaySeconds: 2 }), New: queue({ QueueName: { 'Fn::Sub': 'after-${A}' } }) },
  })
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE')
  expect(stack.LastUpdatedTime).toBeInstanceOf(Date)
  expect(await newEvents('plain')).toEqual([
    'plain UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'New CREATE_IN_PROGRESS',
    'New CREATE_IN_PROGRESS Resource creation Initiated',
    'New CREATE_COMPLETE',
    'plain UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Old DELETE_IN_PROGRESS',
    'Old DELETE_COMPLETE',
    'plain UPDATE_COMPLETE',
  ])
  const after = await physicalIds('plain')
  expect(Object.keys(after)).toEqual(['A', 'New'])
  expect(after.A).toBe(before.A)
})

test('replaces by making the new one first and deleting the old one in the cleanup', async () => {
  script()
  await stacks.create('replace', {
    Resources: { A: queue({ FifoQueue: false }), User: queue({ QueueName: { 'Fn::Sub': 'of-${A}' } }) },
  })
  const before = await physicalIds('replace')
  script()
  await stacks.update('replace', {
    Resources: { A: queue({ FifoQueue: true }), User: queue({ QueueName: { 'Fn::Sub': 'of-${A}' } }) },
  })
  const after = await physicalIds('replace')
  expect(after.A).not.toBe(before.A)
  expect(queues.calls).toEqual([
    'create A',
    'create User',
    `delete User ${before.User}`,
    `delete A ${before.A}`,
  ])
  const events = await newEvents('replace')
  expect(events.slice(0, 4)).toEqual([
    'replace UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    'A UPDATE_IN_PROGRESS Resource creation Initiated',
    'A UPDATE_COMPLETE',
  ])
  expect(events.indexOf('A DELETE_COMPLETE')).toBeGreaterThan(
    events.indexOf('replace UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
  )
})

test('rolls back to the original physical resources', async () => {
  script()
  await stacks.create(
    'undo',
    {
      Resources: { A: queue({ FifoQueue: false }), B: queue({ DelaySeconds: 1 }) },
      Outputs: { O: { Value: { Ref: 'A' } } },
    },
    { Tags: [{ Key: 'k', Value: '1' }] },
  )
  const before = await physicalIds('undo')
  script((call) => (call === 'create Bad' ? fail() : undefined))
  const stack = await stacks.update(
    'undo',
    {
      Resources: {
        A: queue({ FifoQueue: true }),
        B: queue({ DelaySeconds: 2 }),
        Made: queue(),
        Bad: queue({}, { DependsOn: ['A', 'B', 'Made'] }),
      },
    },
    { Tags: [{ Key: 'k', Value: '2' }] },
  )
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(stack.Tags).toEqual([{ Key: 'k', Value: '1' }])
  expect(await physicalIds('undo')).toEqual(before)
  const replaced = queues.calls.filter((call) => call.startsWith('delete A'))
  expect(replaced).toHaveLength(1)
  expect(replaced[0]).not.toBe(`delete A ${before.A}`)
  const events = await newEvents('undo')
  expect(events).toEqual(
    expect.arrayContaining([
      'Bad CREATE_FAILED not like this',
      'undo UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. ',
      'A UPDATE_COMPLETE',
      'B UPDATE_COMPLETE',
      'undo UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Made DELETE_COMPLETE',
      'Bad DELETE_COMPLETE',
      'A DELETE_COMPLETE',
    ]),
  )
  script()
  const again = await stacks.update('undo', {
    Resources: { A: queue({ FifoQueue: false }), B: queue({ DelaySeconds: 3 }) },
  })
  expect(again.StackStatus).toBe('UPDATE_COMPLETE')
  expect((await physicalIds('undo')).A).toBe(before.A)
})

test('keeps a replaced resource that UpdateReplacePolicy retains', async () => {
  script()
  const kept = { UpdateReplacePolicy: 'Retain' }
  await stacks.create('replace-keep', { Resources: { A: queue({ FifoQueue: false }, kept) } })
  script()
  await stacks.update('replace-keep', { Resources: { A: queue({ FifoQueue: true }, kept) } })
  expect(queues.calls).toEqual(['create A'])
  expect(await newEvents('replace-keep')).toContain('A DELETE_SKIPPED')
})

test('refuses what changes nothing, and takes a change of outputs or tags alone', async () => {
  script()
  const template = { Resources: { A: queue() } }
  await stacks.create('same', template)
  await expect(stacks.update('same', template)).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'No updates are to be performed.',
  })
  const withOutput = { ...template, Outputs: { Name: { Value: { Ref: 'A' } } } }
  expect((await stacks.update('same', withOutput)).Outputs).toHaveLength(1)
  await expect(stacks.update('same', withOutput)).rejects.toThrow('No updates are to be performed.')
  const tagged = await stacks.update('same', withOutput, { Tags: [{ Key: 'team', Value: 'a' }] })
  expect(tagged.Tags).toEqual([{ Key: 'team', Value: 'a' }])
  expect(queues.calls.at(-1)).toMatch(/^update A/)
  await expect(stacks.update('nothing', template)).rejects.toThrow('Stack [nothing] does not exist')
})

test('keeps the parameters and the template when told to', async () => {
  script()
  const template = {
    Parameters: { Delay: { Type: 'Number' }, Secret: { Type: 'String', NoEcho: true } },
    Resources: { A: queue({ DelaySeconds: { Ref: 'Delay' }, QueueName: { Ref: 'Secret' } }) },
  }
  const given = [
    { ParameterKey: 'Delay', ParameterValue: '1' },
    { ParameterKey: 'Secret', ParameterValue: 'hush' },
  ]
  const made = await stacks.create('previous', template, { Parameters: given })
  expect(made.Parameters).toContainEqual({ ParameterKey: 'Secret', ParameterValue: '****' })
  const { StackId } = await stacks.client.send(
    new UpdateStackCommand({
      StackName: 'previous',
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Delay', ParameterValue: '2' },
        { ParameterKey: 'Secret', UsePreviousValue: true },
      ],
    }),
  )
  expect((await stacks.describe(StackId!)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(queues.calls.at(-1)).toMatch(/^update A/)
})

test('refuses to change a type or to replace under the same name', async () => {
  script()
  await stacks.create('fixed', { Resources: { A: queue({ QueueName: 'mine', FifoQueue: false }) } })
  await expect(stacks.update('fixed', { Resources: { A: { Type: 'AWS::SNS::Topic' } } })).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
  )
})

test('stays failed when rollback is disabled, and goes back or on from there', async () => {
  script()
  await stacks.create('paused', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  script((call) => (call === 'create Bad' ? fail() : undefined))
  const template = { Resources: { A: queue({ DelaySeconds: 2 }), Bad: queue({}, { DependsOn: 'A' }) } }
  const failed = await stacks.update('paused', template, { DisableRollback: true })
  expect(failed.StackStatus).toBe('UPDATE_FAILED')
  await stacks.client.send(new RollbackStackCommand({ StackName: 'paused' }))
  expect((await stacks.describe('paused')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(Object.keys(await physicalIds('paused'))).toEqual(['A'])
  await stacks.update('paused', template, { DisableRollback: true })
  script()
  expect((await stacks.update('paused', template)).StackStatus).toBe('UPDATE_COMPLETE')
})

test('continues a rollback that failed, skipping what cannot be saved', async () => {
  script()
  await stacks.create('hard', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  let failing = false
  script((call) => {
    if (call === 'create Bad') failing = true
    if (failing) fail()
  })
  const template = { Resources: { A: queue({ DelaySeconds: 2 }), Bad: queue({}, { DependsOn: 'A' }) } }
  expect((await stacks.update('hard', template)).StackStatus).toBe('UPDATE_ROLLBACK_FAILED')
  await expect(stacks.update('hard', template)).rejects.toThrow(
    /UPDATE_ROLLBACK_FAILED state and can not be updated/,
  )
  await stacks.client.send(new ContinueUpdateRollbackCommand({ StackName: 'hard' }))
  expect((await stacks.describe('hard')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED')
  await stacks.client.send(new ContinueUpdateRollbackCommand({ StackName: 'hard', ResourcesToSkip: ['A'] }))
  expect((await stacks.describe('hard')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
})

test('cancels an update under way', async () => {
  script()
  await stacks.create('cancel', {
    Resources: { A: queue({ DelaySeconds: 1 }), B: queue({ DelaySeconds: 1 }, { DependsOn: 'A' }) },
  })
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  script((call) => (call.startsWith('update A') ? gate : undefined))
  const updating = stacks.update('cancel', {
    Resources: { A: queue({ DelaySeconds: 2 }), B: queue({ DelaySeconds: 2 }, { DependsOn: 'A' }) },
  })
  await expect.poll(() => queues.calls.length).toBe(1)
  await stacks.client.send(new CancelUpdateStackCommand({ StackName: 'cancel' }))
  open()
  expect((await updating).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(queues.calls.some((call) => call.startsWith('update B'))).toBe(false)
})

test('enforces the stack policy', async () => {
  script()
  await stacks.create('policy', {
    Resources: { A: queue({ DelaySeconds: 1 }), B: queue({ DelaySeconds: 1 }) },
  })
  const policy = {
    Statement: [
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: 'LogicalResourceId/B' },
    ],
  }
  await stacks.client.send(
    new SetStackPolicyCommand({ StackName: 'policy', StackPolicyBody: JSON.stringify(policy) }),
  )
  await expect(
    stacks.update('policy', { Resources: { A: queue({ DelaySeconds: 1 }), B: queue({ DelaySeconds: 2 }) } }),
  ).rejects.toThrow(/Action denied by stack policy.*LogicalResourceId\/B/)
  const allowed = { Resources: { A: queue({ DelaySeconds: 2 }), B: queue({ DelaySeconds: 1 }) } }
  expect((await stacks.update('policy', allowed)).StackStatus).toBe('UPDATE_COMPLETE')
})
