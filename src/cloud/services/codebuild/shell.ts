/** One shell for a whole build: commands share its variables, functions and working directory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export interface ShellOptions {
  readonly shell: 'sh' | 'bash'
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** Gets what commands print, line by line or in parts of lines. */
  readonly output: (text: string) => void
}

/**
 * A running shell. Each command is a file that the shell sources, so state persists; its status comes back on file
 * descriptor 3, so nothing that a command prints can be taken for it. A command that calls `exit` ends the shell; the
 * environment it leaves is kept, and the next command gets a new shell with it.
 */
export class Shell {
  private readonly options: ShellOptions
  private environment: Readonly<Record<string, string>>
  private workingFolder: string
  private readonly scratch: string
  private child: ChildProcess | undefined
  private closed: Promise<number> = Promise.resolve(0)
  private answer: ((status: number) => void) | undefined
  private killed = false
  private count = 0

  private constructor(options: ShellOptions, scratch: string) {
    this.options = options
    this.scratch = scratch
    this.environment = options.environment
    this.workingFolder = options.folder
  }

  static async start(options: ShellOptions): Promise<Shell> {
    return new Shell(options, await mkdtemp(join(tmpdir(), 'crossdock-build-')))
  }

  /** Runs one command and gives its exit status; -1 when the shell was killed. */
  async run(command: string): Promise<number> {
    if (this.killed) return -1
    this.child ??= this.open()
    const file = join(this.scratch, `command-${++this.count}.sh`)
    await writeFile(file, `${command}\n`)
    const status = new Promise<number>((resolve) => {
      this.answer = resolve
    })
    this.child.stdin?.write(`. ${file} </dev/null\nprintf '%s\\n' "$?" >&3\n`)
    const result = await Promise.race([status, this.closed.then((code) => ({ exited: code }))])
    if (typeof result === 'number') return result
    if (this.killed) return -1
    await this.restore()
    return result.exited
  }

  /** Ends the shell and gives the environment it had; removes what it left. */
  async end(): Promise<Readonly<Record<string, string>>> {
    if (this.child && !this.killed) {
      this.child.stdin?.end('exit 0\n')
      await this.closed
      await this.restore()
    }
    await rm(this.scratch, { recursive: true, force: true })
    return this.environment
  }

  /** Kills the shell and all it started. */
  kill(): void {
    this.killed = true
    if (this.child?.pid === undefined) return
    try {
      process.kill(-this.child.pid, 'SIGKILL')
    } catch {
      // The group is gone already.
    }
  }

  private open(): ChildProcess {
    const state = join(this.scratch, 'environment')
    const child = spawn(this.options.shell, ['-s'], {
      cwd: this.workingFolder,
      env: this.environment,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', this.options.output)
    }
    child.stdin?.on('error', () => undefined)
    const control = child.stdio[3] as Readable
    control.setEncoding('utf8')
    control.on('data', (text: string) => this.answer?.(Number.parseInt(text, 10)))
    this.closed = new Promise((resolve) => {
      child.on('error', () => resolve(127))
      child.on('close', (code) => resolve(code ?? -1))
    })
    child.stdin?.write(`trap 'env -0 > "${state}"; printf "CROSSDOCK_PWD=%s" "$PWD" >> "${state}"' EXIT\n`)
    return child
  }

  /** Takes over the environment and folder that an ended shell wrote down. */
  private async restore(): Promise<void> {
    this.child = undefined
    const text = await readFile(join(this.scratch, 'environment'), 'utf8').catch(() => '')
    const entries = text
      .split('\0')
      .filter(Boolean)
      .map((line): [string, string] => {
        const at = line.indexOf('=')
        return [line.slice(0, at), line.slice(at + 1)]
      })
    const { CROSSDOCK_PWD: folder, ...environment } = Object.fromEntries(entries)
    if (folder) {
      this.environment = environment
      this.workingFolder = folder
    }
  }
}
