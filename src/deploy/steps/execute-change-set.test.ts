import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { type Answers, afterALostAnswer, awsError, fakeClient } from '../../../tests/fake-accounts.ts'
import { executeChangeSet } from './execute-change-set.ts'

async function execute(answers: Answers): Promise<string[]> {
  const { client, calls } = fakeClient<CloudFormationClient>(answers)
  await executeChangeSet(client, { id: 'arn:set', stackId: 'arn:stack', changes: [] }, 'T')
  return calls.map(({ operation }) => operation)
}

test("it marks the operation with the deployment's token", async () => {
  const { client, calls } = fakeClient<CloudFormationClient>({ ExecuteChangeSet: () => ({}) })
  await executeChangeSet(client, { id: 'arn:set', stackId: 'arn:stack', changes: [] }, 'T')
  expect(calls[0]!.input).toEqual({ ChangeSetName: 'arn:set', ClientRequestToken: 'T' })
})

const NAMES = ['InvalidChangeSetStatus', 'ChangeSetNotFoundException', 'TokenAlreadyExistsException']

test.each(NAMES)('%s at the first try is what it says', async (name) => {
  await expect(execute({ ExecuteChangeSet: () => awsError(name) })).rejects.toThrow(name)
})

test.each(NAMES)('%s after a lost answer is success where the set is being executed', async (name) => {
  const lost = await afterALostAnswer(awsError(name))
  const DescribeChangeSet = () => ({ ExecutionStatus: 'EXECUTE_IN_PROGRESS' })
  expect(await execute({ ExecuteChangeSet: () => lost, DescribeChangeSet })).toHaveLength(2)
  const available = () => ({ ExecutionStatus: 'AVAILABLE' })
  await expect(execute({ ExecuteChangeSet: () => lost, DescribeChangeSet: available })).rejects.toThrow(name)
})

test('a set that is gone was executed where the stack says that it was its last', async () => {
  const lost = await afterALostAnswer(awsError('ChangeSetNotFoundException'))
  const gone = {
    ExecuteChangeSet: () => lost,
    DescribeChangeSet: () => awsError('ChangeSetNotFoundException'),
  }
  const stackOf = (ChangeSetId: string) => () => ({ Stacks: [{ ChangeSetId }] })
  expect(await execute({ ...gone, DescribeStacks: stackOf('arn:set') })).toHaveLength(3)
  await expect(execute({ ...gone, DescribeStacks: stackOf('arn:other') })).rejects.toThrow(
    'ChangeSetNotFound',
  )
})

test('what keeps it from being looked at is told', async () => {
  const lost = await afterALostAnswer(awsError('InvalidChangeSetStatus'))
  const DescribeChangeSet = () => awsError('AccessDenied', 'not authorized')
  await expect(execute({ ExecuteChangeSet: () => lost, DescribeChangeSet })).rejects.toThrow('not authorized')
})
