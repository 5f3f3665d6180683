/** The processes that the cloud starts: each is marked, so that all it started can be ended, also after a kill. */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The variable in whose value a process, and all that inherit its environment, say which cloud started them. */
export const MARK = 'CROSSDOCK_PROCESS'

/** Environments that are read before others have their turn. */
const TURN = 64

export interface Started {
  readonly child: ChildProcess
  /** Kills it and all it started; resolves when nothing of it is left. */
  end(): Promise<void>
}

/**
 * Starts processes, each in a group of its own, and knows them by the mark in their environment. A process number may be
 * another's by now, and a process may leave its group, but what holds this run's random mark was started by it. Only
 * what has left its group and cleared its environment too is not found.
 */
export class Processes {
  private readonly file: string
  private readonly run = randomUUID()
  private count = 0
  /** Marks whose processes are being ended. */
  private readonly unwanted = new Set<string>()
  private ending: Promise<void> | undefined

  private constructor(folder: string) {
    this.file = join(folder, 'processes')
  }

  /** Ends what a killed cloud of this folder left running; then processes can be started. */
  static async open(folder: string): Promise<Processes> {
    const processes = new Processes(folder)
    const { file } = processes
    const left = existsSync(file) && readFileSync(file, 'utf8').trim()
    // What one has started while it was looked for is found by the next look.
    if (left) while ((await kill((mark) => mark.startsWith(`${left}.`))).size > 0);
    writeFileSync(file, `${processes.run}\n`, { mode: 0o600 })
    return processes
  }

  /** Starts a process with exactly this environment, and the mark. */
  start(
    command: string,
    words: readonly string[],
    options: SpawnOptions & { env: Readonly<Record<string, string | undefined>> },
  ): Started {
    const mark = `${this.run}.${++this.count}`
    const env = { ...options.env, [MARK]: mark }
    const child = spawn(command, words, { ...options, env, detached: true })
    return { child, end: () => this.end(child, mark) }
  }

  private async end({ pid }: ChildProcess, mark: string): Promise<void> {
    if (pid === undefined) return
    signal(-pid)
    this.unwanted.add(mark)
    this.ending ??= this.endUnwanted().finally(() => {
      this.ending = undefined
    })
    await this.ending
  }

  private async endUnwanted(): Promise<void> {
    while (this.unwanted.size > 0) {
      const looked = [...this.unwanted]
      const found = await kill((mark) => this.unwanted.has(mark))
      for (const mark of looked) if (!found.has(mark)) this.unwanted.delete(mark)
    }
  }

  /** Resolves once all that was told to end has been killed; nothing is left for the next cloud then. */
  async close(): Promise<void> {
    await this.ending
    rmSync(this.file, { force: true })
  }
}

/** Kills the processes with certain marks, and what else is in the groups they lead; gives the marks that it found. */
async function kill(wanted: (mark: string) => boolean): Promise<Set<string>> {
  const found = (await (existsSync('/proc/self/environ') ? marksOfProc() : marksOfPs())).filter(
    ({ pid, mark }) => pid !== process.pid && wanted(mark),
  )
  for (const { pid } of found) {
    signal(-pid)
    signal(pid)
  }
  return new Set(found.map(({ mark }) => mark))
}

/** Kills a process, or with a negative number a group. */
function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended, or there is no such group.
  }
}

interface Marked {
  readonly pid: number
  readonly mark: string
}

async function marksOfProc(): Promise<Marked[]> {
  const found: Marked[] = []
  const pids = readdirSync('/proc').map(Number).filter(Boolean)
  for (const [index, pid] of pids.entries()) {
    const [, mark] = /(?:^|\0)CROSSDOCK_PROCESS=([^\0]*)/.exec(environment(pid)) ?? []
    if (mark) found.push({ pid, mark })
    if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}

/** Empty for other users' processes, which may not be read, and those that end at this moment. */
function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

/** macOS has no /proc; its ps shows the environment behind the command, as those of Linux and the BSDs do. */
export async function marksOfPs(): Promise<Marked[]> {
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,command='], {
    maxBuffer: 256 * 1024 ** 2,
  })
  return stdout.split('\n').flatMap((line) => {
    const [, mark] = / CROSSDOCK_PROCESS=(\S+)/.exec(line) ?? []
    return mark ? [{ pid: Number.parseInt(line, 10), mark }] : []
  })
}
