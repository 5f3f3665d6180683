/** An embedded cloud as a process of its own, which can be killed at any moment and started again on its folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longest time in milliseconds from the start of the process to its first answer. */
const OPENS_WITHIN = 30_000
/** How long what a killed cloud left running may take to be gone, in milliseconds. */
const GONE_WITHIN = 3_000

export class ChildCloud {
  readonly secret = 'test'
  /** What this cloud and its builds and functions write, and nobody else. */
  readonly folder: string
  endpoint = ''
  starts = 0
  /** When it was killed, in milliseconds since 1970. */
  readonly kills: number[] = []
  /** What went wrong with the process itself: bugs that it told of, processes left behind, folders that did not open. */
  readonly bugs: string[] = []
  readonly leftBehind: string[] = []
  private child: ChildProcess | undefined
  private stopping = false
  private port = '0'
  /** What the running process has told on its standard error. */
  private told = ''

  private constructor(folder: string) {
    this.folder = folder
  }

  static async start(): Promise<ChildCloud> {
    if (!existsSync('dist/cli.cjs')) throw new Error('dist/cli.cjs is missing: run "npm run build" first')
    const cloud = new ChildCloud(await mkdtemp(join(tmpdir(), 'crossdock-chaos-')))
    for (const name of [cloud.data, cloud.temporary, cloud.work]) await mkdir(name, { mode: 0o700 })
    await cloud.open()
    return cloud
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  get temporary(): string {
    return join(this.folder, 'tmp')
  }

  /** A folder for those who use the cloud. */
  get work(): string {
    return join(this.folder, 'work')
  }

  /** What the running process has told of bugs. */
  get bugsSoFar(): string {
    return bugsIn(this.told).join('\n')
  }

  get hasEnded(): boolean {
    return this.child?.exitCode !== null || this.child.signalCode !== null
  }

  /** Starts it again after it has ended by itself. */
  reopen(): Promise<void> {
    return this.open()
  }

  /** Kills it in the middle of whatever it does, and starts it again on the same folder and port. */
  async killAndRestart(between: () => Promise<void> = async () => undefined): Promise<void> {
    const child = this.child!
    const left = this.processes().filter((pid) => pid !== child.pid)
    this.stopping = true
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    this.kills.push(Date.now())
    if (child.exitCode === null && child.signalCode === null) await gone
    await between()
    await this.open()
    await this.expectGone(left)
  }

  /** Stops it as a person does. Errors: none; what is wrong then is among the bugs. */
  async stop(): Promise<void> {
    const child = this.child
    this.stopping = true
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const isGone = await Promise.race([
        gone.then(() => true),
        sleep(GONE_WITHIN * 3, false, { ref: false }),
      ])
      if (!isGone) {
        this.bugs.push('the cloud does not end on SIGTERM')
        child.kill('SIGKILL')
        await gone
      }
    }
    await this.expectGone(this.processes())
    for (const pid of this.processes()) kill(pid)
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** Processes with this cloud's environment; only Linux can tell. */
  processes(): number[] {
    if (!existsSync('/proc')) return []
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => read(`/proc/${pid}/environ`).includes(`TMPDIR=${this.temporary}\0`))
  }

  private async expectGone(pids: readonly number[]): Promise<void> {
    const deadline = Date.now() + GONE_WITHIN
    const living = () => this.processes().filter((pid) => pids.includes(pid))
    while (living().length && Date.now() < deadline) await sleep(20)
    for (const pid of living())
      this.leftBehind.push(`${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
  }

  private async open(): Promise<void> {
    const words = ['cloud', '--json', '--port', this.port, '--data', this.data]
    const child = spawn(process.execPath, [resolve('dist/cli.cjs'), ...words], {
      cwd: this.work,
      env: { PATH: process.env.PATH, HOME: this.work, TMPDIR: this.temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    // Whoever runs this may fail or be interrupted: nothing stays behind.
    const endToo = () => child.kill('SIGKILL')
    process.once('exit', endToo)
    child.once('exit', () => process.off('exit', endToo))
    this.stopping = false
    let told = ''
    this.told = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      told += chunk
      this.told = told
    })
    child.once('close', (code, signal) => {
      this.bugs.push(...bugsIn(told))
      if (this.child === child && !this.stopping)
        this.bugs.push(`the cloud ended by itself (${code ?? signal}): ${told.slice(-2000)}`)
    })
    this.endpoint = await firstAnswer(child, () => told)
    this.port = new URL(this.endpoint).port
    this.starts++
  }
}

/** Resolves with the endpoint that the command prints. Errors: it ended before, or says nothing. */
async function firstAnswer(child: ChildProcess, told: () => string): Promise<string> {
  let text = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk
  })
  const deadline = Date.now() + OPENS_WITHIN
  while (!text.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the cloud does not open: ${told()}`)
    if (Date.now() > deadline) throw new Error(`the cloud does not open within ${OPENS_WITHIN} ms`)
    await sleep(10)
  }
  return (JSON.parse(text) as { endpoint: string }).endpoint
}

/** The bugs that a cloud tells on its standard error, each with the first lines of its trace. */
const bugsIn = (text: string): string[] =>
  text
    .split(/^(?=crossdock cloud: bug in )/m)
    .filter((part) => part.startsWith('crossdock cloud: bug in '))
    .map((part) => part.split('\n').slice(0, 6).join('\n'))

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
