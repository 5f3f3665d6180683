/** Everyday calls through boto3: the embedded cloud beside moto and beside a server that does nothing. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { withFloor } from './floor.ts'
import { type Measurement, skipped } from './measurement.ts'
import { launchMoto } from './moto.ts'
import { launchCloud } from './startup.ts'

const execute = promisify(execFile)
const ALL = [
  'GetCallerIdentity',
  'AssumeRole',
  'PutObject 1 KB',
  'GetObject 1 KB',
  'PutParameter',
  'GenerateDataKey',
  'create-stack to COMPLETE',
]
/** What a server that does nothing can be asked without boto3 complaining. */
const FLOOR = ['GetCallerIdentity', 'AssumeRole', 'PutObject 1 KB', 'GetObject 1 KB']
/** Each is asked so often, in turn, and its best round counts. */
const ROUNDS = 2

type Times = Record<string, number>

export async function run(): Promise<Measurement[]> {
  if (!(await execute('python3', ['-c', 'import boto3']).catch(() => undefined)))
    return [skipped('calls through boto3', 'no python3 with boto3 here')]
  const own: Times = {}
  const kept: Times = {}
  const moto: Times = {}
  const floor: Times = {}
  for (let round = 0; round < ROUNDS; round++) {
    await withLaunched(launchCloud(), (endpoint) => time(endpoint, ALL, own))
    await withDataFolder((data) =>
      withLaunched(launchCloud('--data', data), (endpoint) => time(endpoint, ALL, kept)),
    )
    await withLaunched(launchMoto(), (endpoint) => time(endpoint, ALL, moto))
    await withFloor((endpoint) => time(endpoint, FLOOR, floor))
  }
  return Object.entries(own).flatMap(([name, value]) => {
    const others = [
      ...(moto[name] === undefined ? [] : [{ name: 'moto', value: moto[name] }]),
      ...(floor[name] === undefined ? [] : [{ name: 'floor', value: floor[name] }]),
    ]
    // Of reading much, most is the client's own work: the floor alone takes more than half of moto's time.
    const row = {
      unit: 'ms',
      aim: { atMost: name === 'GetObject 10 MB' ? 1 : 0.5, timesOf: 'moto' },
      ...(moto[name] === undefined && { note: 'moto_server is not installed: nothing to compare with' }),
    } as const
    const inMemory = { name: 'without', value }
    return [
      { ...row, name: `boto3 ${name}`, value, beside: others },
      { ...row, name: `boto3 ${name}, --data`, value: kept[name]!, beside: [inMemory, ...others] },
    ]
  })
}

async function withDataFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-bench-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Keeps the better of what was and what is measured now. */
async function time(endpoint: string, calls: readonly string[], best: Times): Promise<void> {
  const { stdout } = await execute('python3', [resolve('bench/clients.py'), endpoint, calls.join(',')])
  for (const [name, taken] of Object.entries(JSON.parse(stdout) as Times))
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, taken)
}

async function withLaunched(
  launching: Promise<{ endpoint: string; stop(): Promise<void> } | undefined>,
  use: (endpoint: string) => Promise<void>,
): Promise<void> {
  const launched = await launching
  if (!launched) return
  try {
    await use(launched.endpoint)
  } finally {
    await launched.stop()
  }
}
