/** tests/journeys/gates: outputs from template to template, approvals that a program answers, stages that are rolled back. */
import {
  GetPipelineStateCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { rootCaller } from '../conformance/modelled-client.ts'
import { Gates } from './gates-system.ts'

const REGIONS = ['us-east-1', 'eu-west-1']
const ORDERS = 'gates-orders'
const ANSWERS = 'gates-answers'

let cloud: Cloud
let gates: Gates
const bugs: unknown[] = []

beforeAll(async () => {
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  await setAlarms('OK')
  gates = await Gates.deployed(cloud)
}, 60_000)

afterAll(async () => {
  gates?.close()
  await cloud?.stop()
  expect(bugs).toEqual([])
})

/** The alarm of the application in each region of prod. */
async function setAlarms(StateValue: 'OK' | 'ALARM'): Promise<void> {
  for (const region of REGIONS) {
    const call = rootCaller(cloud, 'cloudwatch', { account: '444444444444', region })
    await call('PutMetricAlarm', {
      AlarmName: 'errors',
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'orders',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 0,
    })
    await call('SetAlarmState', { AlarmName: 'errors', StateValue, StateReason: 'the journey' })
  }
}

/** What the service was deployed with, in each region of prod. */
const addresses = () =>
  Promise.all(
    REGIONS.map(async (region) => {
      const client = await gates.accounts.client(SSMClient, { account: '444444444444', region })
      return (await client.send(new GetParameterCommand({ Name: 'address' }))).Parameter?.Value
    }),
  )

test('a template takes the outputs of the one before, and a program answers the approval between them', {
  timeout: 60_000,
}, async () => {
  const [first] = await gates.ended(ORDERS, 1)
  expect(await gates.actions(ORDERS, first!.pipelineExecutionId!)).toContain(
    'prod-network-approve › approve: Succeeded',
  )
  expect(first).toMatchObject({ status: 'Succeeded' })
  expect(await addresses()).toEqual(['10.0.0.0/16 one', '10.0.0.0/16 one'])
})

test('nobody is asked when no change set would change anything, and outputs are known as ever', {
  timeout: 60_000,
}, async () => {
  await gates.drop('10.0.0.0/16', 'two')
  const [, second] = await gates.ended(ORDERS, 2)
  const actions = await gates.actions(ORDERS, second!.pipelineExecutionId!)
  expect(actions.filter((one) => /approve/.test(one))).toEqual([])
  expect(actions).toContain('prod-network › execute-orders-network-us-east-1: Succeeded')
  expect(second).toMatchObject({ status: 'Succeeded' })
  expect(await addresses()).toEqual(['10.0.0.0/16 two', '10.0.0.0/16 two'])
})

test('an alarm that goes off rolls its stage back to what was there', { timeout: 60_000 }, async () => {
  const [, before] = await gates.ended(ORDERS, 2)
  await setAlarms('ALARM')
  await gates.drop('10.0.0.0/16', 'three')
  const executions = await gates.ended(ORDERS, 4)
  expect(executions[2]).toMatchObject({ status: 'Failed' })
  expect(executions[3]).toMatchObject({
    executionType: 'ROLLBACK',
    trigger: { triggerType: 'AutomatedRollback' },
    rollbackMetadata: { rollbackTargetPipelineExecutionId: before!.pipelineExecutionId },
  })
  expect(await addresses()).toEqual(['10.0.0.0/16 two', '10.0.0.0/16 two'])
})

test('a stage is rolled back by hand', { timeout: 60_000 }, async () => {
  await setAlarms('OK')
  const [first] = await gates.ended(ORDERS, 4)
  const client = await gates.codepipeline()
  const { pipelineExecutionId } = await client.send(
    new RollbackStageCommand({
      pipelineName: ORDERS,
      stageName: 'prod',
      targetPipelineExecutionId: first!.pipelineExecutionId!,
    }),
  )
  const executions = await gates.ended(ORDERS, 5)
  expect(executions[4]).toMatchObject({
    pipelineExecutionId,
    status: 'Succeeded',
    trigger: { triggerType: 'ManualRollback' },
  })
  expect(await addresses()).toEqual(['10.0.0.0/16 one', '10.0.0.0/16 one'])
})

test('an approval that a program rejects fails its stage, and nothing is changed', {
  timeout: 60_000,
}, async () => {
  await gates.ended(ANSWERS, 1)
  const client = await gates.codepipeline()
  await client.send(
    new StartPipelineExecutionCommand({ name: ANSWERS, variables: [{ name: 'Answer', value: 'no' }] }),
  )
  const [, second] = await gates.ended(ANSWERS, 2)
  expect(second).toMatchObject({ status: 'Failed' })
  const actions = await gates.actions(ANSWERS, second!.pipelineExecutionId!)
  expect(actions.at(-1)).toBe('dev › approve: Failed')
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: ANSWERS }))
  const [approve] = stageStates.at(-1)!.actionStates!.filter(({ actionName }) => actionName === 'approve')
  expect(approve!.latestExecution?.lastStatusChange).toBeInstanceOf(Date)
  expect(JSON.stringify(approve)).toMatch(/the gate said no/)
})
