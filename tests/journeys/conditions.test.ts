/** A stage that waits for its window, watches its alarm, and is rolled back when that rings: from a fleet file, IAM enforced. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts, type ClientClass } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import type { Clock } from '../../src/cloud/kernel/clock.ts'
import { accountsOfFleet, loadFleet } from '../../src/fleet/index.ts'
import type { Target } from '../../src/model/index.ts'
import { type ExecutionState, executions, newestState } from '../../src/operate/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { rootCaller } from '../conformance/modelled-client.ts'
import { deployQuietly } from './deploy-quietly.ts'
import { pushChange } from './ship.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** A clock that runs, and jumps when it is told to. */
class JumpingClock implements Clock {
  private ahead = 0
  private readonly sleepers = new Set<() => void>()

  now = (): number => Date.now() + this.ahead
  date = (): Date => new Date(this.now())

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.now() + milliseconds
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      let timer: NodeJS.Timeout
      const look = () => {
        clearTimeout(timer)
        const left = end - this.now()
        if (left > 0 && !signal?.aborted) {
          timer = setTimeout(look, left)
          return
        }
        this.sleepers.delete(look)
        signal?.removeEventListener('abort', look)
        resolve()
      }
      this.sleepers.add(look)
      signal?.addEventListener('abort', look)
      look()
    })
  }

  jump(milliseconds: number): void {
    this.ahead += milliseconds
    for (const look of [...this.sleepers]) look()
  }
}

/** Clients that sign by the cloud's clock. */
class AccountsOnClock extends Accounts {
  override async client<C>(clientClass: ClientClass<C>, target: Target): Promise<C> {
    const made = await super.client(clientClass, target)
    Object.defineProperty((made as { config: object }).config, 'systemClockOffset', {
      get: () => clock.now() - Date.now(),
      set: () => undefined,
      configurable: true,
    })
    return made
  }
}

const HUB = { account: '111111111111', region: 'us-east-1' }
const PROD = { account: '444444444444', region: 'us-east-1' }
const clock = new JumpingClock()
/** The next full hour but one, so that it does not come by itself. */
const opens = new Date(Math.ceil(Date.now() / HOUR) * HOUR + HOUR)

const FLEET = `
fleet: guarded
hub: { account: "${HUB.account}", region: ${HUB.region} }
environments:
  prod: { account: "${PROD.account}", regions: [${PROD.region}] }
pipelines:
  app:
    source: { github: example/app, branch: main }
    deploy:
      - cloudformation: { template: template.yaml, stack: app }
    stages:
      - environment: prod
        window: { cron: "* * ${opens.getUTCHours()} ? * * *" }
        alarms: [app-errors]
        bake: 15
`
const TEMPLATE = `
Resources:
  Version:
    Type: AWS::SSM::Parameter
    Properties: { Name: version, Type: String, Value: one }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: app-errors
      Namespace: App
      MetricName: Errors
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
`

let cloud: Cloud
let accounts: AccountsOnClock
let pipeline: string
let folder: string
const bugs: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-conditions-'))
  const work = join(folder, 'work')
  await mkdir(work)
  await writeFile(join(work, 'crossdock.yaml'), FLEET)
  await writeFile(join(work, 'template.yaml'), TEMPLATE)
  const run = promisify(execFile)
  const author = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']
  for (const words of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'First commit'],
    ['clone', '--quiet', '--bare', '.', join(folder, 'bare.git')],
  ])
    await run('git', [...author, ...words], { cwd: work })
  cloud = await startCloud({ clock, onBug: (where, error) => bugs.push({ where, error }) })
  const home = join(cloud.folder, 'repositories', 'example/app.git')
  await mkdir(dirname(home), { recursive: true })
  await cp(join(folder, 'bare.git'), home, { recursive: true })
  const fleet = await loadFleet(join(work, 'crossdock.yaml'))
  const assembly = synthesize(fleet)
  pipeline = assembly.pipelines[0]!.declaration.name
  accounts = new AccountsOnClock(accountsOfFleet(fleet), { endpoint: cloud.endpoint })
  await deployQuietly(assembly, accounts)
}, 60_000)

afterAll(async () => {
  accounts?.close()
  await cloud?.stop()
  await rm(folder, { recursive: true, force: true })
  expect(bugs).toEqual([])
})

/** Looks until the newest execution stands as wanted. */
async function reached(isWanted: (state: ExecutionState) => boolean): Promise<ExecutionState> {
  const client = await accounts.client(CodePipelineClient, HUB)
  for (;;) {
    const state = await newestState(client, pipeline, HUB)
    if (state && isWanted(state)) return state
    if (state?.status === 'Failed' && !isWanted(state)) throw new Error(JSON.stringify(state, undefined, 1))
    await rest(20)
  }
}

const ruleOf = ({ stages }: ExecutionState, name: RegExp) =>
  stages.flatMap(({ rules = [] }) => rules).find((rule) => name.test(rule.name))

async function version(): Promise<string | undefined> {
  const ssm = await accounts.client(SSMClient, PROD)
  return (await ssm.send(new GetParameterCommand({ Name: 'version' }))).Parameter?.Value
}

test('the stage waits for its window', async () => {
  const state = await reached((one) => ruleOf(one, /^window$/)?.status === 'InProgress')
  expect(ruleOf(state, /^window$/)?.summary).toBe(
    `Waiting for the deployment window, which opens at ${opens.toISOString()}`,
  )
  expect(state.stages.at(-1)?.actions.every(({ status }) => status === 'Waiting')).toBe(true)
}, 30_000)

test('in its window it deploys, and watches its alarm for the time that it bakes', async () => {
  clock.jump(opens.getTime() - clock.now())
  const state = await reached((one) => ruleOf(one, /^alarm/)?.status === 'InProgress')
  expect(state.status).toBe('InProgress')
  expect(await version()).toBe('one')
  clock.jump(15 * MINUTE)
  await reached(({ status }) => status === 'Succeeded')
}, 30_000)

test('a version whose alarm rings is rolled back to the one before', async () => {
  await pushChange(
    { repository: join(folder, 'bare.git'), repositoryId: 'example/app', account: HUB.account },
    cloud,
    { files: ['template.yaml'], from: 'Value: one', to: 'Value: two' },
  )
  const bad = await reached(
    (one) => one.trigger === 'Webhook' && ruleOf(one, /^alarm/)?.status === 'InProgress',
  )
  expect(await version()).toBe('two')
  const cloudwatch = rootCaller(cloud, 'cloudwatch', { ...PROD, now: clock.now })
  await cloudwatch('PutMetricData', { Namespace: 'App', MetricData: [{ MetricName: 'Errors', Value: 5 }] })
  clock.jump(2 * MINUTE)
  await reached(({ trigger, status }) => trigger === 'AutomatedRollback' && status === 'Succeeded')
  expect(await version()).toBe('one')
  const client = await accounts.client(CodePipelineClient, HUB)
  const [rollback, failed] = await executions(client, pipeline)
  expect(failed).toMatchObject({ pipelineExecutionId: bad.id, status: 'Failed' })
  expect(rollback?.trigger?.triggerDetail).toBe(JSON.stringify({ FailedPipelineExecutionId: bad.id }))
}, 30_000)

test('nothing was denied', () => {
  const denied = cloud.trail.entries().filter(({ decision }) => decision.effect !== 'allowed')
  expect(denied.map(({ decision }) => decision.message)).toEqual([])
})
