/** What can run containers on this machine, as those see it who have containers run. */
import type { Socket } from 'node:net'
import type { StoredImage } from './image-store.ts'

export const ENGINES = ['docker', 'podman', 'buildah', 'unshare'] as const
export type EngineName = (typeof ENGINES)[number]

/** `auto` takes the first that is usable. */
export const CHOICES = ['auto', 'none', ...ENGINES] as const
export type Choice = (typeof CHOICES)[number]

/** An address within a pod's network that leads out of it, and nowhere else. */
export interface Forward {
  readonly host: string
  readonly port: number
  /** Takes each connection that is made to it. */
  connect(socket: Socket): void
}

/** The network that the containers of one task share: its own, with nothing in it but what is forwarded. */
export interface Pod {
  /** Where Linux shows it: `/proc/123/ns/net`. */
  readonly path: string
  /** Gives the port on 127.0.0.1 of this machine that leads to a port of the pod. */
  publish(port: number): Promise<number>
  /** Whether a process of it listens on a port. */
  listens(port: number): Promise<boolean>
  close(): Promise<void>
}

export interface RunRequest {
  readonly image: StoredImage
  readonly pod: Pod
  /** Instead of the image's own. AWS: an entry point that is given leaves the image's command out. */
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  /** On top of the image's. */
  readonly environment: Readonly<Record<string, string>>
  readonly workingFolder?: string
  /** `uid`, `uid:gid`, or names that the image knows. */
  readonly user?: string
  /** Bytes. */
  readonly memory?: number
  /** Gets what it prints, in parts of lines. */
  output(text: string): void
}

export interface Exit {
  /** 128 and the signal's number where a signal ended it. */
  readonly code: number
  readonly outOfMemory?: boolean
}

export interface RunningContainer {
  /** Never rejects. */
  readonly exited: Promise<Exit>
  /** Asks it to end, kills it after the seconds; resolves when nothing of it is left. */
  stop(seconds: number): Promise<void>
  /** Runs a command beside it, with its environment; gives the exit code. */
  exec(words: readonly string[]): Promise<number>
}

export interface Engine {
  readonly name: EngineName
  /** What it does not do, in words that follow "it". */
  readonly leaves: readonly string[]
  /** Errors: ContainerFailure. */
  run(request: RunRequest): Promise<RunningContainer>
  /** Removes what it has made; its containers have ended. */
  close(): Promise<void>
}
