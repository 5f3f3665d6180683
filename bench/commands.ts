/** `check`, `deploy` and `status` of many pipelines as a user runs them: whole processes, and a cloud of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Measurement, skipped } from './measurement.ts'
import { type LaunchedCloud, launchCloud } from './startup.ts'
import { withFleetFiles } from './with-fleets.ts'

const SIZES = [100, 1000]
const ROUNDS = 3

/** Times of one size stand beside those of the size before, as often as this one is larger. */
type Before = Map<string, number>

export async function run(): Promise<Measurement[]> {
  return withFleetFiles(async (fileOf) => {
    const before: Before = new Map()
    const measured: Measurement[] = []
    for (const count of SIZES) measured.push(...(await measureSize(fileOf(count), count, before)))
    return measured
  })
}

async function measureSize(file: string, count: number, before: Before): Promise<Measurement[]> {
  const cloud = await launchCloud()
  const timed = async (name: string, words: readonly string[], rounds: number): Promise<Measurement> => {
    const taken = await best(cloud, [...words, '--fleet', file], rounds)
    const row = `${name}, ${count} pipelines`
    if (taken.code !== 0) return skipped(row, `it ended with ${taken.code}`)
    const linear = (before.get(name) ?? Number.NaN) * (count / SIZES[0]!)
    before.set(name, taken.milliseconds)
    return {
      name: row,
      value: taken.milliseconds,
      unit: 'ms',
      ...(linear && { beside: [{ name: 'linear', value: linear }], aim: { atMost: 1.1, timesOf: 'linear' } }),
      note: noteOf(taken, name),
    }
  }
  try {
    return [
      await timed('deploy from nothing', ['deploy'], 1),
      await timed('deploy, unchanged', ['deploy'], ROUNDS),
      await timed('status', ['status'], ROUNDS),
      await timed('check', ['check'], ROUNDS),
    ]
  } finally {
    await cloud.stop()
  }
}

/** The calls of the first deployment's stacks are told as their deployer's, which would say nothing of the command. */
const noteOf = ({ calls, cpu, memory }: Taken, name: string): string =>
  [
    `whole process: ${(cpu / 1000).toFixed(1)} s CPU, ${memory.toFixed(0)} MB`,
    ...(calls && name !== 'deploy from nothing' ? [`${calls} calls`] : []),
  ].join(', ')

interface Taken {
  readonly code: number
  readonly milliseconds: number
  /** Milliseconds of the process itself, without the cloud's. */
  readonly cpu: number
  /** The most that it held, in MB. */
  readonly memory: number
  /** Calls that the cloud decided about. */
  readonly calls: number
}

/** Makes a process tell what it took when it ends. */
const TELL =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,JSON.stringify(process.resourceUsage())))'

async function best(cloud: LaunchedCloud, words: readonly string[], rounds: number): Promise<Taken> {
  let least: Taken | undefined
  for (let round = 0; round < rounds; round++) {
    const taken = await runOnce(cloud, words)
    if (!least || taken.milliseconds < least.milliseconds) least = taken
  }
  return least!
}

async function runOnce({ endpoint }: LaunchedCloud, words: readonly string[]): Promise<Taken> {
  const since = Date.now()
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', TELL, 'dist/cli.cjs', ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  })
  const told = text(child.stdio[3] as Readable)
  const [code] = (await once(child, 'exit')) as [number]
  const milliseconds = performance.now() - started
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(await told) as NodeJS.ResourceUsage
  return {
    code,
    milliseconds,
    cpu: (userCPUTime + systemCPUTime) / 1000,
    memory: maxRSS / 1024,
    calls: await callsSince(endpoint, since),
  }
}

/** Requests of root users: what services do in their course is not counted. */
async function callsSince(endpoint: string, since: number): Promise<number> {
  const { body } = await fetch(`${endpoint}/_crossdock/trail?since=${since}`)
  const requests = new Set<string>()
  for await (const line of createInterface({ input: Readable.fromWeb(body!) })) {
    const { caller, requestId } = JSON.parse(line) as { caller: string; requestId: string }
    if (caller.endsWith(':root')) requests.add(requestId)
  }
  return requests.size
}
