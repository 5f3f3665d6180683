/** Change sets: what they say, and what executing them does. */
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const { client } = stacks
scriptType(running.cloud, 'AWS::SQS::Queue', 'q')

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
})

const propose = async (stack: string, template: object, input: Partial<CreateChangeSetCommandInput> = {}) => {
  const name = input.ChangeSetName ?? 'set'
  await client.send(
    new CreateChangeSetCommand({
      StackName: stack,
      TemplateBody: JSON.stringify(template),
      ...input,
      ChangeSetName: name,
    }),
  )
  await running.cloud.settled()
  return client.send(new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name }))
}
const execute = async (stack: string, name = 'set') => {
  await client.send(new ExecuteChangeSetCommand({ StackName: stack, ChangeSetName: name }))
  return stacks.describe(stack)
}

test('makes a stack that is under review until the set is executed', async () => {
  const set = await propose(
    'new',
    { Resources: { A: queue() } },
    { ChangeSetType: 'CREATE', Description: 'first' },
  )
  expect(set).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Description: 'first' })
  expect(set.Changes).toEqual([
    {
      Type: 'Resource',
      ResourceChange: {
        Action: 'Add',
        LogicalResourceId: 'A',
        ResourceType: 'AWS::SQS::Queue',
        Scope: [],
        Details: [],
      },
    },
  ])
  expect((await stacks.describe('new')).StackStatus).toBe('REVIEW_IN_PROGRESS')
  await expect(stacks.update('new', { Resources: { A: queue() } })).rejects.toThrow(
    /REVIEW_IN_PROGRESS state/,
  )
  const made = await execute('new')
  expect(made).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ChangeSetId: set.ChangeSetId })
  expect((await stacks.events('new')).slice(0, 2)).toEqual([
    'new REVIEW_IN_PROGRESS User Initiated',
    'new CREATE_IN_PROGRESS User Initiated',
  ])
  const after = await client.send(new DescribeChangeSetCommand({ ChangeSetName: set.ChangeSetId }))
  expect(after.ExecutionStatus).toBe('EXECUTE_COMPLETE')
})

test('is an update unless the request says otherwise', async () => {
  await expect(propose('absent', { Resources: { A: queue() } })).rejects.toThrow(
    'Stack [absent] does not exist',
  )
  await stacks.create('there', { Resources: { A: queue() } })
  await expect(propose('there', { Resources: { A: queue() } }, { ChangeSetType: 'CREATE' })).rejects.toThrow(
    /already exists and cannot be created again/,
  )
})

test('fails with the words of AWS where nothing changes', async () => {
  const template = { Resources: { A: queue() } }
  await stacks.create('idle', template)
  const set = await propose('idle', template)
  expect(set).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  })
  await expect(execute('idle')).rejects.toMatchObject({
    name: 'InvalidChangeSetStatusException',
    message: expect.stringMatching(/cannot be executed in its current status of \[FAILED\]$/),
  })
})

test('tells additions, removals, changes in place and replacements apart', async () => {
  await stacks.create('diff', {
    Resources: {
      Same: queue(),
      Changed: queue({ DelaySeconds: 1 }),
      Replaced: queue({ FifoQueue: false }),
      User: queue({ QueueName: { Ref: 'Replaced' } }),
      Reader: queue({ KmsMasterKeyId: { 'Fn::GetAtt': ['Replaced', 'Arn'] } }),
      Removed: queue(),
      Kept: queue({}, { DeletionPolicy: 'Retain' }),
    },
  })
  const set = await propose('diff', {
    Resources: {
      Same: queue(),
      Changed: queue({ DelaySeconds: 2 }, { Metadata: { note: 1 } }),
      Replaced: queue({ FifoQueue: true }),
      User: queue({ QueueName: { Ref: 'Replaced' } }),
      Reader: queue({ KmsMasterKeyId: { 'Fn::GetAtt': ['Replaced', 'Arn'] } }),
      Added: queue(),
    },
  })
  const changes = Object.fromEntries(
    set.Changes!.map(({ ResourceChange: one }) => [one!.LogicalResourceId, one!]),
  )
  expect(Object.keys(changes).sort()).toEqual([
    'Added',
    'Changed',
    'Kept',
    'Reader',
    'Removed',
    'Replaced',
    'User',
  ])
  expect(changes.Added).toMatchObject({ Action: 'Add' })
  expect(changes.Removed).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete' })
  expect(changes.Kept).toMatchObject({ Action: 'Remove', PolicyAction: 'Retain' })
  expect(changes.Changed).toMatchObject({
    Action: 'Modify',
    Replacement: 'False',
    Scope: ['Properties', 'Metadata'],
    Details: [
      {
        Target: { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
      { Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' } },
    ],
  })
  expect(changes.Replaced).toMatchObject({ Replacement: 'True', PolicyAction: 'ReplaceAndDelete' })
  expect(changes.User).toMatchObject({
    Replacement: 'True',
    Details: [{ ChangeSource: 'ResourceReference', CausingEntity: 'Replaced', Evaluation: 'Static' }],
  })
  expect(changes.Reader).toMatchObject({
    Replacement: 'False',
    Details: [{ ChangeSource: 'ResourceAttribute', CausingEntity: 'Replaced.Arn' }],
  })
  expect((await execute('diff')).StackStatus).toBe('UPDATE_COMPLETE')
})

test('names the parameter that causes a change', async () => {
  const template = {
    Parameters: { Delay: { Type: 'Number', Default: 1 }, Fifo: { Type: 'String', Default: 'false' } },
    Resources: { A: queue({ DelaySeconds: { Ref: 'Delay' } }), B: queue({ FifoQueue: { Ref: 'Fifo' } }) },
  }
  await stacks.create('cause', template)
  const set = await propose('cause', template, {
    Parameters: [
      { ParameterKey: 'Delay', ParameterValue: '5' },
      { ParameterKey: 'Fifo', UsePreviousValue: true },
    ],
  })
  expect(set.Changes).toHaveLength(1)
  expect(set.Changes![0]!.ResourceChange!.Details).toEqual([
    {
      Target: { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' },
      Evaluation: 'Dynamic',
      ChangeSource: 'DirectModification',
    },
    {
      Target: { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' },
      Evaluation: 'Static',
      ChangeSource: 'ParameterReference',
      CausingEntity: 'Delay',
    },
  ])
})

test('shows values before and after when asked to', async () => {
  await stacks.create('values', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  await propose('values', {
    Resources: { A: queue({ DelaySeconds: 2 }), B: queue({ QueueName: { 'Fn::Sub': 'x-${A}' } }) },
  })
  const { Changes } = await client.send(
    new DescribeChangeSetCommand({ StackName: 'values', ChangeSetName: 'set', IncludePropertyValues: true }),
  )
  expect(Changes![0]!.ResourceChange!.Details![0]!.Target).toMatchObject({
    Path: '/Properties/DelaySeconds',
    BeforeValue: '1',
    AfterValue: '2',
    AttributeChangeType: 'Modify',
  })
  expect(JSON.parse(Changes![0]!.ResourceChange!.BeforeContext!)).toEqual({ Properties: { DelaySeconds: 1 } })
})

test('sees a change of tags alone on every resource that has tags', async () => {
  await stacks.create('tags', { Resources: { A: queue() } })
  const set = await propose('tags', { Resources: { A: queue() } }, { Tags: [{ Key: 'a', Value: 'b' }] })
  expect(set.Changes![0]!.ResourceChange).toMatchObject({
    Action: 'Modify',
    Scope: ['Tags'],
    Replacement: 'False',
  })
})

test('deletes the other sets when one is executed', async () => {
  await stacks.create('many', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  await propose('many', { Resources: { A: queue({ DelaySeconds: 2 }) } }, { ChangeSetName: 'one' })
  await propose('many', { Resources: { A: queue({ DelaySeconds: 3 }) } }, { ChangeSetName: 'two' })
  await expect(
    propose('many', { Resources: { A: queue() } }, { ChangeSetName: 'two' }),
  ).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  })
  const names = async () =>
    (await client.send(new ListChangeSetsCommand({ StackName: 'many' }))).Summaries!.map(
      (one) => one.ChangeSetName,
    )
  expect(await names()).toEqual(['one', 'two'])
  await execute('many', 'two')
  expect(await names()).toEqual(['two'])
  await expect(execute('many', 'one')).rejects.toMatchObject({
    name: 'ChangeSetNotFoundException',
    message: 'ChangeSet [one] does not exist',
  })
  await expect(execute('many', 'two')).rejects.toThrow(/current execution status of \[EXECUTE_COMPLETE\]/)
})

test('is made and executed once, however often the same token asks for it', async () => {
  const template = { Resources: { A: queue({ DelaySeconds: 1 }) } }
  const set = {
    StackName: 'token',
    ChangeSetName: 'set',
    ChangeSetType: 'CREATE' as const,
    ClientToken: 'make-1',
  }
  const make = () =>
    client.send(new CreateChangeSetCommand({ ...set, TemplateBody: JSON.stringify(template) }))
  const made = await make()
  expect((await make()).Id).toBe(made.Id)
  await running.cloud.settled()
  const execute = (ClientRequestToken?: string) =>
    client.send(new ExecuteChangeSetCommand({ ChangeSetName: made.Id, ClientRequestToken }))
  await execute('execute-1')
  await execute('execute-1')
  await running.cloud.settled()
  await execute('execute-1')
  await expect(execute('execute-2')).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' })
  await expect(execute()).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' })
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'token' }))
  const begun = StackEvents.filter((one) => one.ResourceStatus === 'CREATE_IN_PROGRESS')
  expect(begun.filter((one) => one.LogicalResourceId === 'token')).toHaveLength(1)
  expect(new Set(begun.map((one) => one.ClientRequestToken))).toEqual(new Set(['execute-1']))
})

test('is obsolete once the stack was updated without it', async () => {
  await stacks.create('stale', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  await propose('stale', { Resources: { A: queue({ DelaySeconds: 2 }) } })
  await stacks.update('stale', { Resources: { A: queue({ DelaySeconds: 3 }) } })
  await expect(execute('stale')).rejects.toThrow(/current execution status of \[OBSOLETE\]/)
})

test('goes with its set, and the reviewed stack with a deletion', async () => {
  await propose('review', { Resources: { A: queue() } }, { ChangeSetType: 'CREATE' })
  await client.send(new DeleteChangeSetCommand({ StackName: 'review', ChangeSetName: 'set' }))
  await client.send(new DeleteChangeSetCommand({ StackName: 'review', ChangeSetName: 'set' }))
  await expect(
    client.send(new DescribeChangeSetCommand({ StackName: 'review', ChangeSetName: 'set' })),
  ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' })
  expect((await stacks.describe('review')).StackStatus).toBe('REVIEW_IN_PROGRESS')
  await client.send(new DeleteStackCommand({ StackName: 'review' }))
  await expect(stacks.describe('review')).rejects.toThrow('does not exist')
  expect((await stacks.create('review', { Resources: { A: queue() } })).StackStatus).toBe('CREATE_COMPLETE')
})

test('takes the name of a set that was executed, and still tells that one by its id', async () => {
  await stacks.create('again', { Resources: { A: queue() } })
  const first = await propose('again', { Resources: { A: queue({ DelaySeconds: 1 }) } })
  await execute('again')
  const second = await propose('again', { Resources: { A: queue({ DelaySeconds: 2 }) } })
  expect(second.ChangeSetId).not.toBe(first.ChangeSetId)
  await stacks.remove('again')
  const told = await client.send(new DescribeChangeSetCommand({ ChangeSetName: first.ChangeSetId }))
  expect(told.ExecutionStatus).toBe('EXECUTE_COMPLETE')
})

test('makes a stack all of whose resources are left out by their conditions', async () => {
  const template = {
    Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { A: { ...queue(), Condition: 'No' } },
  }
  const set = await propose('nothing', template, { ChangeSetType: 'CREATE' })
  expect(set).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' })
  expect((await execute('nothing')).StackStatus).toBe('CREATE_COMPLETE')
})

test('answers in the shapes of AWS: what there is none of is left out, changes stand by their names', async () => {
  const template = { Resources: { B: queue(), A: queue() } }
  const set = await propose('shapes', template, { ChangeSetType: 'CREATE' })
  expect(set.Changes?.map((one) => one.ResourceChange?.LogicalResourceId)).toEqual(['A', 'B'])
  expect(set).toMatchObject({ Capabilities: [], NotificationARNs: [] })
  for (const absent of ['Parameters', 'Tags']) expect(set).not.toHaveProperty(absent)
  const values = { StackName: 'shapes', ChangeSetName: 'set', IncludePropertyValues: true }
  const detailed = await client.send(new DescribeChangeSetCommand(values))
  expect(detailed.Changes?.[0]?.ResourceChange?.Replacement).toBe('True')
  expect(await stacks.describe('shapes')).not.toHaveProperty('LastUpdatedTime')
  const made = await execute('shapes')
  expect(made).toMatchObject({ Tags: [], NotificationARNs: [], LastUpdatedTime: expect.any(Date) })
  for (const absent of ['Outputs', 'Parameters', 'Capabilities']) expect(made).not.toHaveProperty(absent)
})

test('refuses a set that makes a stack under the id of a deleted one, and a deletion by the name alone', async () => {
  const { StackId } = await stacks.create('gone', { Resources: { A: queue() } })
  await stacks.remove('gone')
  await expect(propose(StackId!, { Resources: { A: queue() } }, { ChangeSetType: 'CREATE' })).rejects.toThrow(
    `Stack [${StackId}] already exists and cannot be created again with the changeSet [set].`,
  )
  await expect(client.send(new DeleteChangeSetCommand({ ChangeSetName: 'set' }))).rejects.toThrow(
    'StackName must be specified if ChangeSetName is not specified as an ARN.',
  )
  await expect(
    client.send(new DeleteChangeSetCommand({ ChangeSetName: 'set', StackName: 'none' })),
  ).rejects.toThrow('Stack [none] does not exist')
})

test('CreateStack makes the stack that is under review, and the set is of no use any more', async () => {
  const template = { Resources: { A: queue() } }
  const set = await propose('reviewed', template, { ChangeSetType: 'CREATE' })
  await expect(client.send(new GetTemplateSummaryCommand({ StackName: 'reviewed' }))).rejects.toThrow(
    'GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.',
  )
  const made = await stacks.create('reviewed', template)
  expect(made).toMatchObject({ StackId: set.StackId, StackStatus: 'CREATE_COMPLETE' })
  const after = await client.send(new DescribeChangeSetCommand({ ChangeSetName: set.ChangeSetId }))
  expect(after.ExecutionStatus).toBe('OBSOLETE')
})

test('takes an empty value beside UsePreviousValue', async () => {
  const template = (delay: number) => ({
    Parameters: { Name: { Type: 'String' } },
    Resources: { A: queue({ QueueName: { Ref: 'Name' }, DelaySeconds: delay }) },
  })
  await stacks.create('previous', template(1), {
    Parameters: [{ ParameterKey: 'Name', ParameterValue: 'n' }],
  })
  const Parameters = [{ ParameterKey: 'Name', UsePreviousValue: true, ParameterValue: '' }]
  const updated = await stacks.update('previous', template(2), { Parameters })
  expect(updated.Parameters).toEqual([{ ParameterKey: 'Name', ParameterValue: 'n' }])
})
