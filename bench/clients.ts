/** Everyday calls through boto3: the embedded cloud beside moto and beside a server that does nothing. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Measurement } from './measurement.ts'
import { launchCloud } from './startup.ts'

const execute = promisify(execFile)
const ALL = [
  'GetCallerIdentity',
  'AssumeRole',
  'PutObject 1 KB',
  'GetObject 1 KB',
  'GenerateDataKey',
  'create-stack to COMPLETE',
]
/** What a server that does nothing can be asked without boto3 complaining. */
const FLOOR = ['GetCallerIdentity', 'PutObject 1 KB']

type Times = Record<string, number>

const time = async (endpoint: string, calls: readonly string[]): Promise<Times> =>
  JSON.parse(
    (await execute('python3', [resolve('bench/clients.py'), endpoint, calls.join(',')])).stdout,
  ) as Times

export async function run(): Promise<Measurement[]> {
  if (!(await execute('python3', ['-c', 'import boto3']).catch(() => undefined)))
    return [
      {
        name: 'calls through boto3',
        value: Number.NaN,
        unit: 'ms',
        note: 'skipped: no python3 with boto3 here',
      },
    ]
  const own = await withCloud((endpoint) => time(endpoint, ALL))
  const moto = await withMoto((endpoint) => time(endpoint, ALL))
  const floor = await withFloor((endpoint) => time(endpoint, FLOOR))
  return Object.entries(own).map(([name, value]) => {
    const peer = moto?.[name]
    const beside = [
      peer === undefined
        ? 'moto not measured'
        : `moto ${peer.toFixed(2)} ms: ${(peer / value).toFixed(1)}x as fast`,
      ...(floor[name] === undefined ? [] : [`floor ${floor[name].toFixed(2)} ms`]),
    ]
    return { name: `boto3 ${name}`, value, unit: 'ms', note: beside.join(', ') }
  })
}

async function withCloud<T>(use: (endpoint: string) => Promise<T>): Promise<T> {
  const cloud = await launchCloud()
  try {
    return await use(cloud.endpoint)
  } finally {
    await cloud.stop()
  }
}

async function withFloor<T>(use: (endpoint: string) => Promise<T>): Promise<T> {
  const identity =
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(request.method === 'POST' ? identity : ''))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function withMoto<T>(use: (endpoint: string) => Promise<T>): Promise<T | undefined> {
  const port = await freePort()
  const server: ChildProcess = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  })
  const failed = new Promise<'failed'>((done) => server.once('error', () => done('failed')))
  try {
    if ((await Promise.race([failed, answers(port)])) === 'failed') return undefined
    return await use(`http://127.0.0.1:${port}`)
  } finally {
    server.kill()
  }
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const good = await fetch(`http://127.0.0.1:${port}/moto-api/`).then(
      (response) => response.ok,
      () => false,
    )
    if (good) return
    await new Promise((done) => setTimeout(done, 50))
  }
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createSocket().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
