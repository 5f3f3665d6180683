/** Stacks from creation to deletion: states, events, order, rollback. */
import {
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { AwsError } from '../../../src/model/index.ts'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')
const topics = scriptType(running.cloud, 'AWS::EC2::EIP', 'e')

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
})
const script = (decide: (call: string) => void | Promise<void>) => {
  queues.calls.length = 0
  topics.calls.length = 0
  queues.script = decide
  topics.script = decide
}
const fail = (message = 'no queue today') => {
  throw new AwsError('AccessDenied', message, { status: 403 })
}

test('puts the events of a creation in the order of AWS', async () => {
  script(() => undefined)
  const stack = await stacks.create('order', {
    Resources: { First: queue(), Second: queue({ QueueName: { 'Fn::Sub': '${First}-next' } }) },
    Outputs: { Name: { Value: { 'Fn::GetAtt': ['Second', 'QueueName'] } } },
  })
  expect(stack.StackStatus).toBe('CREATE_COMPLETE')
  expect(stack.Outputs).toEqual([{ OutputKey: 'Name', OutputValue: 'q-1-next' }])
  expect(await stacks.events('order')).toEqual([
    'order CREATE_IN_PROGRESS User Initiated',
    'First CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS Resource creation Initiated',
    'First CREATE_COMPLETE',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_IN_PROGRESS Resource creation Initiated',
    'Second CREATE_COMPLETE',
    'order CREATE_COMPLETE',
  ])
})

test('runs what nothing orders at the same time', async () => {
  let inside = 0
  let most = 0
  let open: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  script(async () => {
    most = Math.max(most, ++inside)
    if (inside === 3) open()
    await all
    inside--
  })
  const stack = await stacks.create('parallel', { Resources: { A: queue(), B: queue(), C: queue() } })
  expect(stack.StackStatus).toBe('CREATE_COMPLETE')
  expect(most).toBe(3)
})

test('rolls a failed creation back and then accepts only deletion', async () => {
  script((call) => (call.startsWith('create Bad') ? fail() : undefined))
  const stack = await stacks.create('broken', {
    Resources: {
      Good: queue(),
      Bad: queue({}, { DependsOn: 'Good' }),
      Never: queue({}, { DependsOn: ['Bad'] }),
    },
  })
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const events = await stacks.events('broken')
  expect(events).toEqual([
    'broken CREATE_IN_PROGRESS User Initiated',
    'Good CREATE_IN_PROGRESS',
    'Good CREATE_IN_PROGRESS Resource creation Initiated',
    'Good CREATE_COMPLETE',
    'Bad CREATE_IN_PROGRESS',
    'Bad CREATE_FAILED no queue today',
    'broken ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. Rollback requested by user.',
    'Good DELETE_IN_PROGRESS',
    'Bad DELETE_COMPLETE',
    'Good DELETE_COMPLETE',
    'broken ROLLBACK_COMPLETE',
  ])
  await expect(stacks.update('broken', { Resources: { Other: queue() } })).rejects.toThrow(
    /is in ROLLBACK_COMPLETE state and can not be updated\.$/,
  )
  expect((await stacks.remove('broken')).StackStatus).toBe('DELETE_COMPLETE')
})

test('cancels the siblings of a failed resource and deletes what they had made', async () => {
  let open: () => void = () => undefined
  const failed = new Promise<void>((resolve) => {
    open = resolve
  })
  script(async (call) => {
    if (call === 'create Bad') {
      open()
      fail()
    }
    if (call === 'create Slow') await failed.then(() => new Promise((resolve) => setImmediate(resolve)))
  })
  const stack = await stacks.create('siblings', { Resources: { Slow: queue(), Bad: queue() } })
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const events = await stacks.events('siblings')
  expect(events).toContain('Slow CREATE_FAILED Resource creation cancelled')
  expect(events).toContain('Slow DELETE_COMPLETE')
  expect(events.find((one) => one.includes('ROLLBACK_IN_PROGRESS'))).toContain(
    'failed to create: [Bad, Slow]',
  )
})

test('words the failure of a service as AWS does', async () => {
  script(() => undefined)
  queues.script = async (_call, _properties, rc) => {
    await rc.call('iam', 'GetRole', { RoleName: 'nobody' })
  }
  await stacks.create('wording', { Resources: { Bad: queue() } })
  const events = await stacks.events('wording')
  expect(events.find((one) => one.startsWith('Bad CREATE_FAILED'))).toMatch(
    /^Bad CREATE_FAILED Resource handler returned message: "The role with name nobody cannot be found\. \(Service: Iam, Status Code: 404, Request ID: [\w-]+\)" \(RequestToken: [\w-]+, HandlerErrorCode: NotFound\)$/,
  )
})

test('leaves a failed creation as it is, or deletes it, when asked to', async () => {
  script((call) => (call.startsWith('create Bad') ? fail() : undefined))
  const template = { Resources: { Good: queue(), Bad: queue({}, { DependsOn: 'Good' }) } }
  expect((await stacks.create('kept', template, { OnFailure: 'DO_NOTHING' })).StackStatus).toBe(
    'CREATE_FAILED',
  )
  expect((await stacks.create('kept-too', template, { DisableRollback: true })).StackStatus).toBe(
    'CREATE_FAILED',
  )
  expect(queues.calls).not.toContain('delete Good q-1')
  expect((await stacks.create('gone', template, { OnFailure: 'DELETE' })).StackStatus).toBe('DELETE_COMPLETE')
  await expect(stacks.describe('gone')).rejects.toThrow('Stack with id gone does not exist')
  await expect(
    stacks.create('both', template, { DisableRollback: true, OnFailure: 'DELETE' }),
  ).rejects.toThrow(/Only one/)
})

test('fails a rollback that cannot delete, and deletes it on a second try', async () => {
  script((call) =>
    call.startsWith('create Bad') || call.startsWith('delete Good') ? fail('stuck') : undefined,
  )
  const template = { Resources: { Good: queue(), Bad: queue({}, { DependsOn: 'Good' }) } }
  const stack = await stacks.create('stuck', template)
  expect(stack.StackStatus).toBe('ROLLBACK_FAILED')
  expect(stack.StackStatusReason).toBe('The following resource(s) failed to delete: [Good]. ')
  script(() => undefined)
  expect((await stacks.remove('stuck')).StackStatus).toBe('DELETE_COMPLETE')
})

test('deletes in the reverse order and frees the name', async () => {
  script(() => undefined)
  await stacks.create('reverse', {
    Resources: { A: queue(), B: queue({ QueueName: { Ref: 'A' } }), C: queue({}, { DependsOn: 'B' }) },
  })
  queues.calls.length = 0
  const deleted = await stacks.remove('reverse')
  expect(queues.calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
    'delete C',
    'delete B',
    'delete A',
  ])
  expect(deleted.StackStatus).toBe('DELETE_COMPLETE')
  expect(deleted.DeletionTime).toBeInstanceOf(Date)
  await expect(stacks.describe('reverse')).rejects.toThrow('Stack with id reverse does not exist')
  const { StackSummaries } = await stacks.client.send(
    new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
  )
  expect(StackSummaries?.map((one) => one.StackName)).toContain('reverse')
  const { StackResourceSummaries } = await stacks.client.send(
    new ListStackResourcesCommand({ StackName: deleted.StackId }),
  )
  expect(StackResourceSummaries?.map((one) => one.ResourceStatus)).toEqual(Array(3).fill('DELETE_COMPLETE'))
  expect((await stacks.create('reverse', { Resources: { A: queue() } })).StackId).not.toBe(deleted.StackId)
})

test('reports a deletion that fails, and can then leave the resource behind', async () => {
  script(() => undefined)
  await stacks.create('clinging', { Resources: { A: queue(), B: queue({}, { DependsOn: 'A' }) } })
  script((call) => (call.startsWith('delete B') ? fail() : undefined))
  const failed = await stacks.remove('clinging')
  expect(failed.StackStatus).toBe('DELETE_FAILED')
  expect(failed.StackStatusReason).toBe('The following resource(s) failed to delete: [B]. ')
  expect(queues.calls.some((call) => call.startsWith('delete A'))).toBe(false)
  await stacks.client.send(new DeleteStackCommand({ StackName: 'clinging', RetainResources: ['B'] }))
  expect((await stacks.describe(failed.StackId!)).StackStatus).toBe('DELETE_COMPLETE')
  expect(await stacks.events(failed.StackId!)).toContain('B DELETE_SKIPPED')
})

test('keeps what DeletionPolicy says to keep', async () => {
  script((call) => (call.startsWith('create Bad') ? fail() : undefined))
  const kept = queue({}, { DeletionPolicy: 'Retain' })
  const keptLater = queue({}, { DeletionPolicy: 'RetainExceptOnCreate' })
  const rolledBack = await stacks.create('policies-fail', {
    Resources: { Kept: kept, Later: keptLater, Bad: queue({}, { DependsOn: ['Kept', 'Later'] }) },
  })
  expect(await stacks.events(rolledBack.StackId!)).toEqual(
    expect.arrayContaining(['Kept DELETE_SKIPPED', 'Later DELETE_COMPLETE']),
  )
  await stacks.create('policies', { Resources: { Kept: kept, Later: keptLater, Gone: queue() } })
  const { StackId } = await stacks.remove('policies')
  expect(await stacks.events(StackId!)).toEqual(
    expect.arrayContaining(['Kept DELETE_SKIPPED', 'Later DELETE_SKIPPED', 'Gone DELETE_COMPLETE']),
  )
})

test('protects a stack from deletion', async () => {
  script(() => undefined)
  await stacks.create('guarded', { Resources: { A: queue() } }, { EnableTerminationProtection: true })
  await expect(stacks.remove('guarded')).rejects.toThrow(
    'Stack [guarded] cannot be deleted while TerminationProtection is enabled',
  )
  const off = new UpdateTerminationProtectionCommand({
    StackName: 'guarded',
    EnableTerminationProtection: false,
  })
  await stacks.client.send(off)
  expect((await stacks.remove('guarded')).StackStatus).toBe('DELETE_COMPLETE')
})

test('deletes a stack that is being created', async () => {
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  script((call) => (call.startsWith('create') ? gate : undefined))
  const creating = stacks.create('abandoned', { Resources: { A: queue(), B: queue({}, { DependsOn: 'A' }) } })
  await expect.poll(() => queues.calls).toContain('create A')
  const { Stacks } = await stacks.client.send(new DescribeStacksCommand({ StackName: 'abandoned' }))
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_IN_PROGRESS')
  await stacks.client.send(new DeleteStackCommand({ StackName: 'abandoned' }))
  const { Stacks: deleting } = await stacks.client.send(new DescribeStacksCommand({ StackName: 'abandoned' }))
  expect(deleting?.[0]?.StackStatus).toBe('DELETE_IN_PROGRESS')
  open()
  expect((await creating).StackStatus).toBe('DELETE_COMPLETE')
  expect(queues.calls).not.toContain('create B')
})

test('accepts the same request again by its token, and no second stack of a name', async () => {
  script(() => undefined)
  const template = { Resources: { A: queue() } }
  const first = await stacks.create('twice', template, { ClientRequestToken: 'once' })
  const again = await stacks.create('twice', template, { ClientRequestToken: 'once' })
  expect(again.StackId).toBe(first.StackId)
  await expect(stacks.create('twice', template)).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Stack [twice] already exists',
  })
})

test('tells a resource by its stack or its physical id', async () => {
  script(() => undefined)
  await stacks.create('found', { Resources: { A: queue() } })
  const by = async (input: object) =>
    (await stacks.client.send(new DescribeStackResourcesCommand(input))).StackResources
  const [resource] = (await by({ StackName: 'found' }))!
  expect(resource).toMatchObject({
    LogicalResourceId: 'A',
    ResourceStatus: 'CREATE_COMPLETE',
    StackName: 'found',
  })
  expect(await by({ PhysicalResourceId: resource!.PhysicalResourceId })).toHaveLength(1)
  await expect(by({ PhysicalResourceId: 'nothing' })).rejects.toThrow('Stack for nothing does not exist')
})

test('keeps accounts and regions apart', async () => {
  script(() => undefined)
  const elsewhere = driveStacks(running, { account: '222222222222', region: 'eu-west-1' })
  const template = {
    Resources: { A: queue() },
    Outputs: {
      Where: {
        Value: {
          'Fn::Sub': '${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::StackName} ${AWS::URLSuffix}',
        },
      },
    },
  }
  await stacks.create('same-name', template)
  await elsewhere.create('same-name', template)
  expect(await stacks.outputs('same-name')).toEqual({
    Where: '111111111111 us-east-1 aws same-name amazonaws.com',
  })
  expect(await elsewhere.outputs('same-name')).toEqual({
    Where: '222222222222 eu-west-1 aws same-name amazonaws.com',
  })
})
