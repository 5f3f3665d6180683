/** From starting the cloud's process to its first answer, and what it weighs then. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Measurement, median } from './measurement.ts'

export interface LaunchedCloud {
  readonly endpoint: string
  readonly process: ChildProcess
  /** Milliseconds from the start of the process to the first answered request. */
  readonly ready: number
  stop(): Promise<void>
}

/** Starts `crossdock cloud` as a process of its own. */
export async function launchCloud(): Promise<LaunchedCloud> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/cli.js', 'cloud', '--port', '0', '--json'], {
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

export async function run(): Promise<Measurement[]> {
  const ready: number[] = []
  const bare: number[] = []
  const help: number[] = []
  const check: number[] = []
  let memory = Number.NaN
  for (let round = 0; round < 7; round++) {
    bare.push(await timeOf('-e', '0'))
    help.push(await timeOf('dist/cli.js', '--help'))
    check.push(await timeOf('dist/cli.js', 'check', '--fleet', 'examples/hello/crossdock.yaml'))
    const cloud = await launchCloud()
    ready.push(cloud.ready)
    memory = await residentMemory(cloud.process.pid!)
    await cloud.stop()
  }
  const times = (values: number[]) =>
    `${(median(values) / median(bare)).toFixed(1)}x node -e 0 (${median(bare).toFixed(0)} ms)`
  return [
    {
      name: 'crossdock --help, whole process',
      value: median(help),
      unit: 'ms',
      note: `${times(help)}; aim 3x`,
    },
    { name: 'crossdock check of hello, whole process', value: median(check), unit: 'ms', note: times(check) },
    {
      name: 'cloud: start to first answer',
      value: median(ready),
      unit: 'ms',
      note: `${times(ready)}; aim 150 ms`,
    },
    { name: 'cloud: resident memory, idle', value: memory, unit: 'MB', note: 'aim under 120 MB' },
  ]
}
