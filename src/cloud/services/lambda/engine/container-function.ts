/** A container that runs a function, kept warm between invocations: it asks the runtime API for them. */
import { connect } from 'node:net'
import type { Context } from '../../../kernel/context.ts'
import type { Engine, Pod, RunningContainer } from '../../../machine/containers/engine.ts'
import type { StoredImage } from '../../../machine/containers/image-store.ts'
import { joinSockets } from '../../../machine/containers/join-sockets.ts'
import type { FunctionVersion } from '../state.ts'
import type { Invocation, Outcome, TakeLine } from './function-process.ts'
import { LineCutter } from './line-cutter.ts'
import { type Answer, RuntimeApi } from './runtime-api.ts'

/** Milliseconds that the runtime has until it asks for its first invocation. AWS: 10 seconds. */
const INIT_LIMIT = 10_000

/** AWS: AWS_LAMBDA_RUNTIME_API is a host and a port. */
const RUNTIME_API = { host: '127.0.0.1', port: 9001 } as const

export interface ContainerOptions {
  readonly engine: Engine
  readonly image: StoredImage
  readonly version: FunctionVersion
  readonly environment: Readonly<Record<string, string>>
  readonly onLog: TakeLine
}

export class ContainerFunction {
  private readonly api = new RuntimeApi()
  private readonly pod: Pod
  private running: RunningContainer | undefined
  private readonly begunAt = performance.now()
  private initReported = false
  private end: ((answer: Answer) => void) | undefined
  private ended: string | undefined
  private requestId = ''
  alive = true

  private constructor(pod: Pod) {
    this.pod = pod
  }

  /** Errors: ContainerFailure where the container cannot be begun. */
  static async start(ctx: Context, options: ContainerOptions): Promise<ContainerFunction> {
    const port = Number(new URL(ctx.cloud.endpoint).port)
    let api: RuntimeApi
    const pod = await ctx.cloud.containers.openPod([
      {
        host: '127.0.0.1',
        port,
        connect: (from) => joinSockets(from, connect({ port, host: '127.0.0.1', allowHalfOpen: true })),
      },
      { ...RUNTIME_API, connect: (from) => void api.server.emit('connection', from) },
    ])
    const made = new ContainerFunction(pod)
    api = made.api
    try {
      await made.run(options)
    } catch (error) {
      await pod.close()
      throw error
    }
    return made
  }

  private async run({ engine, image, version, environment, onLog }: ContainerOptions): Promise<void> {
    const lines = new LineCutter(onLog)
    const { entryPoint, command, workingDirectory } = version.image ?? {}
    this.running = await engine.run({
      image,
      pod: this.pod,
      entryPoint,
      command,
      workingFolder: workingDirectory,
      environment: { ...environment, AWS_LAMBDA_RUNTIME_API: `${RUNTIME_API.host}:${RUNTIME_API.port}` },
      memory: version.memorySize * 1024 ** 2,
      output: (text) => lines.write(text),
    })
    void this.running.exited.then(({ code }) => {
      lines.end()
      this.alive = false
      this.ended = code
        ? `Runtime exited with error: exit status ${code}`
        : 'Runtime exited without providing a reason'
      this.end?.(this.exit())
      void this.pod.close()
    })
  }

  private exit(): Answer {
    const message = `RequestId: ${this.requestId} Error: ${this.ended ?? 'Runtime exited'}`
    return { payload: errorPayload('Runtime.ExitError', message), failed: true }
  }

  /**
   * Has the runtime answer once; one invocation at a time. Never rejects: whatever goes wrong is a failed outcome. Past the
   * timeout the container is killed.
   */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { requestId, timeout } = invocation
    this.requestId = requestId
    let startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    let timedOut = false
    let initDuration: number | undefined
    const answer = await new Promise<Answer>((resolve) => {
      const expire = (milliseconds: number) => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          timedOut = true
          const message = `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`
          resolve({ payload: errorPayload('Sandbox.Timedout', message), failed: true })
          this.kill()
        }, milliseconds)
      }
      const begin = () => {
        initDuration = this.reportInit()
        startedAt = performance.now()
        expire(timeout * 1000)
        this.api.send(invocation)
      }
      this.end = resolve
      this.api.onAnswer = resolve
      if (this.ended !== undefined || !this.alive) return resolve(this.exit())
      if (this.api.ready) return begin()
      expire(INIT_LIMIT)
      this.api.onReady = begin
    })
    clearTimeout(timer)
    this.end = undefined
    return { ...answer, timedOut, duration: performance.now() - startedAt, initDuration }
  }

  private reportInit(): number | undefined {
    if (this.initReported) return undefined
    this.initReported = true
    return performance.now() - this.begunAt
  }

  /** Ends the container and its network. */
  kill(): void {
    this.alive = false
    void this.running?.stop(0)
  }
}

const errorPayload = (errorType: string, errorMessage: string): Buffer =>
  Buffer.from(JSON.stringify({ errorType, errorMessage }))
