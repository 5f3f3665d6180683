import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { assemblyStack } from '../../../tests/assembly-stack.ts'
import {
  type Answers,
  afterALostAnswer,
  awsError,
  fakeClient,
  fakePace,
} from '../../../tests/fake-accounts.ts'
import { createChangeSet } from './create-change-set.ts'

const MADE = { Id: 'arn:set', StackId: 'arn:stack' }
const DONE = { Status: 'CREATE_COMPLETE', ChangeSetId: 'arn:set', StackId: 'arn:stack' }

async function create(answers: Answers, more: { create?: boolean } = {}) {
  const { client, calls } = fakeClient<CloudFormationClient>({
    CreateChangeSet: () => MADE,
    DeleteChangeSet: () => ({}),
    ...answers,
  })
  const { pace, rests } = fakePace()
  const made = await createChangeSet(client, assemblyStack(), {
    create: true,
    source: { TemplateBody: '{}' },
    parameters: { Size: '3' },
    pace,
    token: 'T',
    ...more,
  })
  return { made, calls, rests }
}

test('it asks for everything of the stack, under a name of this deployment', async () => {
  const { made, calls } = await create({
    DescribeChangeSet: () => ({ ...DONE, Changes: [{ Type: 'Resource' }] }),
  })
  expect(made).toEqual({ id: 'arn:set', stackId: 'arn:stack', changes: [{ Type: 'Resource' }] })
  expect(calls[0]!.input).toEqual({
    StackName: 'app',
    ChangeSetName: 'crossdock-T',
    ClientToken: 'T',
    ChangeSetType: 'CREATE',
    TemplateBody: '{}',
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: [{ ParameterKey: 'Size', ParameterValue: '3' }],
    Tags: [{ Key: 'fleet', Value: 'small' }],
  })
})

test('it updates what stands, waits for the set, and reads all its pages', async () => {
  const states = ['CREATE_PENDING', 'CREATE_IN_PROGRESS']
  const { made, calls, rests } = await create(
    {
      DescribeChangeSet: ({ NextToken }) =>
        NextToken
          ? { ...DONE, Changes: [{ Type: 'two' }] }
          : {
              ...DONE,
              Status: states.shift() ?? 'CREATE_COMPLETE',
              Changes: [{ Type: 'one' }],
              NextToken: 'n',
            },
    },
    { create: false },
  )
  expect(calls[0]!.input.ChangeSetType).toBe('UPDATE')
  expect(rests).toHaveLength(2)
  expect(made?.changes.map(({ Type }) => Type)).toEqual(['one', 'two'])
})

test.each([
  "The submitted information didn't contain changes. Submit different information to create a change set.",
  'No updates are to be performed.',
])('one that fails for "%s" would change nothing, and is removed', async (StatusReason) => {
  const { made, calls } = await create({ DescribeChangeSet: () => ({ Status: 'FAILED', StatusReason }) })
  expect(made).toBeUndefined()
  expect(calls.at(-1)).toMatchObject({ operation: 'DeleteChangeSet', input: { ChangeSetName: 'arn:set' } })
})

test("another failure is told in CloudFormation's words, also where it cannot be removed", async () => {
  const asked = create({
    DescribeChangeSet: () => ({ Status: 'FAILED', StatusReason: 'Template error: x' }),
    DeleteChangeSet: () => awsError('AccessDenied'),
  })
  await expect(asked).rejects.toThrow('Template error: x')
  await expect(create({ DescribeChangeSet: () => ({ Status: 'FAILED' }) })).rejects.toThrow(
    'the change set ended as FAILED',
  )
})

test('a set that a lost answer left is found again; one of somebody else is not taken', async () => {
  const taken = awsError('AlreadyExistsException', 'it exists')
  await expect(create({ CreateChangeSet: () => taken, DescribeChangeSet: () => DONE })).rejects.toThrow(
    'it exists',
  )
  const lost = await afterALostAnswer(awsError('AlreadyExistsException', 'it exists'))
  const { made, calls } = await create({ CreateChangeSet: () => lost, DescribeChangeSet: () => DONE })
  expect(made?.id).toBe('arn:set')
  expect(calls[1]!.input).toEqual({ StackName: 'app', ChangeSetName: 'crossdock-T' })
})

test('an answer without an id is none', async () => {
  await expect(create({ CreateChangeSet: () => ({ Id: 'arn:set' }) })).rejects.toThrow(
    'CloudFormation gave no id for the change set crossdock-T',
  )
})
