/** Templates in S3, and stacks as resources of stacks. */
import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { beforeAll, describe, expect, test } from 'vitest'
import { AwsError } from '../../../src/model/index.ts'
import { startTestCloud } from '../cloud.ts'
import { scriptType } from './scripted-type.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)
const s3 = running.client(S3Client, { forcePathStyle: true })
const queues = scriptType(running.cloud, 'AWS::SQS::Queue', 'q')

const put = async (key: string, template: object) => {
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: key, Body: JSON.stringify(template) }))
  return `https://templates.s3.us-east-1.amazonaws.com/${key}`
}
const child = (properties: object = {}) => ({
  Parameters: { Name: { Type: 'String', Default: 'none' } },
  Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' }, ...properties } } },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] } } },
})
const parent = (TemplateURL: string, more: object = {}) => ({
  Resources: {
    Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL, Parameters: { Name: 'inner' } } },
    ...more,
  },
  Outputs: { Child: { Value: { Ref: 'Child' } }, Arn: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.Arn'] } } },
})

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }))
})

test('reads a template by its URL, in every style, or presigned by another', async () => {
  const url = await put('plain.json', child())
  const styles = [
    url,
    'https://s3.amazonaws.com/templates/plain.json',
    'https://s3.us-east-1.amazonaws.com/templates/plain.json',
    `${running.cloud.endpoint}/templates/plain.json`,
    await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'templates', Key: 'plain.json' })),
  ]
  for (const [index, TemplateURL] of styles.entries()) {
    const stack = await stacks.create(`by-url-${index}`, '', { TemplateBody: undefined, TemplateURL })
    expect(stack.StackStatus).toBe('CREATE_COMPLETE')
  }
  const from = (TemplateURL: string) => stacks.create('no', '', { TemplateBody: undefined, TemplateURL })
  await expect(from('https://templates.s3.amazonaws.com/none.json')).rejects.toThrow(
    /^S3 error: The specified key does not exist/,
  )
  await expect(from('https://example.com/x')).rejects.toThrow('TemplateURL must be a supported URL.')
  const foreign = running.client(S3Client, { account: '222222222222', forcePathStyle: true })
  const unsigned = await getSignedUrl(
    foreign,
    new GetObjectCommand({ Bucket: 'templates', Key: 'plain.json' }),
  )
  await expect(from(unsigned)).rejects.toThrow(/S3 error: /)
})

test('runs a child inside its parent, from creation to deletion', async () => {
  await stacks.create('family', parent(await put('one.json', child({ DelaySeconds: 1 }))))
  const before = await stacks.outputs('family')
  const { Stacks } = await stacks.client.send(new DescribeStacksCommand({ StackName: before.Child }))
  const { StackId } = await stacks.describe('family')
  expect(Stacks?.[0]).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ParentId: StackId, RootId: StackId })
  expect(Stacks?.[0]?.StackName).toMatch(/^family-Child-\w{12}$/)
  expect(before.Arn).toMatch(/^arn:test:q-\d+$/)
  const updated = await stacks.update('family', parent(await put('two.json', child({ DelaySeconds: 2 }))))
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE')
  expect((await stacks.describe(before.Child!)).StackStatus).toBe('UPDATE_COMPLETE')
  expect((await stacks.remove('family')).StackStatus).toBe('DELETE_COMPLETE')
  expect((await stacks.describe(before.Child!)).StackStatus).toBe('DELETE_COMPLETE')
})

test('fails with its child, and deletes what there was of it', async () => {
  queues.script = (call) => {
    if (call.startsWith('create Q')) throw new AwsError('InvalidRequest', 'no', { status: 400 })
  }
  const stack = await stacks.create('sad', parent(await put('sad.json', child())))
  queues.script = () => undefined
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE')
  const events = await stacks.events('sad')
  expect(events).toContainEqual(
    expect.stringMatching(/^Child CREATE_FAILED Embedded stack arn:aws:\S+ was not successfully created: /),
  )
  expect(events).toContain('Child DELETE_COMPLETE')
})

test('brings a child back when a later resource fails', async () => {
  await stacks.create('undo', parent(await put('undo-1.json', child({ DelaySeconds: 1 }))))
  const { Child } = await stacks.outputs('undo')
  queues.script = (call) => {
    if (call.startsWith('create Bad')) throw new AwsError('InvalidRequest', 'no', { status: 400 })
  }
  const bad = { Bad: { Type: 'AWS::SQS::Queue', DependsOn: 'Child' } }
  const stack = await stacks.update('undo', parent(await put('undo-2.json', child({ DelaySeconds: 2 })), bad))
  queues.script = () => undefined
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(queues.calls.filter((call) => call.startsWith('update Q'))).toHaveLength(3)
  expect((await stacks.describe(Child!)).StackStatus).toBe('UPDATE_COMPLETE')
})

describe('with IncludeNestedStacks', () => {
  const send = stacks.client.send.bind(stacks.client) as typeof stacks.client.send
  const propose = async (StackName: string, template: object, ChangeSetType: 'CREATE' | 'UPDATE') => {
    const TemplateBody = JSON.stringify(template)
    const set = { StackName, ChangeSetName: 'tree' }
    await send(new CreateChangeSetCommand({ ...set, TemplateBody, ChangeSetType, IncludeNestedStacks: true }))
    await running.cloud.settled()
    return send(new DescribeChangeSetCommand(set))
  }
  const ofChild = (set: Awaited<ReturnType<typeof propose>>) =>
    set.Changes?.find(({ ResourceChange: one }) => one?.LogicalResourceId === 'Child')?.ResourceChange
  const execute = async (StackName: string) => {
    await send(new ExecuteChangeSetCommand({ StackName, ChangeSetName: 'tree' }))
    return stacks.describe(StackName)
  }

  test('a child has a set of its own, which is executed with that of its parent', async () => {
    const set = await propose('tree', parent(await put('tree-1.json', child({ DelaySeconds: 1 }))), 'CREATE')
    const { ChangeSetId, PhysicalResourceId, Action } = ofChild(set)!
    expect(Action).toBe('Add')
    const inner = await send(new DescribeChangeSetCommand({ ChangeSetName: ChangeSetId }))
    expect(inner).toMatchObject({
      StackId: PhysicalResourceId,
      ParentChangeSetId: set.ChangeSetId,
      RootChangeSetId: set.ChangeSetId,
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason: 'Executable from root change set',
      Changes: [{ ResourceChange: { Action: 'Add', LogicalResourceId: 'Q' } }],
    })
    expect((await stacks.describe(PhysicalResourceId!)).StackStatus).toBe('REVIEW_IN_PROGRESS')
    await expect(send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }))).rejects.toThrow(
      /cannot be executed in its current status/,
    )
    expect((await execute('tree')).StackStatus).toBe('CREATE_COMPLETE')
    expect((await stacks.outputs('tree')).Child).toBe(PhysicalResourceId)
    expect((await stacks.describe(PhysicalResourceId!)).StackStatus).toBe('CREATE_COMPLETE')
  })

  test('a child whose template alone has changed is updated', async () => {
    await stacks.create('leaf', parent(await put('leaf.json', child({ DelaySeconds: 1 }))))
    const same = await propose('leaf', parent(await put('leaf.json', child({ DelaySeconds: 1 }))), 'UPDATE')
    expect(same).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes"),
    })
    await send(new DeleteChangeSetCommand({ StackName: 'leaf', ChangeSetName: 'tree' }))
    const set = await propose('leaf', parent(await put('leaf.json', child({ DelaySeconds: 2 }))), 'UPDATE')
    expect(ofChild(set)).toMatchObject({
      Action: 'Modify',
      Details: [{ Evaluation: 'Dynamic', ChangeSource: 'Automatic' }],
    })
    const { Child } = await stacks.outputs('leaf')
    expect((await execute('leaf')).StackStatus).toBe('UPDATE_COMPLETE')
    expect((await stacks.describe(Child!)).StackStatus).toBe('UPDATE_COMPLETE')
  })

  test('what is known only later is not held against the constraints of a parameter', async () => {
    const inner = child()
    const strict = { ...inner, Parameters: { Name: { Type: 'String', AllowedPattern: 'arn:.*' } } }
    const { Child } = parent(await put('strict.json', strict)).Resources
    const Properties = { ...Child.Properties, Parameters: { Name: { 'Fn::GetAtt': ['Other', 'Arn'] } } }
    const resources = { Other: { Type: 'AWS::SQS::Queue' }, Child: { ...Child, Properties } }
    expect(await propose('later', { Resources: resources }, 'CREATE')).toMatchObject({
      Status: 'CREATE_COMPLETE',
    })
    expect((await execute('later')).StackStatus).toBe('CREATE_COMPLETE')
  })

  test('children that are only under review go with the set; one that fails fails it', async () => {
    const set = await propose('seen', parent(await put('seen.json', child())), 'CREATE')
    const { PhysicalResourceId } = ofChild(set)!
    await send(new DeleteChangeSetCommand({ StackName: 'seen', ChangeSetName: 'tree' }))
    expect((await stacks.describe(PhysicalResourceId!)).StackStatus).toBe('DELETE_COMPLETE')
    const wrong = await put('wrong.json', {
      Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'None' } },
    })
    expect(await propose('seen', parent(wrong), 'CREATE')).toMatchObject({ Status: 'FAILED' })
  })
})
