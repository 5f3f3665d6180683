import { expect, test } from 'vitest'
import { type Answers, afterALostAnswer, awsError } from '../../tests/fake-accounts.ts'
import { answersOf, EXECUTION, fakeFleet, HUB, ran } from '../../tests/fake-pipeline.ts'
import { answerWaiting, waitingApprovals } from './approve.ts'
import { startedExecution } from './execution.ts'
import { pendingChanges } from './pending-changes.ts'
import { startExecution } from './start.ts'

const WAITING = { status: 'InProgress', actions: [ran('Ask', 'InProgress'), ran('Fetch', 'Succeeded')] }
const ANSWER = { approved: true, summary: 'by me' }

async function waitingFleet(answers: Answers, moment = WAITING) {
  const told = fakeFleet({ ...answersOf(moment), ...answers })
  return { ...told, state: await startedExecution(told.fleet, 'app') }
}

test.each([
  [true, 'Approved'],
  [false, 'Rejected'],
])('what waits is answered with its token: %s is %s', async (approved, status) => {
  const { fleet, state, calls } = await waitingFleet({ PutApprovalResult: () => ({}) })
  const answered = await answerWaiting(fleet, state, { approved, summary: 'by me' })
  expect(answered.map(({ stage, action }) => `${stage}/${action.name}`)).toEqual(['Prod/Ask'])
  expect(waitingApprovals(state)).toEqual(answered)
  expect(calls.at(-1)).toEqual({
    operation: 'PutApprovalResult',
    ...HUB,
    input: {
      pipelineName: 'app',
      stageName: 'Prod',
      actionName: 'Ask',
      token: 'token',
      result: { status, summary: 'by me' },
    },
  })
})

test('where nothing waits it says how the execution stands', async () => {
  const { fleet, state } = await waitingFleet({}, { status: 'Failed', actions: [ran('Ask', 'Failed')] })
  await expect(answerWaiting(fleet, state, ANSWER)).rejects.toThrow(
    `no approval waits in app (execution ${EXECUTION} is Failed)`,
  )
})

const TAKEN = ['ApprovalAlreadyCompletedException', 'InvalidApprovalTokenException']

test.each(TAKEN)('%s at the first try is told: somebody else was quicker', async (name) => {
  const { fleet, state } = await waitingFleet({ PutApprovalResult: () => awsError(name) })
  await expect(answerWaiting(fleet, state, ANSWER)).rejects.toThrow(name)
})

test.each(TAKEN)('%s after a lost answer is success where it ended as it was answered', async (name) => {
  const lost = await afterALostAnswer(awsError(name))
  const ending = async (status: string, externalExecutionSummary: string) => {
    const { fleet, state } = await waitingFleet({ PutApprovalResult: () => lost })
    const ended = ran('Ask', status, { externalExecutionSummary })
    const after = fakeFleet({
      PutApprovalResult: () => lost,
      ListActionExecutions: () => ({ actionExecutionDetails: [ended] }),
    })
    return answerWaiting({ ...fleet, ...after.fleet }, state, ANSWER)
  }
  expect(await ending('Succeeded', 'by me')).toHaveLength(1)
  await expect(ending('Succeeded', 'by another')).rejects.toThrow(name)
  await expect(ending('Failed', 'by me')).rejects.toThrow(name)
})

test('what an approval is about are the change sets behind it, all pages, where they are', async () => {
  const { fleet, state, calls } = await waitingFleet({
    DescribeChangeSet: ({ NextToken }) =>
      NextToken ? { Changes: [{ Type: 'two' }] } : { Changes: [{ Type: 'one' }], NextToken: 'n' },
  })
  expect(await pendingChanges(fleet.accounts, state)).toEqual([
    {
      account: '222222222222',
      region: 'eu-west-1',
      stack: 'app',
      changes: [{ Type: 'one' }, { Type: 'two' }],
    },
  ])
  expect(calls.at(-1)).toMatchObject({
    account: '222222222222',
    input: { StackName: 'app', ChangeSetName: 'next', NextToken: 'n' },
  })
})

test.each([
  ['a set without changes', awsError('ChangeSetNotFoundException')],
  ['a stack that is still to come', awsError('ValidationError', 'Stack [app] does not exist')],
])('%s has none', async (_, error) => {
  const { fleet, state } = await waitingFleet({ DescribeChangeSet: () => error })
  expect(await pendingChanges(fleet.accounts, state)).toMatchObject([{ stack: 'app', changes: [] }])
})

test.each([
  awsError('AccessDenied'),
  awsError('AccessDenied', 'the role does not exist'),
  awsError('ValidationError', '1 validation error detected'),
])('a set that may not be read is no empty one: %s', async (error) => {
  const { fleet, state } = await waitingFleet({ DescribeChangeSet: () => error })
  await expect(pendingChanges(fleet.accounts, state)).rejects.toThrow(error.message)
})

test('where nothing waits nobody is asked', async () => {
  const { fleet, state, operations } = await waitingFleet({}, { status: 'Failed', actions: [] })
  expect(await pendingChanges(fleet.accounts, state)).toEqual([])
  expect(operations()).not.toContain('DescribeChangeSet')
})

test('a start has a token of its own', async () => {
  const { fleet, calls } = fakeFleet({ StartPipelineExecution: () => ({ pipelineExecutionId: EXECUTION }) })
  expect(await startExecution(fleet, 'app')).toBe(EXECUTION)
  await startExecution(fleet, 'app')
  const tokens = calls.map(({ input }) => input.clientRequestToken)
  expect(calls[0]).toMatchObject({ ...HUB, input: { name: 'app' } })
  expect(new Set(tokens).size).toBe(2)
})
