import { expect, test } from 'vitest'
import { type Answers, awsError } from '../../tests/fake-accounts.ts'
import { EXECUTION, fakeFleet } from '../../tests/fake-pipeline.ts'
import { standings } from './standings.ts'

const summary = (id: string, status: string) => ({
  pipelineExecutionId: id,
  status,
  startTime: new Date(1),
  lastUpdateTime: new Date(2),
  sourceRevisions: [{ revisionId: `of ${id}` }],
})

/** The stage Prod as it was left by an execution, with its approval and its deployment. */
const prod = (latest: object, ask: object, execute: object = {}, more: object = {}) => ({
  stageName: 'Prod',
  latestExecution: latest,
  actionStates: [
    { actionName: 'Ask', latestExecution: ask },
    { actionName: 'Execute', latestExecution: execute },
  ],
  ...more,
})

async function standingOf(stage: object, answers: Answers = {}) {
  const { fleet, operations } = fakeFleet({
    GetCallerIdentity: () => ({ Account: '111111111111', Arn: 'arn:aws:iam::111111111111:user/me' }),
    GetPipelineState: () => ({ stageStates: [{ stageName: 'Source' }, stage] }),
    ListPipelineExecutions: ({ filter }) => ({
      pipelineExecutionSummaries: filter ? [summary('older', 'Failed')] : [summary(EXECUTION, 'InProgress')],
    }),
    ...answers,
  })
  const [look] = await standings(fleet)
  return { ...look!, operations: operations().filter((one) => one === 'ListPipelineExecutions').length }
}

test('what a stage was last left with is shipped there, since its last action ended', async () => {
  const done = { status: 'Succeeded', lastStatusChange: new Date(5) }
  const { id, standing, operations } = await standingOf(
    prod({ pipelineExecutionId: EXECUTION, status: 'Succeeded' }, done, {
      ...done,
      lastStatusChange: new Date(9),
    }),
  )
  expect(id).toBe('app')
  expect(standing!.stages).toMatchObject([
    { name: 'Source', ships: false, waiting: [] },
    { name: 'Prod', ships: true, shipped: { execution: { id: EXECUTION }, at: 9 }, waiting: [] },
  ])
  expect(operations).toBe(1)
})

test('while another is in it, what was shipped before is asked for', async () => {
  const asking = { status: 'InProgress', token: 't', lastStatusChange: new Date(7) }
  const { standing, operations } = await standingOf(
    prod({ pipelineExecutionId: EXECUTION, status: 'InProgress' }, asking),
  )
  expect(standing!.stages[1]).toMatchObject({
    shipped: { execution: { id: 'older' }, at: 2 },
    latest: { id: EXECUTION, status: 'InProgress' },
    waiting: [{ stage: 'Prod', action: 'Ask', execution: EXECUTION, since: 7 }],
  })
  expect(operations).toBe(2)
})

test('a failure has its action and words, a held stage its reason', async () => {
  const failed = { status: 'Failed', errorDetails: { message: 'Access Denied' } }
  const { standing } = await standingOf(
    prod({ pipelineExecutionId: EXECUTION, status: 'Failed' }, { status: 'Succeeded' }, failed, {
      inboundTransitionState: { enabled: false, disabledReason: 'the fair', lastChangedBy: 'ana' },
    }),
    { ListPipelineExecutions: () => ({}) },
  )
  expect(standing).toEqual({
    pipeline: 'app',
    stages: [
      { name: 'Source', ships: false, waiting: [] },
      {
        name: 'Prod',
        ships: true,
        latest: { id: EXECUTION, status: 'Failed' },
        waiting: [],
        failure: { action: 'Execute', message: 'Access Denied' },
        paused: { reason: 'the fair', by: 'ana' },
      },
    ],
  })
})

test('what stands in the way of all pipelines alike is thrown', async () => {
  const denied = { GetPipelineState: () => awsError('AccessDenied') }
  await expect(standingOf({}, denied)).rejects.toThrow('AccessDenied')
})
