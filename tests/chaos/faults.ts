/** Rounds of faults between the CLI and the cloud: whatever happens to its calls, its commands end well. */
import { execFile, spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import {
  answerApprovals,
  declarationOf,
  executionState,
  executions,
  waitingApprovals,
} from '../../src/operate/index.ts'
import { ChildCloud } from './child-cloud.ts'
import { type Fault, type FaultRequest, startFaultProxy, throttled } from './fault-proxy.ts'
import { PatientAccounts } from './patient-accounts.ts'
import { between, oneOf, seededRandom } from './random.ts'
import type { Found, Tally } from './tally.ts'

const run = promisify(execFile)
const HUB = { account: '111111111111', region: 'us-east-1' }
const PIPELINE = 'hello-hello'
/** How long the cloud may take for what a command has started, in milliseconds. */
const WITHIN = 60_000

/** How a network or a service misbehaves: for each call, the fault that a number from 0 to 1 means. */
type Weather = (random: number, request: FaultRequest) => Fault | undefined

const lost = (acted: boolean): Fault => ({ kind: 'reset', acted })
const broken = (acted: boolean, status = 500): Fault => ({ kind: 'answer', acted, status, body: '' })
const plainThrottle: Fault = {
  kind: 'answer',
  acted: false,
  status: 429,
  headers: { 'content-type': 'text/plain' },
  body: 'Too Many Requests',
}

/** The fault whose share of all calls the number falls into. */
const shares =
  (parts: readonly (readonly [share: number, fault: (request: FaultRequest) => Fault])[]): Weather =>
  (random, request) => {
    let sum = 0
    for (const [share, fault] of parts) {
      sum += share
      if (random < sum) return fault(request)
    }
    return undefined
  }

export const WEATHERS: Readonly<Record<string, Weather>> = {
  throttled: shares([[0.5, throttled]]),
  'throttled in plain text': shares([[0.3, () => plainThrottle]]),
  slow: shares([[0.3, () => ({ kind: 'delay', milliseconds: 150 })]]),
  resets: shares([
    [0.08, () => lost(false)],
    [0.08, () => lost(true)],
  ]),
  errors: shares([
    [0.06, () => broken(false)],
    [0.06, () => broken(true)],
    [0.04, () => broken(true, 502)],
  ]),
  truncation: shares([
    [0.08, () => ({ kind: 'truncate', honest: false })],
    [0.08, () => ({ kind: 'truncate', honest: true })],
  ]),
  'all of them': shares([
    [0.06, throttled],
    [0.03, () => plainThrottle],
    [0.05, () => ({ kind: 'delay', milliseconds: 100 })],
    [0.03, () => lost(false)],
    [0.03, () => lost(true)],
    [0.03, () => broken(true)],
    [0.03, () => ({ kind: 'truncate', honest: false })],
    [0.03, () => ({ kind: 'truncate', honest: true })],
  ]),
}

/** The one call of a round that nobody ever answers; each costs a client's whole patience with one try. */
const SILENT: Fault = { kind: 'silence', acted: true }

/** What tells a person nothing. */
const WITHOUT_CAUSE =
  /parse error|unexpected token|this is a bug|\bat \S+ \(|\bat file:|\.[jt]s:\d+:\d+|\[object |undefined|UnknownError|enqueued|Deserialization/i

export interface FaultOptions {
  readonly seed: number
  readonly weather?: string
  /** Whether one call of the round stays without an answer. */
  readonly silence?: boolean
}

/** Deploys and runs hello through a proxy that misbehaves. */
export async function faultRound(
  { seed, weather, silence = false }: FaultOptions,
  tally: Tally,
): Promise<void> {
  const random = seededRandom(seed, 'faults')
  const name = weather ?? oneOf(random, Object.keys(WEATHERS))
  const replay = `npm run chaos -- --only faults --seed ${seed} --weather "${name}"${silence ? ' --silence' : ''}`
  const find = (kind: Found, what: string) => tally.find(kind, `${name}: ${what}`, replay)
  let silentCall = silence ? between(random, 1, 60) : Number.NaN
  const cloud = await ChildCloud.start()
  const proxy = await startFaultProxy({
    target: cloud.endpoint,
    seed,
    fault: (request, drawn) => (--silentCall === 0 ? SILENT : WEATHERS[name]!(drawn, request)),
  })
  const accounts = new PatientAccounts([HUB.account], cloud.endpoint)
  try {
    await new Round(cloud, proxy.endpoint, accounts, tally, find).go()
  } catch (error) {
    find('ended otherwise', (error as Error).message)
  } finally {
    accounts.close()
    await proxy.close()
    await cloud.stop()
    tally.count('rounds')
    for (const [kind, times] of proxy.counts) if (kind !== 'none') tally.count('faults', times)
    for (const bug of cloud.bugs) find('crashes', bug)
    for (const process of cloud.leftBehind) find('processes left behind', process)
  }
}

class Round {
  private readonly cloud: ChildCloud
  private readonly endpoint: string
  private readonly accounts: PatientAccounts
  private readonly tally: Tally
  private readonly find: (kind: Found, what: string) => void

  constructor(
    cloud: ChildCloud,
    endpoint: string,
    accounts: PatientAccounts,
    tally: Tally,
    find: (kind: Found, what: string) => void,
  ) {
    this.cloud = cloud
    this.endpoint = endpoint
    this.accounts = accounts
    this.tally = tally
    this.find = find
  }

  async go(): Promise<void> {
    await this.pushHello()
    this.tally.count('deploys')
    for (let runs = 1; !(await this.command('deploy')); runs++) {
      if (runs === 1) this.find('deploys that needed a second run', 'deploy')
      if (runs === 5) throw new Error('deploy does not end well in five runs')
    }
    await this.endOf(1)
    // What is deployed already is looked at and left alone.
    await this.endsWell('deploy')
    await this.endsWell('start', PIPELINE)
    await this.waitsOrEnds(2)
    await this.endsWell('status')
    await this.endsWell('approve', PIPELINE)
    await this.endOf(2)
    await this.endsWell('logs', PIPELINE)
  }

  /** Puts the example where its source leads, without any fault. */
  private async pushHello(): Promise<void> {
    const { work, endpoint, secret } = this.cloud
    await cp(resolve('examples/hello'), work, { recursive: true })
    const who = ['-c', 'user.name=Chaos', '-c', 'user.email=chaos@crossdock.example']
    const git = (...words: string[]) => run('git', [...who, ...words], { cwd: work })
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'First commit')
    const remote = `${endpoint.replace('//', `//${HUB.account}:${secret}@`)}/_codeconnections/example/hello.git`
    await git('push', '--quiet', remote, 'HEAD:refs/heads/main')
  }

  private async endsWell(...words: string[]): Promise<void> {
    if (!(await this.command(...words))) this.find('ended otherwise', words.join(' '))
  }

  /** Runs a command through the proxy, and looks at what it says. Gives whether it went well. */
  private async command(...words: string[]): Promise<boolean> {
    const child = spawn(process.execPath, [resolve('dist/cli.cjs'), ...words], {
      cwd: this.cloud.work,
      env: {
        PATH: process.env.PATH,
        HOME: this.cloud.work,
        TMPDIR: this.cloud.temporary,
        AWS_ENDPOINT_URL: this.endpoint,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk
      })
    const status = await new Promise<number | null>((done) => child.once('close', done))
    // What a build printed is the example's own.
    if (WITHOUT_CAUSE.test(text) && words[0] !== 'logs')
      this.find('messages without a cause', `${words.join(' ')} said: ${lineOf(text)}`)
    else if (status !== 0) this.find('ended otherwise', `${words.join(' ')} (${status}): ${text.slice(-500)}`)
    return status === 0
  }

  /** The count of executions is as many as were started, and the newest has come to its end; what waits is approved. */
  private async endOf(count: number): Promise<void> {
    for (;;) {
      const { client, state } = await this.waitsOrEnds(count)
      if (state.status === 'Succeeded') return
      if (state.status !== 'InProgress') throw new Error(`execution ${count} ${state.status}`)
      await answerApprovals(client, state, { approved: true, summary: 'chaos' })
    }
  }

  private async waitsOrEnds(count: number) {
    const client = await this.accounts.client(CodePipelineClient, HUB)
    const declaration = await declarationOf(client, PIPELINE)
    const deadline = Date.now() + WITHIN
    for (;;) {
      const found = await executions(client, PIPELINE)
      if (found.length > count)
        this.find('actions run twice', `${found.length} executions instead of ${count}`)
      const state =
        found.length >= count
          ? await executionState(client, declaration, HUB, found[0]?.pipelineExecutionId ?? '')
          : undefined
      if (state && (state.status !== 'InProgress' || waitingApprovals(state).length)) return { client, state }
      if (Date.now() > deadline) throw new Error(`execution ${count} is stuck`)
      await sleep(50)
    }
  }
}

const lineOf = (text: string): string =>
  text
    .split('\n')
    .find((line) => WITHOUT_CAUSE.test(line))
    ?.slice(0, 300) ?? ''
