import { describe, expect, test } from 'vitest'
import { type Answers, awsError } from '../../tests/fake-accounts.ts'
import { deniedIn, ENDPOINT, recordOf } from '../../tests/fake-cloud-record.ts'
import { answersOf, EXECUTION, fakeFleet, ran } from '../../tests/fake-pipeline.ts'
import { FleetError } from '../model/index.ts'
import { actionLogs } from './action-logs.ts'
import { startedExecution } from './execution.ts'
import { lastFailure } from './last-failure.ts'
import { lookAt } from './look.ts'
import { sideBySide } from './side-by-side.ts'

const error = { code: 'PermissionError', message: 'Access Denied' }
const failed = {
  status: 'Failed',
  actions: [
    ran('Compile', 'Failed', {
      errorDetails: error,
      externalExecutionId: 'p:1',
      externalExecutionSummary: 'a summary',
    }),
    ran('Fetch', 'Succeeded'),
  ],
}
const ORIGIN = { account: '2', region: 'r', stack: 's' }
const remedies = [{ belongsIn: 'a policy', advice: 'change it' }]
const log = (...messages: string[]): Answers => ({
  BatchGetBuilds: () => ({ builds: [{ logs: { groupName: 'g', streamName: 's' } }] }),
  GetLogEvents: ({ nextToken }) => ({
    events: nextToken ? [] : messages.map((message) => ({ message })),
    nextForwardToken: 'n',
  }),
})
const fleetOf = (answers: Answers = {}) =>
  fakeFleet({ ...answersOf(failed), ListStackResources: () => ({}), ...answers }, ENDPOINT)

describe('a look', () => {
  test('has the state, the denials of what failed, and what was only recorded', async () => {
    const asked = recordOf([deniedIn('Compile')])
    const { state, trouble } = await lookAt(fleetOf().fleet, 'app')
    expect(state).toMatchObject({ status: 'Failed', recorded: {} })
    expect(state!.denials['Build/Compile']!.map((one) => one.action)).toEqual(['s3:GetObject'])
    expect(trouble).toBeUndefined()
    expect(asked).toHaveBeenCalledTimes(1)
  })

  test('is empty where the pipeline never ran', async () => {
    expect(await lookAt(fleetOf({ ListPipelineExecutions: () => ({}) }).fleet, 'app')).toEqual({})
  })

  test('is of an older execution where one is named', async () => {
    recordOf([])
    const { fleet, calls } = fleetOf()
    await lookAt(fleet, 'app', { execution: EXECUTION })
    const asked = calls.find(({ operation }) => operation === 'GetPipelineExecution')
    expect(asked!.input.pipelineExecutionId).toBe(EXECUTION)
  })

  test('stays whole where the cloud tells no denials', async () => {
    recordOf([], 500)
    const { state, trouble } = await lookAt(fleetOf().fleet, 'app')
    expect(state!.denials).toEqual({ 'Build/Compile': [] })
    expect(trouble).toBeInstanceOf(FleetError)
  })

  test('has the places of policies where they are asked for', async () => {
    recordOf([deniedIn('Compile', { remedies })])
    const origins = async (places?: () => typeof ORIGIN) => {
      const { state } = await lookAt(fleetOf().fleet, 'app', { ...(places && { places }) })
      return state!.denials['Build/Compile']![0]!.remedies
    }
    expect(await origins()).toEqual(remedies)
    expect(await origins(() => ORIGIN)).toEqual([{ ...remedies[0], origin: ORIGIN }])
  })
})

describe('logs', () => {
  const logsOf = async (answers: Answers, options = {}) => {
    const { fleet } = fleetOf(answers)
    return actionLogs(fleet.accounts, await startedExecution(fleet, 'app'), options)
  }

  test('are of the actions that said something', async () => {
    recordOf([deniedIn('Compile', { remedies })])
    const { logs } = await logsOf(log('one', 'two'), { places: () => ORIGIN })
    expect(logs).toHaveLength(1)
    expect(logs[0]).toMatchObject({ stage: 'Build', action: 'Compile', lines: ['one', 'two'], error })
    expect(logs[0]!.denials[0]!.remedies[0]!.origin).toEqual(ORIGIN)
  })

  test('are told of builds that went well, and of failures without a log', async () => {
    recordOf([])
    const well = ran('Compile', 'Succeeded', { externalExecutionId: 'p:1' })
    const { logs } = await logsOf({ ...answersOf({ status: 'Succeeded', actions: [well] }), ...log('one') })
    expect(logs).toMatchObject([{ action: 'Compile', lines: ['one'], error: undefined }])
    expect((await logsOf(log())).logs).toMatchObject([{ action: 'Compile', lines: [], error }])
  })

  test('are of one action where it is named', async () => {
    recordOf([])
    expect((await logsOf(log('one'), { action: 'Fetch' })).logs).toEqual([])
    await expect(logsOf(log('one'), { action: 'Nope' })).rejects.toThrow('app has no action "Nope"')
  })
})

describe('the last failure', () => {
  const failureOf = (answers: Answers) => {
    const { fleet } = fleetOf({ ...log(), ...answers })
    return lastFailure(fleet.accounts, { ...fleet.hub, name: 'app' })
  }

  test('has everything that is said of the failed action, each once', async () => {
    recordOf([deniedIn('Compile')])
    const failure = await failureOf(
      log('all well', 'AccessDenied: no', 'User is not authorized', 'AccessDenied: no'),
    )
    expect(failure).toMatchObject({
      pipeline: 'app',
      execution: EXECUTION,
      stage: 'Build',
      action: 'Compile',
    })
    expect(failure!.messages).toEqual([
      'Access Denied',
      'a summary',
      'AccessDenied: no',
      'User is not authorized',
    ])
    expect(failure!.denials).toHaveLength(1)
  })

  test('says what could not be read', async () => {
    recordOf(['x'])
    const { messages } = (await failureOf({ GetLogEvents: () => awsError('AccessDenied', 'no logs') }))!
    expect(messages).toContain('access denied to the log: no logs')
    expect(messages.at(-1)).toContain('line 1 of its answer is no JSON')
  })

  test('is none where the newest run did not fail', async () => {
    expect(
      await failureOf(answersOf({ status: 'Succeeded', actions: [ran('Fetch', 'Succeeded')] })),
    ).toBeUndefined()
    expect(await failureOf({ ListPipelineExecutions: () => ({}) })).toBeUndefined()
  })
})

test('side by side, no more are at work than may be, and a failure hides no other', async () => {
  let [busy, most] = [0, 0]
  const results = await sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++busy)
    await new Promise((resolve) => setImmediate(resolve))
    busy--
    if (item === 2) throw new Error('two')
    return item * 10
  })
  expect(most).toBe(2)
  expect(results.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    10,
    'Error: two',
    30,
    40,
    50,
  ])
})
