import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { awsError, fakeClient, fakePace } from '../../../tests/fake-accounts.ts'
import { clearFailedStack } from './clear-failed-stack.ts'

const stack = (StackStatus: string): Stack =>
  ({ StackName: 'app', StackId: 'arn:app/1', StackStatus }) as Stack

async function clearing(status: string, left: () => unknown) {
  const { client, calls } = fakeClient<CloudFormationClient>({
    DeleteStack: () => ({}),
    DescribeStacks: left,
  })
  const { pace } = fakePace()
  const result = await clearFailedStack(client, stack(status), pace)
  return { result, calls: calls.map(({ operation, input }) => `${operation} ${input.StackName}`) }
}

test.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED', 'REVIEW_IN_PROGRESS'])(
  'one that stands as %s is deleted by its id, and to be created again',
  async (status) => {
    const { result, calls } = await clearing(status, () => awsError('ValidationError', 'it does not exist'))
    expect(result).toBeUndefined()
    expect(calls).toEqual(['DeleteStack arn:app/1', 'DescribeStacks arn:app/1'])
  },
)

test.each(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])(
  'one that stands as %s is left alone',
  async (status) => {
    const { result, calls } = await clearing(status, () => ({ Stacks: [] }))
    expect(result).toEqual(stack(status))
    expect(calls).toEqual([])
  },
)

test('one that stays is told with the reason', async () => {
  const Stacks = [{ ...stack('DELETE_FAILED'), StackStatusReason: 'the bucket is not empty' }]
  await expect(clearing('ROLLBACK_COMPLETE', () => ({ Stacks }))).rejects.toThrow(
    'the failed stack app cannot be deleted: the bucket is not empty',
  )
})

test('none at all is to be created', async () => {
  const { client } = fakeClient<CloudFormationClient>({})
  expect(await clearFailedStack(client, undefined, fakePace().pace)).toBeUndefined()
})
