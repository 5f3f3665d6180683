import type { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { expect, test } from 'vitest'
import { fakeClient } from '../../tests/fake-accounts.ts'
import { answersOf, declaration, EXECUTION, HUB, ran } from '../../tests/fake-pipeline.ts'
import type { Target } from '../model/index.ts'
import { executionState, newestState } from './pipeline-state.ts'

const waiting = { status: 'InProgress', actions: [ran('Ask', 'InProgress'), ran('Fetch', 'Succeeded')] }

function looking(moment = waiting, more = {}) {
  const { client, calls } = fakeClient<CodePipelineClient>({ ...answersOf(moment), ...more })
  return {
    one: () => executionState(client, declaration, HUB, EXECUTION),
    newest: () => newestState(client, 'app', HUB),
    operations: () => calls.map(({ operation }) => operation),
  }
}

test('tells every action, those to come as well, with place, times and the token of what waits', async () => {
  const state = await looking().one()
  expect(state).toMatchObject({
    pipeline: 'app',
    id: EXECUTION,
    status: 'InProgress',
    trigger: 'Webhook',
    revision: { id: 'c0ffee', summary: 'Say hello' },
  })
  const actions = state!.stages.flatMap((one) => one.actions)
  expect(actions.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'Fetch Succeeded',
    'Compile Waiting',
    'Ask InProgress',
    'Execute Waiting',
  ])
  expect(actions[0]).toMatchObject({ started: 1000, ended: 3000, ...HUB, provider: 'S3', category: 'Source' })
  expect(actions[2]).toMatchObject({ approvalToken: 'token', ended: undefined })
  expect(actions[3]).toMatchObject({ account: '222222222222', region: 'eu-west-1', id: undefined })
})

test('rules of conditions are told with what they found, and asked for where there are conditions alone', async () => {
  const stages = declaration.stages!.map((stage) =>
    stage.name === 'Prod' ? { ...stage, beforeEntry: { conditions: [] } } : stage,
  )
  const rule = (ruleName: string, status: string, executionResult: object) => ({
    ...{ ruleName, status, stageName: 'Prod', startTime: new Date(1000), lastUpdateTime: new Date(2000) },
    input: { ruleTypeId: { category: 'Rule', provider: 'DeploymentWindow' } },
    output: { executionResult },
  })
  const ruleExecutionDetails = [
    rule('Window', 'InProgress', { externalExecutionSummary: 'opens at eight' }),
    rule('Alarm', 'Failed', { errorDetails: { message: 'it rings' } }),
    rule('Alarm', 'Succeeded', {}),
  ]
  const { client, calls } = fakeClient<CodePipelineClient>({
    ...answersOf(waiting),
    ListRuleExecutions: () => ({ ruleExecutionDetails }),
  })
  const state = await executionState(client, { ...declaration, stages } as never, HUB, EXECUTION)
  expect(state!.stages.map(({ rules }) => rules)).toEqual([
    undefined,
    undefined,
    [
      expect.objectContaining({ name: 'Alarm', status: 'Failed', summary: 'it rings', ended: 2000 }),
      expect.objectContaining({ name: 'Window', status: 'InProgress', summary: 'opens at eight' }),
    ],
  ])
  expect(calls.map(({ operation }) => operation)).toContain('ListRuleExecutions')
  const without = looking()
  await without.one()
  expect(without.operations()).not.toContain('ListRuleExecutions')
})

test('the last try of a retried action counts, with its error', async () => {
  const error = { code: 'PermissionError', message: 'not authorized' }
  const again = [ran('Fetch', 'Failed', { errorDetails: error }), ran('Fetch', 'Succeeded')]
  const state = await looking({ status: 'Failed', actions: again }).one()
  expect(state!.stages[0]!.actions[0]).toMatchObject({ status: 'Failed', error })
})

test('an action is told as it ran, though the declaration has changed since', async () => {
  const old = ran('Compile', 'Succeeded')
  const moved = { ...old, input: { ...old.input, region: 'ap-south-1', roleArn: 'arn:aws:iam::9:role/x' } }
  const state = await looking({ status: 'Succeeded', actions: [moved] }).one()
  expect(state!.stages[1]!.actions[0]).toMatchObject({ account: '9', region: 'ap-south-1' })
})

test('the token of another execution is none of this', async () => {
  const other = [
    {
      stageName: 'Prod',
      latestExecution: { pipelineExecutionId: 'x' },
      actionStates: [{ actionName: 'Ask', latestExecution: { token: 't' } }],
    },
  ]
  const { one } = looking(waiting, { GetPipelineState: () => ({ stageStates: other }) })
  expect((await one())!.stages[2]!.actions[0]!.approvalToken).toBeUndefined()
})

test('the state of a pipeline is asked for its tokens alone', async () => {
  const { one, operations } = looking({ status: 'InProgress', actions: [ran('Compile', 'InProgress')] })
  await one()
  expect(operations()).not.toContain('GetPipelineState')
})

test('one that never ran, or is gone, has no state', async () => {
  const none = { ListPipelineExecutions: () => ({}), GetPipelineExecution: () => ({}) }
  const { newest, one } = looking(waiting, none)
  expect(await newest()).toBeUndefined()
  expect(await one()).toBeUndefined()
})

test('what is still to come is told by the version that the execution runs', async () => {
  const now = { ...declaration, version: 2, stages: declaration.stages!.slice(0, 2) }
  const versions: unknown[] = []
  const GetPipeline = ({ version }: { version?: number }) => {
    versions.push(version)
    return { pipeline: version === 1 ? { ...declaration, version: 1 } : now }
  }
  const fetched = { ...ran('Fetch', 'Succeeded'), pipelineVersion: 1 }
  const moment = { status: 'InProgress', actions: [fetched] }
  const usual = answersOf(moment)
  const GetPipelineExecution = async (input: unknown, at: Target) => {
    const answer = usual.GetPipelineExecution
    const told = (await (typeof answer === 'function' ? answer(input, at) : answer)) as {
      pipelineExecution: object
    }
    return { pipelineExecution: { ...told.pipelineExecution, pipelineVersion: 1 } }
  }
  const { client } = fakeClient<CodePipelineClient>({ ...usual, GetPipeline, GetPipelineExecution })
  expect((await executionState(client, now, HUB, EXECUTION))!.stages).toHaveLength(3)
  expect((await newestState(client, 'app', HUB))!.stages).toHaveLength(3)
  expect(versions).toEqual([1, 1])
})

test('S3 names no object: the action does', async () => {
  const message = 'The specified key does not exist.'
  const failed = ran('Fetch', 'Failed', { errorDetails: { code: 'JobFailed', message } })
  const configuration = { S3Bucket: 'acme-src', S3ObjectKey: 'src.zip' }
  const named = { ...failed, input: { ...failed.input, configuration } }
  const state = await looking({ status: 'Failed', actions: [named] }).one()
  expect(state!.stages[0]!.actions[0]!.error?.message).toBe(`${message} (s3://acme-src/src.zip)`)
})
