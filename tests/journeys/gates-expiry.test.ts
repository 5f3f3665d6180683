/** tests/journeys/gates: an approval that nobody answers expires, and what comes too late is refused. */
import {
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { until } from '../conformance/lambda/functions.ts'
import { AheadClock } from './ahead-clock.ts'
import { Gates } from './gates-system.ts'

const ANSWERS = 'gates-answers'

const clock = new AheadClock()
let cloud: Cloud
let gates: Gates

beforeAll(async () => {
  cloud = await startCloud({ clock })
  gates = await Gates.deployed(cloud)
}, 60_000)

afterAll(async () => {
  gates?.close()
  await cloud?.stop()
})

test('an approval that nobody answers expires', { timeout: 60_000 }, async () => {
  await gates.ended(ANSWERS, 1)
  const client = await gates.codepipeline()
  // The program that is told does not answer this.
  const variables = [{ name: 'Answer', value: 'perhaps' }]
  await client.send(new StartPipelineExecutionCommand({ name: ANSWERS, variables }))
  const token = await until(
    async () => {
      const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: ANSWERS }))
      const actions = stageStates.at(-1)!.actionStates!
      return actions.find(({ actionName }) => actionName === 'approve')?.latestExecution?.token
    },
    (found) => found !== undefined,
  )
  clock.pass(5)
  const [, second] = await gates.ended(ANSWERS, 2)
  expect(second).toMatchObject({ status: 'Failed' })
  expect((await gates.actions(ANSWERS, second!.pipelineExecutionId!)).at(-1)).toBe('dev › approve: Failed')
  const late = new PutApprovalResultCommand({
    pipelineName: ANSWERS,
    stageName: 'dev',
    actionName: 'approve',
    token,
    result: { status: 'Approved', summary: 'late' },
  })
  await expect(client.send(late)).rejects.toThrow('The approval has already been completed')
})
