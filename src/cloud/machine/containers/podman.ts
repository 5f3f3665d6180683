/** Runs containers with Podman: on the unpacked image, in a storage of the cloud's own, with the flags that this machine lets work. */
import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MARK, type Processes, type Started } from '../processes.ts'
import { ContainerFailure } from './container-failure.ts'
import type { Engine, Exit, RunningContainer, RunRequest } from './engine.ts'
import { environmentOf, wordsOf } from './image-store.ts'
import { likelyFlags } from './image-tools.ts'
import { ownLimits } from './own-limits.ts'
import { podProblem } from './pod.ts'
import { findProgram } from './programs.ts'
import { exitOf, follow } from './run-process.ts'
import { shortFolder } from './short-folder.ts'
import { folderWithin } from './unpack-layers.ts'

/** Podman's exit code where the container's program is not there: all that comes before has worked. */
const NOT_FOUND = 127

/** Exit code of what was killed. */
const KILLED = 137

/** Removes the storage's containers once the cloud, which holds its input, is gone. */
const WATCH = 'cat >/dev/null; exec "$@"'

export interface PodmanFlags {
  /** Before the command. */
  readonly runtime: readonly string[]
  /** Of `run` and `build`. */
  readonly limits: readonly string[]
}

/** Every way, the likely one first: each takes a fifth of a second. */
function tried(): PodmanFlags[] {
  const limits = ownLimits()
  return [
    likelyFlags(),
    ...[[], ['--runtime', 'runc']].flatMap((runtime) => [
      { runtime, limits: [] },
      { runtime, limits },
    ]),
  ]
}

/** Gives the flags with which Podman starts a container here, or why none do. */
export async function podmanFlags(podman: string): Promise<PodmanFlags | string> {
  const folder = await shortFolder('crossdock-try-')
  const empty = join(folder, 'empty')
  await mkdir(empty)
  let said = ''
  try {
    for (const { runtime, limits } of tried()) {
      const words = [
        ...storageOf(folder),
        ...runtime,
        'run',
        '--rm',
        ...limits,
        '--log-driver',
        'none',
        '--network',
        'none',
        '--rootfs',
        empty,
        '/none',
      ]
      const { code, text } = await ask(podman, words)
      if (code === NOT_FOUND) return { runtime, limits }
      said = text
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return said.split('\n')[0] || 'it does not say why'
}

/** A driver that mounts nothing: the images are unpacked elsewhere. */
const storageOf = (folder: string): string[] => [
  '--storage-driver',
  'vfs',
  '--root',
  join(folder, 's'),
  '--runroot',
  join(folder, 'r'),
]

async function ask(podman: string, words: readonly string[]): Promise<{ code: number; text: string }> {
  try {
    await promisify(execFile)(podman, words, { timeout: 30_000 })
    return { code: 0, text: '' }
  } catch (error) {
    const { code, stderr } = error as { code?: number; stderr?: string }
    return { code: typeof code === 'number' ? code : 1, text: (stderr ?? '').trim() }
  }
}

/** Gives why Podman runs no containers here; undefined where it may. */
export function podmanProblem(): string | undefined {
  if (!findProgram('podman')) return 'the program podman is not here'
  if (process.getuid?.() !== 0) return 'without root it gives a task no network of its own'
  return podProblem()
}

/** Variables that Podman itself goes by. */
const OWN =
  /^(?:PATH|HOME|USER|TMPDIR|XDG_.*|DOCKER_.*|CONTAINER.*|STORAGE_.*|REGISTR.*|BUILDAH_.*|_.*|LD_.*|GO.*|SSL_.*|NO_PROXY|HTTPS?_PROXY|no_proxy|https?_proxy)$/

/**
 * What has Podman give a container its environment. Words can be read by other users of the machine, so values come by
 * Podman's own environment, but for those which would change what it does.
 */
const environmentWords = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).flatMap(([name, value]) => [
    '--env',
    OWN.test(name) ? `${name}=${value}` : name,
  ])

export class Podman implements Engine {
  readonly name = 'podman'
  readonly leaves: readonly string[] = []
  private readonly processes: Processes
  private readonly podman: string
  private readonly flags: PodmanFlags
  private readonly folder: string
  private readonly watch: Started
  private count = 0

  private constructor(processes: Processes, podman: string, flags: PodmanFlags, folder: string) {
    this.processes = processes
    this.podman = podman
    this.flags = flags
    this.folder = folder
    this.watch = processes.start(
      '/bin/sh',
      ['-c', WATCH, 'sh', podman, ...this.storage, 'rm', '--force', '--all', '--time', '0'],
      { env: { PATH: process.env.PATH }, stdio: ['pipe', 'ignore', 'ignore'] },
    )
    this.watch.child.unref()
    ;(this.watch.child.stdin as unknown as { unref?(): void } | null)?.unref?.()
  }

  /** Errors: ContainerFailure where no flags have it start a container. */
  static async open(processes: Processes): Promise<Podman> {
    const podman = findProgram('podman')
    if (!podman) throw new ContainerFailure('the program podman is not here')
    const flags = await podmanFlags(podman)
    if (typeof flags === 'string') throw new ContainerFailure(flags)
    return new Podman(processes, podman, flags, await shortFolder('crossdock-podman-'))
  }

  private get storage(): readonly string[] {
    return [...storageOf(this.folder), ...this.flags.runtime]
  }

  private start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
    const given = Object.entries(environment).filter(([name]) => !OWN.test(name))
    return this.processes.start(this.podman, [...this.storage, ...words], {
      // What watches a container leaves a file named oom where it was begun.
      cwd: this.folder,
      env: { ...Object.fromEntries(given), PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  async run(request: RunRequest): Promise<RunningContainer> {
    const root = await request.image.root()
    const work = request.workingFolder || request.image.config.WorkingDir || '/'
    await folderWithin(root, work)
    const name = `crossdock-${++this.count}`
    const environment = environmentOf(request.image, request.environment)
    const user = request.user || request.image.config.User
    const words = [
      ...['run', '--rm', '--name', name, '--log-driver', 'none', ...this.flags.limits],
      ...['--network', `ns:${request.pod.path}`, '--workdir', work],
      ...(user ? ['--user', user] : []),
      ...(request.memory ? ['--memory', String(request.memory)] : []),
      // The mark has it found and ended.
      ...['--http-proxy=false', '--env', MARK, ...environmentWords(environment)],
    ]
    const started = this.start(
      [...words, '--rootfs', `${root}:O`, ...wordsOf(request.image, request)],
      environment,
    )
    return new Contained(
      this,
      started,
      { name, limited: request.memory !== undefined },
      follow(started, request.output),
    )
  }

  /** Runs another command of Podman's; gives its exit code. */
  async command(...words: readonly string[]): Promise<number> {
    const started = this.start(words)
    started.child.stdout?.resume()
    started.child.stderr?.resume()
    return exitOf(started)
  }

  async close(): Promise<void> {
    await this.command('rm', '--force', '--all', '--time', '0')
    await this.watch.end()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

class Contained implements RunningContainer {
  readonly exited: Promise<Exit>
  private readonly engine: Podman
  private readonly started: Started
  private readonly name: string
  private stopping = false

  constructor(
    engine: Podman,
    started: Started,
    { name, limited }: { name: string; limited: boolean },
    exited: Promise<Exit>,
  ) {
    this.engine = engine
    this.started = started
    this.name = name
    // Nothing in a container can kill its first process: where nobody outside did, it was for want of memory.
    this.exited = exited.then(({ code }) => ({
      code,
      outOfMemory: limited && code === KILLED && !this.stopping,
    }))
  }

  async stop(seconds: number): Promise<void> {
    this.stopping = true
    await this.engine.command('stop', '--ignore', '--time', String(seconds), this.name)
    await this.engine.command('rm', '--force', '--ignore', this.name)
    await this.started.end()
    await this.exited
  }

  exec(words: readonly string[]): Promise<number> {
    return this.engine.command('exec', this.name, ...words)
  }
}
