/** One process that runs a function, kept warm between invocations. It is no sandbox. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Duplex, Readable, Writable } from 'node:stream'
import type { Processes, Started } from '../../../machine/processes.ts'
import { frame, frameReader } from './frames.ts'
import { LineCutter } from './line-cutter.ts'

/** Milliseconds that loading a function may take. AWS: 10 seconds. */
const INIT_LIMIT = 10_000

export interface Invocation {
  readonly requestId: string
  readonly payload: Uint8Array
  readonly invokedArn: string
  /** The decoded client context, if the caller sent one. */
  readonly clientContext?: unknown
  /** Seconds. */
  readonly timeout: number
}

export interface Outcome {
  /** JSON: what the handler gave, or the error. */
  readonly payload: Buffer
  readonly failed: boolean
  readonly timedOut: boolean
  /** Milliseconds. */
  readonly duration: number
  /** Milliseconds the process took to load the function; only on its first invocation. */
  readonly initDuration?: number
  /** Megabytes; where they are known. */
  readonly memory?: number
}

/** Takes a line of output; what it gives holds up further output. */
export type TakeLine = (line: string) => Promise<void> | undefined

type Settle = (outcome: Pick<Outcome, 'payload' | 'failed'> & { memory?: number; timedOut?: boolean }) => void

export class FunctionProcess {
  private readonly started: Started
  private readonly child: ChildProcess
  private readonly spawnedAt = performance.now()
  private readonly onLog: (line: string) => void
  private readyAt: number | undefined
  private initReported = false
  private hold: Promise<void> | undefined
  private settle: Settle | undefined
  private whenReady: (() => void) | undefined
  private requestId = ''
  private lastMemory = 0
  /** False once the process has ended or is being ended. */
  alive = true

  constructor(
    processes: Processes,
    options: {
      command: string
      words: readonly string[]
      folder: string
      environment: Record<string, string>
      onLog: TakeLine
    },
  ) {
    this.onLog = (line) => {
      this.hold ??= options.onLog(line)
    }
    this.started = processes.start(options.command, options.words, {
      cwd: options.folder,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    this.child = this.started.child
    const [, , , input, output] = this.child.stdio as unknown as Duplex[]
    input!.on('error', () => undefined)
    output!.on('error', () => undefined)
    // What the function itself writes there does not begin with the word that only the runtime knows.
    const word = randomUUID()
    input!.write(`${word}\n`)
    this.read(
      output!,
      frameReader(word, (header, body) => this.take(header, body), this.onLog),
    )
    for (const stream of [this.child.stdout!, this.child.stderr!]) this.readLines(stream)
    this.child.on('error', (error) => this.ended(`Error: ${error.message}`))
    this.child.on('close', (code, signal) => this.ended(exitReason(code, signal)))
    this.child.unref()
    for (const stream of this.child.stdio) (stream as unknown as { unref?(): void } | null)?.unref?.()
  }

  /** Reads no further while the log is held up. */
  private read<T>(stream: Readable, take: (chunk: T) => void): void {
    stream.on('data', (chunk: T) => {
      take(chunk)
      const held = this.takeHold()
      if (!held) return
      stream.pause()
      void held.then(() => stream.resume())
    })
  }

  private takeHold(): Promise<void> | undefined {
    const held = this.hold
    this.hold = undefined
    return held
  }

  /** What native code or other programs print past the runtime. */
  private readLines(stream: Readable): void {
    const lines = new LineCutter(this.onLog)
    stream.setEncoding('utf8')
    stream.on('error', () => undefined)
    this.read(stream, (text: string) => lines.write(text))
    stream.on('end', () => lines.end())
  }

  private take(header: { type: string; id?: string; memory?: number }, body: Buffer): void {
    if (header.type === 'log') return this.onLog(body.toString())
    if (header.type === 'ready') {
      this.readyAt = performance.now()
      return this.whenReady?.()
    }
    if (header.type === 'init-error' || header.type === 'fatal') this.alive = false
    if (header.type !== 'init-error' && header.id !== this.requestId) return
    this.lastMemory = header.memory ?? this.lastMemory
    this.settle?.({ payload: Buffer.from(body), failed: header.type !== 'result', memory: header.memory })
  }

  private ended(reason: string): void {
    this.alive = false
    const message = `RequestId: ${this.requestId} Error: ${reason}`
    this.settle?.({ payload: errorPayload('Runtime.ExitError', message), failed: true })
  }

  /**
   * Runs the handler once; one invocation at a time. Never rejects: whatever goes wrong is a failed outcome.
   * Past the timeout the process is killed, with everything it started.
   */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { requestId, timeout } = invocation
    this.requestId = requestId
    let startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    const expire = (settle: Settle, milliseconds: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const message = `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`
        settle({ payload: errorPayload('Sandbox.Timedout', message), failed: true, timedOut: true })
        this.kill()
      }, milliseconds)
    }
    const settled = await new Promise<Parameters<Settle>[0]>((resolve) => {
      this.settle = resolve
      const begin = () => {
        startedAt = performance.now()
        expire(resolve, timeout * 1000)
        this.write(invocation)
      }
      if (!this.alive) return this.ended('Runtime exited without providing a reason')
      if (this.readyAt !== undefined) return begin()
      expire(resolve, INIT_LIMIT)
      this.whenReady = begin
    })
    clearTimeout(timer)
    this.settle = undefined
    this.whenReady = undefined
    // Output written before the answer is readable by now; one turn of the event loop takes it in.
    await new Promise(setImmediate)
    return {
      payload: settled.payload,
      failed: settled.failed,
      timedOut: settled.timedOut ?? false,
      duration: performance.now() - startedAt,
      initDuration: this.reportInit(),
      memory: settled.memory ?? this.lastMemory,
    }
  }

  private reportInit(): number | undefined {
    if (this.initReported) return undefined
    this.initReported = true
    return (this.readyAt ?? performance.now()) - this.spawnedAt
  }

  private write({ requestId, payload, invokedArn, clientContext, timeout }: Invocation): void {
    const header = { id: requestId, deadline: Date.now() + timeout * 1000, arn: invokedArn, clientContext }
    const input = this.child.stdio[3] as Writable
    input.write(frame(header, payload))
  }

  /** Ends the process and everything it started. */
  kill(): void {
    this.alive = false
    this.started.end()
  }
}

const errorPayload = (errorType: string, errorMessage: string): Buffer =>
  Buffer.from(JSON.stringify({ errorType, errorMessage }))

function exitReason(code: number | null, signal: string | null): string {
  if (signal) return `Runtime exited with error: signal: ${signal.replace('SIG', '').toLowerCase()}`
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`
}
