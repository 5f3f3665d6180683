/** More alarms than AWS's own rules can watch: the observer's function looks at them as the role of the pipeline there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const PROD = { account: '444444444444', region: 'eu-west-1' }
const ALARMS = ['a', 'b', 'c', 'd', 'e', 'f']
const TEMPLATE =
  'Resources: { Setting: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: ONE } } }'
const FLEET = `
fleet: watched
hub: { account: "${HUB.account}", region: ${HUB.region} }
environments:
  prod: { account: "${PROD.account}", regions: [${PROD.region}], alarms: [${ALARMS}] }
pipelines:
  app:
    source: { s3: {} }
    deploy: [ { cloudformation: { template: template.yaml } } ]
    stages: [prod]
`

let folder: string
let cloud: Cloud
let accounts: Accounts
const bugs: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-observer-'))
  await writeFile(join(folder, 'crossdock.yaml'), FLEET)
  await writeFile(join(folder, 'template.yaml'), TEMPLATE)
  cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }) })
  const fleet = await loadFleet(join(folder, 'crossdock.yaml'))
  accounts = new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  const alarms = await accounts.client(CloudWatchClient, PROD)
  for (const AlarmName of ALARMS)
    await alarms.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, Namespace: 'App', MetricName: 'Errors', Statistic: 'Sum', Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
        TreatMissingData: 'ignore',
      }),
    )
  await deployQuietly(synthesize(fleet), accounts)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  await rm(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

/** Drops a version of the application, and gives what became of the watching action of its execution. */
async function shipped(value: string): Promise<{ status?: string; message?: string }> {
  const s3 = await accounts.client(S3Client, HUB)
  const Body = zipSync({ 'template.yaml': strToU8(TEMPLATE.replace('ONE', value)) })
  const where = { Bucket: 'crossdock-watched-drops-111111111111-us-east-1', Key: 'app/source.zip' }
  const { VersionId } = await s3.send(new PutObjectCommand({ ...where, Body }))
  const client = await accounts.client(CodePipelineClient, HUB)
  for (const end = Date.now() + 45_000; ; await sleep(20)) {
    const { actionExecutionDetails: found = [] } = await client.send(
      new ListActionExecutionsCommand({ pipelineName: 'watched-app' }),
    )
    const own = found.find(
      ({ actionName, output }) =>
        actionName === 'Source' && output?.executionResult?.externalExecutionId === VersionId,
    )
    const watching = found.find(
      ({ actionName, pipelineExecutionId }) =>
        actionName === 'watch' && pipelineExecutionId === own?.pipelineExecutionId,
    )
    if (watching && watching.status !== 'InProgress')
      return {
        status: watching.status,
        message: watching.output?.executionResult?.errorDetails?.message,
      }
    if (Date.now() > end) throw new Error(`${value} is not watched: ${JSON.stringify(found.slice(0, 3))}`)
  }
}

test('what no alarm is about passes', async () => {
  expect(await shipped('two')).toMatchObject({ status: 'Succeeded' })
}, 60_000)

test('an alarm that goes off fails the stage, and is named with its place', async () => {
  const alarms = await accounts.client(CloudWatchClient, PROD)
  await alarms.send(new SetAlarmStateCommand({ AlarmName: 'f', StateValue: 'ALARM', StateReason: 'a test' }))
  const { status, message } = await shipped('three')
  expect(status).toBe('Failed')
  expect(message).toContain('the alarm f in 444444444444 eu-west-1 went off')
}, 60_000)
