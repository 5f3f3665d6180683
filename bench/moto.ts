/** moto's server as a peer, where it is installed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

export interface LaunchedMoto {
  readonly endpoint: string
  readonly process: ChildProcess
  /** Milliseconds from the start of the process to the first answered request. */
  readonly ready: number
  stop(): Promise<void>
}

/** Starts the server; undefined where there is none. */
export async function launchMoto(): Promise<LaunchedMoto | undefined> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const gone = new Promise<'gone'>((done) => {
    child.once('error', () => done('gone'))
    child.once('exit', () => done('gone'))
  })
  const endpoint = `http://127.0.0.1:${port}`
  if ((await Promise.race([gone, answers(endpoint)])) === 'gone') return undefined
  const ready = performance.now() - started
  const stop = async () => {
    const exit = once(child, 'exit')
    child.kill()
    await exit
  }
  return { endpoint, process: child, ready, stop }
}

async function answers(endpoint: string): Promise<void> {
  for (;;) {
    const good = await fetch(`${endpoint}/moto-api/`).then(
      (response) => response.ok,
      () => false,
    )
    if (good) return
    await new Promise((done) => setTimeout(done, 10))
  }
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
