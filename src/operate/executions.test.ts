import type { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { expect, test } from 'vitest'
import { fakeClient } from '../../tests/fake-accounts.ts'
import { answersOf, EXECUTION, fakeFleet, HUB, ran } from '../../tests/fake-pipeline.ts'
import { execution, startedExecution } from './execution.ts'
import { actionExecutions, commitMessage, executions, history } from './executions.ts'

const done = { status: 'Succeeded', actions: [ran('Fetch', 'Succeeded')] }

test('a history is told page by page', async () => {
  const summary = {
    pipelineExecutionId: EXECUTION,
    status: 'Superseded',
    startTime: new Date(1),
    lastUpdateTime: new Date(2),
    trigger: { triggerType: 'Webhook' },
    sourceRevisions: [{ revisionId: 'c0ffee', revisionSummary: 'Say hello' }],
  }
  const { fleet, calls } = fakeFleet({
    ListPipelineExecutions: ({ nextToken }) => ({
      pipelineExecutionSummaries: [summary],
      ...(!nextToken && { nextToken: 'older' }),
    }),
  })
  const { executions: found, next } = await history(fleet, 'app', { size: 1 })
  expect(found).toEqual([
    {
      id: EXECUTION,
      status: 'Superseded',
      trigger: 'Webhook',
      revisions: [{ id: 'c0ffee', summary: 'Say hello' }],
      started: 1,
      updated: 2,
    },
  ])
  expect(await history(fleet, 'app', { page: next! })).toEqual({ executions: found })
  expect(calls.map(({ input }) => input)).toEqual([
    { pipelineName: 'app', maxResults: 1, nextToken: undefined },
    { pipelineName: 'app', maxResults: undefined, nextToken: 'older' },
  ])
  expect(calls[0]).toMatchObject(HUB)
})

test('one that has not run has an empty history', async () => {
  const { fleet } = fakeFleet({ ListPipelineExecutions: () => ({}) })
  expect(await history(fleet, 'app')).toEqual({ executions: [] })
})

test('all actions of an execution are read', async () => {
  const pages = {
    '': { actionExecutionDetails: [ran('Ask', 'Failed')], nextToken: 'n' },
    n: { actionExecutionDetails: [ran('Fetch', 'Failed')] },
  }
  const { client } = fakeClient<CodePipelineClient>({
    ListActionExecutions: ({ nextToken = '' }: { nextToken?: 'n' | '' }) => pages[nextToken],
  })
  expect((await actionExecutions(client, 'app', 'e')).map((one) => one.actionName)).toEqual(['Ask', 'Fetch'])
})

test('at most so many executions are asked for', async () => {
  const { client, calls } = fakeClient<CodePipelineClient>(answersOf(done))
  expect(await executions(client, 'app', 1)).toHaveLength(1)
  expect(calls[0]!.input.maxResults).toBe(1)
})

test.each([
  ['Say hello', 'Say hello'],
  ['{"ProviderType":"GitHub","CommitMessage":"Say hello"}', 'Say hello'],
  ['{"ProviderType":"GitHub"}', '{"ProviderType":"GitHub"}'],
  ['{ is no JSON', '{ is no JSON'],
  [undefined, undefined],
])('the message of %j is %j', (summary, message) => {
  expect(commitMessage(summary)).toBe(message)
})

test('an execution is the newest, or the one that is named', async () => {
  const { fleet, operations } = fakeFleet(answersOf(done))
  const newest = await execution(fleet, 'app')
  expect(operations()).toContain('ListPipelineExecutions')
  expect(await startedExecution(fleet, 'app', EXECUTION)).toEqual(newest)
  expect(operations()).toContain('GetPipelineExecution')
})

test('where one is needed and none has run it says how to start one', async () => {
  const { fleet } = fakeFleet({ ListPipelineExecutions: () => ({}) })
  expect(await execution(fleet, 'app')).toBeUndefined()
  await expect(startedExecution(fleet, 'app')).rejects.toMatchObject({
    message: 'app has not run yet',
    fix: 'start it with "crossdock start app"',
  })
})
