import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { awsError, fakeClient, fakePace } from '../../../tests/fake-accounts.ts'
import { resting } from './pace.ts'
import { isIdle, waitForStack } from './wait-for-stack.ts'

test.each([
  ['CREATE_COMPLETE', true],
  ['ROLLBACK_FAILED', true],
  ['REVIEW_IN_PROGRESS', true],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
  ['DELETE_IN_PROGRESS', false],
])('%s is idle: %s', (StackStatus, idle) => {
  expect(isIdle({ StackStatus } as Stack)).toBe(idle)
})

async function waiting(...answers: unknown[]) {
  const { client } = fakeClient<CloudFormationClient>({ DescribeStacks: () => answers.shift() })
  const { pace, rests } = fakePace()
  return { stack: await waitForStack(client, 'app', pace), rests }
}
const standing = (StackStatus: string) => ({ Stacks: [{ StackStatus }] })

test('it looks until nothing is in progress', async () => {
  const busy = standing('UPDATE_IN_PROGRESS')
  const { stack, rests } = await waiting(busy, busy, standing('UPDATE_COMPLETE'))
  expect(stack).toEqual({ StackStatus: 'UPDATE_COMPLETE' })
  expect(rests).toEqual([100, 125])
})

test('one that goes meanwhile is gone', async () => {
  const { stack } = await waiting(
    standing('DELETE_IN_PROGRESS'),
    awsError('ValidationError', 'does not exist'),
  )
  expect(stack).toBeUndefined()
})

test('looks come briefly after each other at first, and never further apart than the pace says', async () => {
  const { pace, rests } = fakePace(240)
  const rest = resting(pace)
  for (let looks = 0; looks < 20; looks++) await rest()
  expect(rests.slice(0, 3)).toEqual([20, 25, 31.25])
  expect(rests.slice(-2)).toEqual([240, 240])
})
