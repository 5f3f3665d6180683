/** Conditions of stages: what lets an execution in, out, and back. */
import {
  type Condition,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  ListRuleExecutionsCommand,
  ListRuleTypesCommand,
  OverrideStageConditionCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  type RuleDeclaration,
  type StageDeclaration,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { rootCaller } from '../modelled-client.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

/** A Tuesday. */
const clock = new HandClock(Date.parse('2026-12-01T12:00:00Z'))
let shop: Workshop
let role: string
let cloudwatch: ReturnType<typeof rootCaller>
const events: CloudEvent[] = []

beforeAll(async () => {
  shop = await openWorkshop({ clock })
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'cloudwatch:DescribeAlarms', 'lambda:InvokeFunction'] },
  ])
  const Body = await pack([{ name: 'readme.txt', content: Buffer.from('one') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  cloudwatch = rootCaller(shop.cloud, 'cloudwatch', { now: () => clock.now() })
  shop.cloud.bus.listen((event) => void events.push(event))
})

const rule = (provider: string, more: Partial<RuleDeclaration> = {}): RuleDeclaration => ({
  name: provider,
  ruleTypeId: { category: 'Rule', owner: 'AWS', provider, version: '1' },
  ...more,
})
const variable = (Value: string, Operator = 'EQ') =>
  rule('VariableCheck', { configuration: { Variable: '#{Fetched.ObjectKey}', Value, Operator } })
const alarmRule = (AlarmName: string, more: Record<string, string> = {}) =>
  rule('CloudWatchAlarm', { configuration: { AlarmName, ...more } })
const when = (result: Condition['result'], ...rules: RuleDeclaration[]) => ({
  conditions: [{ result, rules }],
})

/** A pipeline whose second stage has conditions, and a third behind it; gives its first execution. */
async function create(
  name: string,
  conditions: Partial<StageDeclaration>,
  work = approval(),
): Promise<string> {
  const pipeline = pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [work], [approval('Last')]])
  const [first, second, third] = pipeline.stages!
  await shop.codepipeline.send(
    new CreatePipelineCommand({
      pipeline: { ...pipeline, stages: [first!, { ...second!, ...conditions }, third!] },
    }),
  )
  await shop.cloud.settled()
  return (await executions(name))[0]!.pipelineExecutionId!
}

async function executions(pipelineName: string) {
  const command = new ListPipelineExecutionsCommand({ pipelineName })
  return (await shop.codepipeline.send(command)).pipelineExecutionSummaries!
}

async function stage(name: string) {
  const { stageStates } = await shop.codepipeline.send(new GetPipelineStateCommand({ name }))
  return stageStates![1]!
}

async function rules(pipelineName: string) {
  const { ruleExecutionDetails = [] } = await shop.codepipeline.send(
    new ListRuleExecutionsCommand({ pipelineName }),
  )
  return ruleExecutionDetails.map(({ ruleName, status }) => `${ruleName} ${status}`)
}

async function answer(pipelineName: string, status: 'Approved' | 'Rejected', stageName = 'Stage1') {
  const { actions } = (await shop.state(pipelineName))[stageName]!
  const [actionName, now] = Object.entries(actions)[0]!
  await shop.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName,
      stageName,
      actionName,
      token: now!.token,
      result: { status, summary: '' },
    }),
  )
  await shop.cloud.settled()
}

async function again(name: string): Promise<string> {
  const { pipelineExecutionId } = await shop.codepipeline.send(new StartPipelineExecutionCommand({ name }))
  await shop.cloud.settled()
  return pipelineExecutionId!
}

const setAlarm = async (AlarmName: string, StateValue: string) => {
  await cloudwatch('SetAlarmState', { AlarmName, StateValue, StateReason: 'told so' })
  await shop.cloud.settled()
}
const alarm = async (AlarmName: string, state: string) => {
  await cloudwatch('PutMetricAlarm', {
    AlarmName,
    Namespace: 'App',
    MetricName: AlarmName,
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  })
  await setAlarm(AlarmName, state)
}

describe('on entry', () => {
  it('a condition that is met lets the execution in', async () => {
    await create('met', {
      beforeEntry: when('FAIL', variable('app.zip'), { ...variable('zip', 'CONTAINS'), name: 'Zip' }),
    })
    const { beforeEntryConditionState: state, actionStates } = await stage('met')
    expect(state).toMatchObject({
      latestExecution: { status: 'Succeeded' },
      conditionStates: [
        {
          latestExecution: { status: 'Succeeded', lastStatusChange: expect.any(Date) },
          ruleStates: [
            {
              ruleName: 'VariableCheck',
              latestExecution: { status: 'Succeeded', summary: "Variable 'app.zip' EQ 'app.zip' holds" },
            },
            { ruleName: 'Zip', latestExecution: { status: 'Succeeded' } },
          ],
        },
      ],
    })
    expect(actionStates![0]!.latestExecution!.status).toBe('InProgress')
    expect(await rules('met')).toEqual(['Zip Succeeded', 'VariableCheck Succeeded'])
  })

  it('one that is not met fails the stage, and is overridden', async () => {
    const pipelineExecutionId = await create('unmet', { beforeEntry: when('FAIL', variable('other.zip')) })
    expect((await executions('unmet'))[0]).toMatchObject({
      status: 'Failed',
      statusSummary:
        "Condition beforeEntry of stage Stage1 failed: Rule VariableCheck failed: Variable 'app.zip' EQ 'other.zip' does not hold",
    })
    expect(await stage('unmet')).toMatchObject({
      latestExecution: { status: 'Failed' },
      beforeEntryConditionState: { latestExecution: { status: 'Failed' } },
    })
    await shop.codepipeline.send(
      new OverrideStageConditionCommand({
        pipelineName: 'unmet',
        stageName: 'Stage1',
        pipelineExecutionId,
        conditionType: 'BEFORE_ENTRY',
      }),
    )
    await shop.cloud.settled()
    expect(await stage('unmet')).toMatchObject({
      latestExecution: { status: 'InProgress' },
      beforeEntryConditionState: { latestExecution: { status: 'Overridden' } },
    })
    await answer('unmet', 'Approved')
    await answer('unmet', 'Approved', 'Stage2')
    expect((await executions('unmet'))[0]!.status).toBe('Succeeded')
  })

  it('a retry looks at it anew', async () => {
    const pipelineExecutionId = await create('retried', { beforeEntry: when('FAIL', variable('other.zip')) })
    await shop.codepipeline.send(
      new RetryStageExecutionCommand({
        pipelineName: 'retried',
        stageName: 'Stage1',
        pipelineExecutionId,
        retryMode: 'FAILED_ACTIONS',
      }),
    )
    await shop.cloud.settled()
    expect(await rules('retried')).toEqual(['VariableCheck Failed', 'VariableCheck Failed'])
    const { ruleExecutionDetails } = await shop.codepipeline.send(
      new ListRuleExecutionsCommand({
        pipelineName: 'retried',
        filter: { latestInPipelineExecution: { pipelineExecutionId, startTimeRange: 'Latest' } },
      }),
    )
    expect(ruleExecutionDetails).toMatchObject([
      {
        pipelineExecutionId,
        stageName: 'Stage1',
        ruleName: 'VariableCheck',
        status: 'Failed',
        input: {
          ruleTypeId: { category: 'Rule', provider: 'VariableCheck' },
          configuration: { Variable: '#{Fetched.ObjectKey}' },
          resolvedConfiguration: { Variable: 'app.zip' },
        },
      },
    ])
  })

  it('a condition may skip the stage, and cannot be overridden then', async () => {
    const pipelineExecutionId = await create('skipped', { beforeEntry: when('SKIP', variable('other.zip')) })
    expect((await stage('skipped')).latestExecution).toMatchObject({ status: 'Skipped' })
    expect((await shop.state('skipped')).Stage2).toMatchObject({ status: 'InProgress' })
    const override = new OverrideStageConditionCommand({
      pipelineName: 'skipped',
      stageName: 'Stage1',
      pipelineExecutionId,
      conditionType: 'BEFORE_ENTRY',
    })
    await expect(shop.codepipeline.send(override)).rejects.toMatchObject({
      name: 'NotLatestPipelineExecutionException',
    })
    const told = events.filter(({ detail }) => (detail as { pipeline?: string }).pipeline === 'skipped')
    expect(
      told.some(({ detail }) => (detail as { stage?: string; state?: string }).state === 'SKIPPED'),
    ).toBe(false)
  })

  it('a window is waited for on the cloud’s clock, and can be overridden meanwhile', async () => {
    const window = rule('DeploymentWindow', {
      configuration: { Cron: '* * 13-15 ? * MON-FRI *', TimeZone: 'UTC' },
    })
    await create('window', { beforeEntry: when('FAIL', window) })
    const pipelineExecutionId = await create('early', { beforeEntry: when('FAIL', window) })
    expect(await stage('window')).toMatchObject({
      latestExecution: { status: 'InProgress' },
      beforeEntryConditionState: {
        latestExecution: { status: 'InProgress' },
        conditionStates: [
          {
            ruleStates: [
              {
                latestExecution: {
                  status: 'InProgress',
                  summary: 'Waiting for the deployment window, which opens at 2026-12-01T13:00:00.000Z',
                },
              },
            ],
          },
        ],
      },
    })
    await shop.codepipeline.send(
      new OverrideStageConditionCommand({
        pipelineName: 'early',
        stageName: 'Stage1',
        pipelineExecutionId,
        conditionType: 'BEFORE_ENTRY',
      }),
    )
    await shop.cloud.settled()
    expect(await rules('early')).toEqual(['DeploymentWindow Abandoned'])
    expect((await stage('early')).actionStates![0]!.latestExecution!.status).toBe('InProgress')
    await clock.pass(59)
    await shop.cloud.settled()
    expect(await rules('window')).toEqual(['DeploymentWindow InProgress'])
    await clock.pass(1)
    await shop.cloud.settled()
    expect(await rules('window')).toEqual(['DeploymentWindow Succeeded'])
    expect((await stage('window')).actionStates![0]!.latestExecution!.status).toBe('InProgress')
  })

  it('a window that does not open in time fails', async () => {
    const window = rule('DeploymentWindow', {
      configuration: { Cron: '* * 3 ? * MON-FRI *' },
      timeoutInMinutes: 5,
    })
    await create('late', { beforeEntry: when('FAIL', window) })
    await clock.pass(5)
    await shop.cloud.settled()
    expect((await executions('late'))[0]).toMatchObject({
      status: 'Failed',
      statusSummary: expect.stringContaining('The rule has timed out after 5 minutes'),
    })
  })

  it('an alarm has to be quiet, or to become so in time', async () => {
    await alarm('entry', 'ALARM')
    await create('noisy', { beforeEntry: when('FAIL', alarmRule('entry')) })
    expect((await executions('noisy'))[0]!.statusSummary).toMatch(
      /The alarm entry is in the state ALARM; the rule takes OK or INSUFFICIENT_DATA/,
    )
    await create('patient', { beforeEntry: when('FAIL', alarmRule('entry', { WaitTime: '10' })) })
    await clock.pass(3)
    expect(await rules('patient')).toEqual(['CloudWatchAlarm InProgress'])
    await setAlarm('entry', 'OK')
    expect(await rules('patient')).toEqual(['CloudWatchAlarm Succeeded'])
    await setAlarm('entry', 'ALARM')
    await create('impatient', { beforeEntry: when('FAIL', alarmRule('entry', { WaitTime: '2' })) })
    await clock.pass(2)
    await shop.cloud.settled()
    expect(await rules('impatient')).toEqual(['CloudWatchAlarm Failed'])
  })

  it('an alarm that is not there, or may not be looked at, fails the rule', async () => {
    await create('absent', { beforeEntry: when('FAIL', alarmRule('nobody')) })
    expect((await executions('absent'))[0]!.statusSummary).toMatch(
      /There is no alarm nobody in the region us-east-1/,
    )
    const blind = await shop.role('blind', `arn:aws:iam::${HUB}:root`, [])
    await create('blind', { beforeEntry: when('FAIL', { ...alarmRule('entry'), roleArn: blind }) }).then(
      () => expect.unreachable(),
      (error) =>
        expect(error.message).toBe(`${role} is not authorized to perform AssumeRole on role ${blind}`),
    )
  })
})

describe('on success', () => {
  it('an alarm is watched throughout the time, and rolls the stage back', async () => {
    await alarm('bake', 'OK')
    const onSuccess = when('ROLLBACK', alarmRule('bake', { WaitTime: '15' }))
    const good = await create('baked', { onSuccess })
    await answer('baked', 'Approved')
    expect(await stage('baked')).toMatchObject({
      latestExecution: { status: 'InProgress' },
      onSuccessConditionState: { latestExecution: { status: 'InProgress' } },
    })
    await clock.pass(15)
    await shop.cloud.settled()
    expect((await stage('baked')).latestExecution).toMatchObject({ status: 'Succeeded' })

    const bad = await again('baked')
    await answer('baked', 'Approved')
    await clock.pass(7)
    await setAlarm('bake', 'ALARM')
    const [rollback, failed] = await executions('baked')
    expect(failed).toMatchObject({
      pipelineExecutionId: bad,
      status: 'Failed',
      statusSummary: expect.stringMatching(
        /^Condition onSuccess of stage Stage1 failed: .*alarm bake is in the state ALARM/,
      ),
    })
    expect(rollback).toMatchObject({
      status: 'InProgress',
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
      trigger: {
        triggerType: 'AutomatedRollback',
        triggerDetail: JSON.stringify({ FailedPipelineExecutionId: bad }),
      },
    })
    await answer('baked', 'Approved')
    expect((await executions('baked'))[0]).toMatchObject({ status: 'Succeeded' })
    expect((await stage('baked')).latestExecution).toMatchObject({ status: 'Succeeded', type: 'ROLLBACK' })
  })

  it('a condition that is not met may fail the stage only', async () => {
    await create('strict', { onSuccess: when('FAIL', variable('other.zip')) })
    await answer('strict', 'Approved')
    expect(await executions('strict')).toHaveLength(1)
    expect((await stage('strict')).latestExecution).toMatchObject({ status: 'Failed' })
  })
})

describe('on failure', () => {
  it('a stage is retried once by itself', async () => {
    await create('retry', {
      onFailure: { result: 'RETRY', retryConfiguration: { retryMode: 'ALL_ACTIONS' } },
    })
    await answer('retry', 'Rejected')
    expect(await stage('retry')).toMatchObject({
      latestExecution: { status: 'InProgress' },
      retryStageMetadata: { autoStageRetryAttempt: 1, latestRetryTrigger: 'AutomatedStageRetry' },
    })
    await answer('retry', 'Rejected')
    expect((await stage('retry')).latestExecution).toMatchObject({ status: 'Failed' })
    expect(await executions('retry')).toHaveLength(1)
  })

  it('a stage is rolled back to the last execution that succeeded in it', async () => {
    const first = await create('back', { onFailure: { result: 'ROLLBACK' } })
    await answer('back', 'Rejected')
    // Nothing to go back to yet.
    expect(await executions('back')).toHaveLength(1)
    const good = await again('back')
    await answer('back', 'Approved')
    const bad = await again('back')
    await answer('back', 'Rejected')
    const [rollback] = await executions('back')
    expect(rollback).toMatchObject({
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
    })
    expect([first, good, bad]).not.toContain(rollback!.pipelineExecutionId)
    // A rollback that fails is not rolled back.
    await answer('back', 'Rejected')
    expect(await executions('back')).toHaveLength(4)
  })

  it('a condition decides: only if it is met the stage is rolled back', async () => {
    await alarm('failing', 'OK')
    await create('decided', { onFailure: when('ROLLBACK', alarmRule('failing')) })
    await answer('decided', 'Approved')
    await again('decided')
    await answer('decided', 'Rejected')
    expect(await executions('decided')).toHaveLength(2)
    expect((await stage('decided')).onFailureConditionState).toMatchObject({
      latestExecution: { status: 'Failed' },
    })
    await setAlarm('failing', 'ALARM')
    await again('decided')
    await answer('decided', 'Rejected')
    expect((await executions('decided'))[0]).toMatchObject({ executionType: 'ROLLBACK' })
  })
})

describe('functions', () => {
  const deploy = async (FunctionName: string, code: string) => {
    const client = shop.client(LambdaClient)
    const ZipFile = await pack([{ name: 'index.mjs', content: Buffer.from(code) }])
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: await shop.role(FunctionName, 'lambda.amazonaws.com', []),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    )
  }

  it('meet a rule by answering, and not by failing', async () => {
    await deploy('yes', 'export const handler = async (event) => event["CodePipeline.job"].id')
    await deploy('no', 'export const handler = async () => { throw new Error("not today") }')
    const asks = (FunctionName: string) =>
      when(
        'FAIL',
        rule('LambdaInvoke', { configuration: { FunctionName }, inputArtifacts: [{ name: 'SourceOutput' }] }),
      )
    await create('asked', { beforeEntry: asks('yes') })
    expect((await stage('asked')).beforeEntryConditionState?.latestExecution).toEqual({ status: 'Succeeded' })
    await create('denied', { beforeEntry: asks('no') })
    expect((await executions('denied'))[0]!.statusSummary).toMatch(/The function no failed: not today/)
  })
})

it('lists the types of rules', async () => {
  const { ruleTypes = [] } = await shop.codepipeline.send(new ListRuleTypesCommand({}))
  expect(ruleTypes.map(({ id }) => id!.provider).sort()).toEqual([
    'CloudWatchAlarm',
    'CodeBuild',
    'Commands',
    'DeploymentWindow',
    'LambdaInvoke',
    'VariableCheck',
  ])
})

it('tells EventBridge of stages, and of no rules', () => {
  const kinds = new Set(
    events.filter(({ source }) => source === 'aws.codepipeline').map(({ detailType }) => detailType),
  )
  expect([...kinds].sort()).toEqual([
    'CodePipeline Action Execution State Change',
    'CodePipeline Pipeline Execution State Change',
    'CodePipeline Stage Execution State Change',
  ])
})
