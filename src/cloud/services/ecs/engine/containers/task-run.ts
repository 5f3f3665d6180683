/** The containers of one task while they run: begun in their order, watched, and ended together. */
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { AwsError } from '../../../../../model/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import { ContainerFailure } from '../../../../machine/containers/container-failure.ts'
import type { Engine, Exit, Pod, RunningContainer } from '../../../../machine/containers/engine.ts'
import type { StoredImage } from '../../../../machine/containers/image-store.ts'
import { joinSockets } from '../../../../machine/containers/join-sockets.ts'
import { ecrSource } from '../../../../sources/ecr-image.ts'
import type { Task, TaskDefinition } from '../../state.ts'
import { ecrImage, PullFailure } from '../pull-image.ts'
import { type ContainerDefinition, portsOf } from './definition.ts'
import { taskEnvironment } from './environment.ts'
import { type Health, watchHealth } from './health.ts'
import { METADATA, metadataServer } from './metadata.ts'
import { readSecrets } from './secrets.ts'
import { TaskLog } from './task-log.ts'

/**
 * Milliseconds that a task has to listen on its ports, or to end, before it is said to run; a task without ports has the
 * shorter one. AWS hears of containers with a delay: one that ends at once was never seen running. It is real time: the
 * containers do not know another.
 */
const PORTS = 3000
const NO_PORTS = 1000
const LOOK = 20

/** Seconds. AWS: 30 unless said otherwise. */
const STOP = 30

export interface Started {
  readonly ctx: Context
  readonly task: Task
  readonly definition: TaskDefinition
  /** The execution role. */
  readonly as: Identity | undefined
  readonly digests: Readonly<Record<string, string>>
  readonly engine: Engine
  /** Told of each container that has ended, and of what its health check says. */
  ended(name: string, exit: Exit): void
  health(name: string, health: Health): void
}

interface One {
  readonly definition: ContainerDefinition
  readonly running: RunningContainer
  readonly log: TaskLog | undefined
  exit?: Exit
  health?: Health
}

export class TaskRun {
  private readonly options: Started
  private readonly containers = new Map<string, One>()
  private pod!: Pod
  private metadata: Server | undefined
  private readonly stopping = new AbortController()
  private readonly over: AbortSignal
  private changed: (() => void)[] = []

  constructor(options: Started) {
    this.options = options
    this.over = AbortSignal.any([this.stopping.signal, options.ctx.cloud.signal])
    this.over.addEventListener('abort', () => this.tell())
  }

  /**
   * Begins the containers; resolves when the task runs, or an essential container has ended, or all were told to stop.
   * Errors: PullFailure in AWS's words; nothing is left running then.
   */
  async start(): Promise<void> {
    try {
      await this.begin()
    } catch (error) {
      await this.stop()
      throw failureOf(error)
    }
  }

  private get isOver(): boolean {
    return this.over.aborted || this.essentialExit !== undefined
  }

  private async begin(): Promise<void> {
    const { ctx, task, definition, as } = this.options
    const all = definition.definition.containerDefinitions ?? []
    const images = new Map<string, StoredImage>()
    for (const { name = '' } of all) images.set(name, await this.image(name))
    const secrets = new Map<string, Record<string, string>>()
    for (const { name = '', secrets: some = [] } of all) secrets.set(name, await readSecrets(ctx, as, some))
    const logs = new Map<string, TaskLog | undefined>()
    for (const one of all) logs.set(one.name ?? '', await TaskLog.open(ctx, as, one, task))
    const role = task.overrides?.taskRoleArn ?? definition.definition.taskRoleArn
    const word = ctx.cloud.ids.uuid()
    const metadata = metadataServer({ ctx, task, definition, role, word })
    this.metadata = metadata
    const port = Number(new URL(ctx.cloud.endpoint).port)
    this.pod = await ctx.cloud.containers.openPod([
      {
        host: '127.0.0.1',
        port,
        connect: (from) => joinSockets(from, connect({ port, host: '127.0.0.1', allowHalfOpen: true })),
      },
      { ...METADATA, connect: (from) => void metadata.emit('connection', from) },
    ])
    await Promise.all(
      all.map(async (one) => {
        const name = one.name ?? ''
        await this.dependencies(one)
        if (this.isOver) return
        await this.run(one, {
          image: images.get(name)!,
          log: logs.get(name),
          environment: taskEnvironment(ctx, task, one, { role, word, secrets: secrets.get(name) ?? {} }),
        })
      }),
    )
    await this.settle()
  }

  private async image(name: string): Promise<StoredImage> {
    const { ctx, task, as, digests } = this.options
    const { image = '' } = task.containers.find((one) => one.name === name) ?? {}
    const reference = ecrImage(image)
    try {
      return await ctx.cloud.containers.images.get(await ecrSource(ctx, as!, reference!, digests[image]!))
    } catch (error) {
      if (!(error instanceof ContainerFailure || error instanceof AwsError)) throw error
      throw new PullFailure(`CannotPullContainerError: failed to extract image ${image}: ${error.message}`)
    }
  }

  private async run(
    one: ContainerDefinition,
    given: { image: StoredImage; log: TaskLog | undefined; environment: Record<string, string> },
  ): Promise<void> {
    const { ctx, task, engine } = this.options
    const name = one.name ?? ''
    const override = task.overrides?.containerOverrides?.find((each) => each.name === name)
    const memory = override?.memory ?? one.memory
    const running = await engine.run({
      image: given.image,
      pod: this.pod,
      entryPoint: one.entryPoint,
      command: override?.command?.length ? override.command : one.command,
      environment: given.environment,
      workingFolder: one.workingDirectory,
      user: one.user,
      memory: memory ? memory * 1024 ** 2 : undefined,
      output: (text) => given.log?.write(text),
    })
    if (this.over.aborted) return running.stop(0)
    const known: One = { definition: one, running, log: given.log }
    this.containers.set(name, known)
    running.exited
      .then(async (exit) => {
        known.exit = exit
        this.tell()
        await given.log?.close()
        this.options.ended(name, exit)
      })
      .catch((error) => ctx.cloud.bug(`container ${name} of task ${task.id}`, error))
    if (one.healthCheck)
      watchHealth(one.healthCheck, known.running, this.over, (health) => {
        known.health = health
        this.tell()
        this.options.health(name, health)
      })
    this.tell()
  }

  private tell(): void {
    for (const resolve of this.changed.splice(0)) resolve()
  }

  private next(): Promise<void> {
    return new Promise((resolve) => this.changed.push(resolve))
  }

  /**
   * Waits for what a container depends on.
   * AWS: START, COMPLETE (it has ended), SUCCESS (with 0), HEALTHY; a condition that cannot come true any more ends the task.
   */
  private async dependencies({ name, dependsOn = [], startTimeout }: ContainerDefinition): Promise<void> {
    const timeout = startTimeout ? Date.now() + startTimeout * 1000 : Infinity
    for (const { containerName = '', condition = 'START' } of dependsOn)
      for (;;) {
        if (this.isOver) return
        const one = this.containers.get(containerName)
        const state = one && meets(one, condition)
        if (state === true) break
        if (state === 'never' || Date.now() > timeout)
          throw new PullFailure(
            `DependencyError: container ${name} cannot start: container ${containerName} has not come to ${condition}`,
          )
        await Promise.race([
          this.next(),
          ...(timeout < Infinity ? [pause(Math.max(0, timeout - Date.now()) + 1)] : []),
        ])
      }
  }

  /** Waits until the task listens on its ports, or an essential container has ended, but not for ever. */
  private async settle(): Promise<void> {
    const ports = portsOf(this.options.definition.definition)
    const until = Date.now() + (ports.length ? PORTS : NO_PORTS)
    while (Date.now() < until && !this.isOver) {
      const listening = await Promise.all(ports.map((port) => this.pod.listens(port)))
      if (ports.length && listening.every(Boolean)) return
      await pause(LOOK)
    }
  }

  /** The first essential container that has ended. */
  get essentialExit(): { readonly name: string; readonly exit: Exit } | undefined {
    for (const [name, { definition, exit }] of this.containers)
      if (exit && definition.essential !== false) return { name, exit }
    return undefined
  }

  /** Gives the loopback port that leads to a port of the task. */
  publish(port: number): Promise<number> {
    return this.pod.publish(port)
  }

  /** Ends all containers, those that others depend on last, and resolves when nothing is left. */
  async stop(): Promise<void> {
    this.stopping.abort()
    this.tell()
    for (const group of inEndingOrder([...this.containers.values()]))
      await Promise.all(group.map(({ running, definition }) => running.stop(definition.stopTimeout ?? STOP)))
    await (this.pod as Pod | undefined)?.close()
    this.metadata?.close()
  }

  /** As stop, without asking: the cloud ends. */
  async kill(): Promise<void> {
    this.stopping.abort()
    await Promise.all([...this.containers.values()].map(({ running }) => running.stop(0)))
    await (this.pod as Pod | undefined)?.close()
    this.metadata?.close()
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref())

function meets({ exit, health }: One, condition: string): boolean | 'never' {
  if (condition === 'START') return true
  if (condition === 'COMPLETE') return exit !== undefined
  if (condition === 'SUCCESS') return exit ? exit.code === 0 || 'never' : false
  return health === 'HEALTHY' || (exit || health === 'UNHEALTHY' ? 'never' : false)
}

/** AWS: what depends on others ends first. Gives those that may end together. */
function inEndingOrder(all: readonly One[]): One[][] {
  const left = new Set(all)
  const groups: One[][] = []
  while (left.size) {
    const needed = new Set(
      [...left].flatMap(({ definition }) =>
        (definition.dependsOn ?? []).map(({ containerName }) => containerName),
      ),
    )
    const free = [...left].filter(({ definition }) => !needed.has(definition.name ?? ''))
    // Those that depend on each other in a circle end at once.
    const group = free.length ? free : [...left]
    groups.push(group)
    for (const one of group) left.delete(one)
  }
  return groups
}

function failureOf(error: unknown): unknown {
  return error instanceof ContainerFailure
    ? new PullFailure(`CannotStartContainerError: ${error.message}`)
    : error
}
