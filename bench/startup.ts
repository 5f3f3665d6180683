/** From starting the cloud's process to its first answer, and what it weighs then. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Measurement } from './measurement.ts'
import { launchMoto } from './moto.ts'

export interface LaunchedCloud {
  readonly endpoint: string
  readonly process: ChildProcess
  /** Milliseconds from the start of the process to the first answered request. */
  readonly ready: number
  stop(): Promise<void>
}

/** Starts `crossdock cloud` as a process of its own, with these options besides. */
export async function launchCloud(...options: string[]): Promise<LaunchedCloud> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/cli.cjs', 'cloud', '--port', '0', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
  const { endpoint } = JSON.parse(line) as { endpoint: string }
  await (await fetch(`${endpoint}/_crossdock/health`)).text()
  const ready = performance.now() - started
  const stop = async () => {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
  return { endpoint, process: child, ready, stop }
}

/** Resident memory of a process in MB; NaN where /proc is missing. */
export async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** Milliseconds from starting node with these words to its end. */
async function timeOf(...words: string[]): Promise<number> {
  const started = performance.now()
  await once(spawn(process.execPath, words, { stdio: 'ignore' }), 'exit')
  return performance.now() - started
}

interface Taken {
  readonly bare: number[]
  readonly help: number[]
  readonly check: number[]
  readonly cloud: number[]
  memory: number
}

const ROUNDS = 7

export async function run(): Promise<Measurement[]> {
  const taken: Taken = { bare: [], help: [], check: [], cloud: [], memory: Number.NaN }
  for (let round = 0; round < ROUNDS; round++) await takeTimes(taken)
  const node = { name: 'node -e 0', value: Math.min(...taken.bare) }
  const moto = await motoAtRest()
  const whole = (name: string, times: number[]): Measurement => ({
    name,
    value: Math.min(...times),
    unit: 'ms',
    beside: [node],
    aim: { atMost: 2.5, timesOf: node.name },
  })
  return [
    whole('crossdock --help, whole process', taken.help),
    whole('crossdock check of hello, whole process', taken.check),
    {
      name: 'cloud: start to first answer',
      value: Math.min(...taken.cloud),
      unit: 'ms',
      beside: [node, ...(moto ? [{ name: 'moto', value: moto.ready }] : [])],
      aim: { atMost: 120 },
    },
    {
      name: 'cloud: resident memory, idle',
      value: taken.memory,
      unit: 'MB',
      beside: moto ? [{ name: 'moto', value: moto.memory }] : [],
      aim: { atMost: 55 },
    },
  ]
}

async function takeTimes(taken: Taken): Promise<void> {
  taken.bare.push(await timeOf('-e', '0'))
  taken.help.push(await timeOf('dist/cli.cjs', '--help'))
  taken.check.push(await timeOf('dist/cli.cjs', 'check', '--fleet', 'examples/hello/crossdock.yaml'))
  const cloud = await launchCloud()
  taken.cloud.push(cloud.ready)
  taken.memory = await residentMemory(cloud.process.pid!)
  await cloud.stop()
}

async function motoAtRest(): Promise<{ ready: number; memory: number } | undefined> {
  const moto = await launchMoto()
  if (!moto) return undefined
  const memory = await residentMemory(moto.process.pid!)
  await moto.stop()
  return { ready: moto.ready, memory }
}
