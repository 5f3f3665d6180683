/** The network of a task: one of Linux's own, with a loopback and a relay in it, and no way out but through the relay. */
import { readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Processes, Started } from '../processes.ts'
import { ContainerFailure } from './container-failure.ts'
import type { Forward, Pod } from './engine.ts'
import { joinSockets } from './join-sockets.ts'
import { findPrograms } from './programs.ts'
import { shortFolder } from './short-folder.ts'

/** Milliseconds until the relay must stand. */
const PATIENCE = 10_000

const RELAY = fileURLToPath(new URL('./relay/relay.mjs', import.meta.url))

/** Sets up the loopback with the addresses that are forwarded, and becomes the relay. */
const SETUP = `ip=$1; shift; "$ip" link set lo up || exit 1
while [ "$1" != -- ]; do "$ip" address add "$1/32" dev lo || exit 1; shift; done; shift; exec "$@"`

/** Gives what keeps pods from being made here, in words; undefined where they can be. */
export function podProblem(): string | undefined {
  if (process.platform !== 'linux') return `it takes Linux, and this is ${process.platform}`
  const programs = findPrograms('ip', 'unshare', 'nsenter', 'setpriv')
  return 'missing' in programs
    ? `it takes the programs ${programs.missing}, which are not here: install util-linux and iproute2`
    : undefined
}

/** Makes a pod. It ends with this process, however that ends. Errors: ContainerFailure. */
export async function openPod(processes: Processes, forwards: readonly Forward[]): Promise<Pod> {
  const folder = await shortFolder('crossdock-pod-')
  const servers = await Promise.all(
    forwards.map(({ connect: take }, index) =>
      listening(createServer({ allowHalfOpen: true }, take), join(folder, String(index))),
    ),
  )
  const started = startRelay(processes, folder, forwards)
  const close = async () => {
    await started.end()
    for (const server of servers) server.close()
    await rm(folder, { recursive: true, force: true })
  }
  await ready(started).catch(async (error) => {
    await close()
    throw error
  })
  const published = new Map<number, Promise<number>>()
  const publish = async (port: number) => {
    const server = await listening(
      createServer({ allowHalfOpen: true }, (from) => inward(from, folder, port)),
      0,
      '127.0.0.1',
    )
    servers.push(server)
    return (server.address() as { port: number }).port
  }
  return {
    path: `/proc/${started.child.pid}/ns/net`,
    publish: (port) => {
      const known = published.get(port) ?? publish(port)
      published.set(port, known)
      return known
    },
    listens: async (port) => {
      const tables = await Promise.all(
        ['tcp', 'tcp6'].map((name) =>
          readFile(`/proc/${started.child.pid}/net/${name}`, 'utf8').catch(() => ''),
        ),
      )
      return tables.some((text) => listensIn(text, port))
    },
    close,
  }
}

/** Linux's table of sockets: a number, the address and port in hexadecimal, the other end's, and the state. */
const LISTENING = '0A'

function listensIn(table: string, port: number): boolean {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/)
    return state === LISTENING && local!.endsWith(ending)
  })
}

function startRelay(processes: Processes, folder: string, forwards: readonly Forward[]): Started {
  const programs = findPrograms('ip', 'unshare', 'setpriv')
  if ('missing' in programs) throw new ContainerFailure(`${programs.missing} is not here`)
  const { ip, unshare, setpriv } = programs.found
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const hosts = [...new Set(forwards.map(({ host }) => host))].filter((host) => !host.startsWith('127.'))
  const told = forwards.map(({ host, port }, index) => ({ host, port, socket: String(index) }))
  const words = [
    '--pdeathsig',
    'KILL',
    '--',
    unshare,
    ...asRoot,
    '--net',
    '--',
    '/bin/sh',
    '-c',
    SETUP,
    'sh',
    ip,
    ...hosts,
    '--',
  ]
  return processes.start(
    setpriv,
    [...words, process.execPath, RELAY, JSON.stringify({ folder, forwards: told })],
    { env: { PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'pipe'] },
  )
}

/** Errors: ContainerFailure with what the relay said in its end. */
function ready({ child }: Started): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) =>
      reject(new ContainerFailure(`the network of the task could not be made: ${why}`))
    const timer = setTimeout(() => fail('it took too long'), PATIENCE)
    child.stdin?.on('error', () => undefined)
    child.stderr?.on('data', (text) => {
      said += text
    })
    child.stdout?.once('data', () => {
      clearTimeout(timer)
      resolve()
    })
    child.on('error', (error) => fail(error.message))
    child.on('exit', (code) => {
      clearTimeout(timer)
      fail(said.trim() || `exit code ${code}`)
    })
    child.unref()
    for (const stream of child.stdio) (stream as unknown as { unref?(): void } | null)?.unref?.()
  })
}

function listening(server: Server, ...at: [path: string] | [port: number, host: string]): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(...(at as [number, string]), () => resolve(server))
    server.unref()
  })
}

function inward(from: Socket, folder: string, port: number): void {
  const to = connect({ path: join(folder, 'in'), allowHalfOpen: true })
  to.write(`${port}\n`)
  joinSockets(from, to)
}
