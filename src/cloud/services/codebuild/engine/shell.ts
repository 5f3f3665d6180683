/** One shell for a whole build: commands share its variables, functions and working directory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** How long output may come in after the shell ended, in milliseconds. */
const STREAMS_END = 500

export interface ShellOptions {
  readonly shell: 'sh' | 'bash'
  readonly folder: string
  /** Where the shell keeps its own files; whoever made the folder removes it. */
  readonly scratch: string
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

  constructor(options: ShellOptions) {
    this.options = options
    this.scratch = options.scratch
    this.environment = options.environment
    this.workingFolder = options.folder
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
    if (typeof result === 'number') {
      await printedTextRead()
      return result
    }
    if (this.killed) return -1
    await this.restore()
    return result.exited
  }

  /** Gives what a text means to the shell: variables and `$(commands)` put in; no other quoting is taken away. */
  async expand(text: string): Promise<string> {
    const file = join(this.scratch, 'expanded')
    await writeFile(file, '')
    const mark = `CROSSDOCK_${this.count}_END`
    const status = await this.run(`cat > '${file}' <<${mark}\n${text}\n${mark}`)
    if (status !== 0) throw new Error(`the shell cannot make sense of "${text}": exit status ${status}`)
    return (await readFile(file, 'utf8')).replace(/\n$/, '')
  }

  /** Ends the shell and all it left running, and gives the environment it had. */
  async end(): Promise<Readonly<Record<string, string>>> {
    if (this.child && !this.killed) {
      this.child.stdin?.end('exit 0\n')
      await this.closed
      await this.restore()
    }
    return this.environment
  }

  /** Kills the shell and all it started. */
  kill(): void {
    this.killed = true
    if (this.child) killGroup(this.child)
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
      child.on('exit', () => endStreams(child))
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

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/**
 * Commands may leave processes in the background that hold the shell's output open: they end with the shell, as a
 * build's container does. One that has left the group cannot be ended, but must not be waited for either.
 */
function endStreams(child: ChildProcess): void {
  killGroup(child)
  const late = setTimeout(() => {
    for (const stream of child.stdio) stream?.destroy()
  }, STREAMS_END)
  child.once('close', () => clearTimeout(late))
}

/** What a command printed was in the pipes before its status was: one round of the event loop reads it. */
async function printedTextRead(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve))
}
