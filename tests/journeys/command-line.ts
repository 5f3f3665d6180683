/** The built CLI as a user runs it: in a folder of one's own, without any of the developer's settings. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A user with a home, a folder for temporary files, and a folder to work in. */
export class User {
  readonly folder: string
  readonly work: string
  readonly temporary: string
  /** The package as it is installed for the user, who may change what it ships. */
  readonly package: string

  private constructor(folder: string) {
    this.folder = folder
    this.work = join(folder, 'work')
    this.temporary = join(folder, 'tmp')
    this.package = join(folder, 'package')
  }

  static async create(): Promise<User> {
    if (!existsSync('dist/cli.cjs')) throw new Error('dist/cli.cjs is missing: run "npm run build" first')
    const user = new User(await mkdtemp(join(tmpdir(), 'crossdock-user-')))
    for (const name of [user.work, user.temporary, user.package]) await mkdir(name)
    for (const name of ['dist', 'examples', 'package.json'])
      await cp(resolve(name), join(user.package, name), { recursive: true })
    await symlink(resolve('node_modules'), join(user.package, 'node_modules'))
    return user
  }

  environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.folder, TMPDIR: this.temporary, ...more }
  }

  start(args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [join(this.package, 'dist/cli.cjs'), ...args], {
      cwd: this.work,
      env: this.environment(more),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  }

  async run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Result> {
    return ended(this.start(args, more))
  }

  async git(...words: string[]): Promise<string> {
    const who = ['-c', 'user.name=User', '-c', 'user.email=user@crossdock.example']
    const { stdout } = await execute('git', [...who, ...words], { cwd: this.work, env: this.environment() })
    return stdout.trim()
  }

  /** Files and folders that were left behind among the temporary ones. */
  leftovers(): string[] {
    return readdirSync(this.temporary)
  }

  /** Processes that still run with this user's environment; only Linux can tell. */
  processes(): number[] {
    if (!existsSync('/proc')) return []
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => environmentOf(pid).includes(`TMPDIR=${this.temporary}\0`))
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

/** Does what Ctrl-C at a terminal does: the signal reaches the process and those that it has started. */
export function interrupt({ pid = 0 }: ChildProcess): void {
  process.kill(-pid, 'SIGINT')
}

/** Gathers what a process prints, until it ends. */
export async function ended(child: ChildProcess): Promise<Result> {
  const [stdout, stderr] = [child.stdout!, child.stderr!].map((stream) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    return () => Buffer.concat(chunks).toString()
  }) as [() => string, () => string]
  const status = await new Promise<number | null>((done, failed) => {
    child.once('error', failed)
    child.once('close', done)
  })
  return { status, stdout: stdout(), stderr: stderr() }
}

/** Resolves with what a process has printed once that matches. Errors: it ended before. */
export function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk
      if (pattern.test(text)) done(text)
    })
    child.once('close', () => failed(new Error(`ended without printing ${pattern}: ${text}`)))
  })
}

/** Asks again and again until the answer is good. Errors: it is not within 20 s. */
export async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const answer = await ask()
    if (good(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not in time: ${JSON.stringify(answer)}`)
    await sleep(50)
  }
}
