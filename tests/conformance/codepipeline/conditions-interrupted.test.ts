/** Rules that wait when the cloud, the execution, or the pipeline they are of does not stay as it was. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  ListRuleExecutionsCommand,
  type PipelineDeclaration,
  type RuleDeclaration,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import { DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { rootCaller } from '../modelled-client.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const data = mkdtempSync(join(tmpdir(), 'crossdock-conditions-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

/** A Tuesday. */
const NOON = Date.parse('2026-12-01T12:00:00Z')
const rule = (provider: string, configuration: Record<string, string>): RuleDeclaration => ({
  name: provider,
  ruleTypeId: { category: 'Rule', owner: 'AWS', provider, version: '1' },
  configuration,
})
const window = rule('DeploymentWindow', { Cron: '* * 13-15 ? * MON-FRI *' })
const quiet = rule('CloudWatchAlarm', { AlarmName: 'errors', WaitTime: '30' })

async function furnish(shop: Workshop, clock: HandClock): Promise<string> {
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'readme.txt', content: Buffer.from('one') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const cloudwatch = rootCaller(shop.cloud, 'cloudwatch', { now: () => clock.now() })
  await cloudwatch('PutMetricAlarm', {
    AlarmName: 'errors',
    Namespace: 'App',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  })
  await cloudwatch('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'told so' })
  return shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'cloudwatch:DescribeAlarms'] },
  ])
}

function entered(name: string, role: string, ...rules: RuleDeclaration[]): PipelineDeclaration {
  const pipeline = pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [approval()]])
  const [first, second] = pipeline.stages!
  const beforeEntry = { conditions: [{ result: 'FAIL' as const, rules }] }
  return { ...pipeline, stages: [first!, { ...second!, beforeEntry }] }
}

async function told(client: CodePipelineClient, pipelineName: string) {
  const { ruleExecutionDetails = [] } = await client.send(new ListRuleExecutionsCommand({ pipelineName }))
  return ruleExecutionDetails.map(({ ruleName, status }) => `${ruleName} ${status}`).sort()
}

async function create(shop: Workshop, pipeline: PipelineDeclaration): Promise<string> {
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  const command = new ListPipelineExecutionsCommand({ pipelineName: pipeline.name })
  return (await shop.codepipeline.send(command)).pipelineExecutionSummaries![0]!.pipelineExecutionId!
}

it('after a restart they wait for the rest of their time', async () => {
  const clock = new HandClock(NOON)
  const shop = await openWorkshop({ data, clock })
  const role = await furnish(shop, clock)
  await create(shop, entered('lasting', role, window, quiet))
  await create(shop, entered('hasty', role, { ...window, timeoutInMinutes: 45 }))
  expect(await told(shop.codepipeline, 'lasting')).toEqual([
    'CloudWatchAlarm InProgress',
    'DeploymentWindow InProgress',
  ])
  await clock.pass(20)
  await shop.cloud.settled()
  await shop.cloud.stop()

  const cloud = await startCloud({ data, clock })
  const client = clock.lead(
    new CodePipelineClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
      maxAttempts: 1,
    }),
  )
  try {
    await cloud.settled()
    expect(await told(client, 'lasting')).toEqual([
      'CloudWatchAlarm InProgress',
      'DeploymentWindow InProgress',
    ])
    const cloudwatch = rootCaller(cloud, 'cloudwatch', { now: () => clock.now() })
    await clock.pass(9)
    await cloud.settled()
    await cloudwatch('SetAlarmState', { AlarmName: 'errors', StateValue: 'OK', StateReason: 'told so' })
    await cloud.settled()
    expect(await told(client, 'lasting')).toEqual([
      'CloudWatchAlarm Succeeded',
      'DeploymentWindow InProgress',
    ])
    await clock.pass(16)
    await cloud.settled()
    expect(await told(client, 'hasty')).toEqual(['DeploymentWindow Failed'])
    await clock.pass(15)
    await cloud.settled()
    expect(await told(client, 'lasting')).toEqual(['CloudWatchAlarm Succeeded', 'DeploymentWindow Succeeded'])
    const { stageStates } = await client.send(new GetPipelineStateCommand({ name: 'lasting' }))
    expect(stageStates![1]!.actionStates![0]!.latestExecution!.status).toBe('InProgress')
  } finally {
    client.destroy()
    await cloud.stop()
  }
})

it('a stop and an update of the pipeline end their waiting', async () => {
  const clock = new HandClock(NOON)
  const shop = await openWorkshop({ clock })
  const role = await furnish(shop, clock)
  const now = async (name: string, id: string) => {
    const { stageStates } = await shop.codepipeline.send(new GetPipelineStateCommand({ name }))
    return {
      execution: (await shop.execution(name, id)).status,
      condition: stageStates![1]!.beforeEntryConditionState?.latestExecution?.status,
      rules: await told(shop.codepipeline, name),
    }
  }
  for (const abandon of [true, false]) {
    const pipelineName = abandon ? 'abandoned' : 'stopped'
    const pipelineExecutionId = await create(shop, entered(pipelineName, role, window))
    await shop.codepipeline.send(
      new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon }),
    )
    await shop.cloud.settled()
    expect(await now(pipelineName, pipelineExecutionId), pipelineName).toEqual({
      execution: 'Stopped',
      condition: 'Abandoned',
      rules: ['DeploymentWindow Abandoned'],
    })
  }
  const id = await create(shop, entered('changed', role, window))
  await shop.codepipeline.send(new UpdatePipelineCommand({ pipeline: entered('changed', role, quiet) }))
  await shop.cloud.settled()
  await clock.pass(61)
  await shop.cloud.settled()
  expect(await now('changed', id)).toEqual({
    execution: 'Cancelled',
    condition: 'Cancelled',
    rules: ['DeploymentWindow Abandoned'],
  })
})

it('what the role may not do any more fails them', async () => {
  const clock = new HandClock(NOON)
  const shop = await openWorkshop({ clock })
  const role = await furnish(shop, clock)
  const id = await create(shop, entered('denied', role, quiet))
  expect(await told(shop.codepipeline, 'denied')).toEqual(['CloudWatchAlarm InProgress'])
  const iam = shop.client(IAMClient)
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'pipeline', PolicyName: 'p' }))
  await clock.pass(30)
  await shop.cloud.settled()
  expect((await shop.execution('denied', id)).status).toBe('Failed')
  const { ruleExecutionDetails } = await shop.codepipeline.send(
    new ListRuleExecutionsCommand({ pipelineName: 'denied' }),
  )
  expect(ruleExecutionDetails![0]!.output!.executionResult!.errorDetails).toMatchObject({
    code: 'PermissionError',
    message: expect.stringMatching(/not authorized to perform: cloudwatch:DescribeAlarms on .*:alarm:errors/),
  })
})
