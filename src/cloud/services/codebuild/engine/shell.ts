/** One shell for a whole build: commands share its variables, functions and working directory. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex, Readable } from 'node:stream'
import type { Processes, Started } from '../../../machine/processes.ts'

/** How long output may come in after the shell ended, in milliseconds, and how often longer while it waits to be taken. */
const STREAMS_END = 500
const PATIENCE = 20

/** Bytes that the pipes of a process hold at most, generously: Linux's default is 208 KB for each. */
const PIPES = 2 * 1024 ** 2

/** Characters that an answer may have; what a command writes in its place may be without end. */
const ANSWER_LIMIT = 200

export interface ShellOptions {
  readonly processes: Processes
  readonly shell: 'sh' | 'bash'
  readonly folder: string
  /** Where the shell keeps its own files; whoever made the folder removes it. */
  readonly scratch: string
  readonly environment: Readonly<Record<string, string>>
  /** Gets what commands print, line by line or in parts of lines; what it gives holds up further output. */
  readonly output: (text: string) => Promise<void> | undefined
}

/**
 * A running shell. Each command is a file that the shell sources, so state persists. A command that calls `exit` ends
 * the shell; the environment it leaves is kept, and the next command gets a new shell with it.
 *
 * The shell reads what to do from a socket, its standard input, and answers there with the command's status. While a
 * command runs it has /dev/null in that place, and no other descriptor than its output: programs cannot reach the
 * socket, which has no name and is closed when they are executed. Code within the shell could, but an answer counts only
 * with a word that was made for it, and which the shell holds in the line it is carrying out.
 */
export class Shell {
  private readonly options: ShellOptions
  private environment: Readonly<Record<string, string>>
  private workingFolder: string
  private readonly scratch: string
  private started: Started | undefined
  private closed: Promise<number> = Promise.resolve(0)
  private answer: ((line: string) => void) | undefined
  private killed = false
  private count = 0
  /** Characters read so far, and chunks that the output has not taken yet. */
  private length = 0
  private readonly untaken = new Set<Promise<void>>()

  constructor(options: ShellOptions) {
    this.options = options
    this.scratch = options.scratch
    this.environment = options.environment
    this.workingFolder = options.folder
  }

  /** Runs one command and gives its exit status; -1 when the shell was killed. */
  async run(command: string): Promise<number> {
    if (this.killed) return -1
    this.started ??= this.open()
    const file = join(this.scratch, `command-${++this.count}.sh`)
    await writeFile(file, `${command}\n`)
    const word = randomUUID()
    const status = new Promise<number>((resolve) => {
      this.answer = (line) => {
        const [given, code] = line.split(' ')
        if (given === word) resolve(Number(code))
      }
    })
    // One line, which the shell has read as a whole before it begins: a command finds nothing left to read.
    this.tell(`. '${file}' </dev/null; { command printf '%s %s\\n' ${word} "$?"; } >&0 2>/dev/null`)
    const result = await Promise.race([status, this.closed.then((code) => ({ exited: code }))])
    if (typeof result === 'number') {
      await this.printedTextRead()
      return this.killed ? -1 : result
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
    if (this.started && !this.killed) {
      // Said aloud too: a command may have taken the trap for its own ends.
      this.tell(`${this.keep()}; exit 0`)
      await this.closed
      await this.restore()
    }
    return this.environment
  }

  /** Kills the shell and all it started. */
  kill(): void {
    this.killed = true
    this.started?.end()
  }

  private tell(line: string): void {
    const control = this.started?.child.stdio[3] as Duplex
    control.write(`${line}\n`)
  }

  private open(): Started {
    const { processes, shell, environment } = { ...this.options, environment: this.environment }
    const started = processes.start('sh', ['-c', 'exec "$0" -s <&3 3>&-', shell], {
      cwd: this.workingFolder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const { child } = started
    for (const stream of [child.stdout, child.stderr]) if (stream) this.readOutput(stream)
    const control = child.stdio[3] as Duplex
    control.on('error', () => undefined)
    readLines(control, (line) => this.answer?.(line))
    this.closed = new Promise((resolve) => {
      child.on('error', () => resolve(127))
      child.on('exit', (code) => {
        this.endStreams(child)
        // Commands may leave processes in the background: they end with the shell, as a build's container does.
        const ended = started.end()
        child.on('close', () => ended.then(() => resolve(code ?? -1)))
      })
    })
    control.write(`trap '${this.keep()}' EXIT\n`)
    return started
  }

  /** What has the shell write down its environment and folder. */
  private keep(): string {
    return `{ /usr/bin/env -0; printf "CROSSDOCK_PWD=%s" "$PWD"; } > "${this.stateFile}" 2>/dev/null`
  }

  private get stateFile(): string {
    return join(this.scratch, 'environment')
  }

  private readOutput(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      this.length += text.length
      const taken = this.options.output(text)
      if (!taken) return
      stream.pause()
      const resumed: Promise<void> = taken.then(() => {
        this.untaken.delete(resumed)
        stream.resume()
      })
      this.untaken.add(resumed)
    })
  }

  /**
   * What a command printed was in the pipes before its status was: it is read once a round of the event loop brings
   * nothing, or more than pipes hold, which a process in the background prints.
   */
  private async printedTextRead(): Promise<void> {
    const enough = this.length + PIPES
    for (let before = -1; before !== this.length && this.length < enough && !this.killed; ) {
      await Promise.all(this.untaken)
      before = this.length
      for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** A process that could not be found and ended may hold the output open, but must not be waited for. */
  private endStreams(child: ChildProcess): void {
    let patience = PATIENCE
    const close = () => {
      if (this.untaken.size && !this.killed && patience-- > 0) timer.refresh()
      else for (const stream of child.stdio) stream?.destroy()
    }
    const timer = setTimeout(close, STREAMS_END)
    child.once('close', () => clearTimeout(timer))
  }

  /** Takes over the environment and folder that an ended shell wrote down. */
  private async restore(): Promise<void> {
    this.started = undefined
    const text = await readFile(this.stateFile, 'utf8').catch(() => '')
    await rm(this.stateFile, { force: true })
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

function readLines(stream: Readable, take: (line: string) => void): void {
  let partial = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (partial + text).split('\n')
    partial = lines.pop()!.slice(-ANSWER_LIMIT)
    for (const line of lines) take(line)
  })
}
