/** Which engine of this machine runs a cloud's containers: looked for when the first is to run, and said in words. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Processes } from '../processes.ts'
import { ContainerFailure } from './container-failure.ts'
import type { Choice, Engine, EngineName, Forward, Pod } from './engine.ts'
import { ImageStore } from './image-store.ts'
import type { Rung } from './ladder.ts'

/** What was found of one engine. */
export interface Tried {
  readonly name: EngineName
  /** Why it is not usable; absent where it is. */
  readonly problem?: string
}

export class Containers {
  readonly choice: Choice
  readonly images: ImageStore
  private readonly processes: Processes
  private readonly folder: string
  private found: Promise<Engine | undefined> | undefined
  /** What is known of each engine that was looked at. */
  readonly tried: Tried[] = []

  /** `folder` is made when the first container runs. */
  constructor(choice: Choice, processes: Processes, folder: string) {
    this.choice = choice
    this.processes = processes
    this.folder = folder
    this.images = new ImageStore(join(folder, 'images'))
  }

  /** Gives the engine; undefined where there is none, which `why` tells then. */
  engine(): Promise<Engine | undefined> {
    this.found ??= this.find()
    return this.found
  }

  private async find(): Promise<Engine | undefined> {
    // What a cloud before has left is not waited for: it may be half, and its owners another's.
    await rm(this.folder, { recursive: true, force: true })
    for (const rung of await this.rungs()) {
      const problem = rung.problem()
      if (problem === undefined)
        try {
          const engine = await rung.open(this.processes, this.folder)
          this.tried.push({ name: rung.name })
          return engine
        } catch (error) {
          if (!(error instanceof ContainerFailure)) throw error
          this.tried.push({ name: rung.name, problem: error.message })
        }
      else this.tried.push({ name: rung.name, problem })
    }
    return undefined
  }

  /** Gives the engine that is likely taken, told by what is installed alone, or what keeps each from being usable. */
  async look(): Promise<{ readonly name?: EngineName; readonly problems: readonly string[] }> {
    const looked = (await this.rungs()).map(({ name, problem }) => ({ name, problem: problem() }))
    const found = looked.find(({ problem }) => problem === undefined)
    const problems = looked.map(({ name, problem }) => `${name}: ${problem}`)
    if (found) return { name: found.name, problems: [] }
    return { problems: problems.length ? problems : [this.why] }
  }

  private async rungs(): Promise<readonly Rung[]> {
    if (this.choice === 'none') return []
    const { RUNGS } = await import('./ladder.ts')
    return this.choice === 'auto' ? RUNGS : RUNGS.filter(({ name }) => name === this.choice)
  }

  /** Why no engine is usable, in words. */
  get why(): string {
    if (this.choice === 'none') return 'the cloud was started to run no containers'
    if (this.choice === 'docker')
      return 'docker: it gives tasks no network of their own here; builds use it, so choose another engine for tasks'
    return this.tried.map(({ name, problem }) => `${name}: ${problem}`).join('; ')
  }

  /** The network of a task. Errors: ContainerFailure. */
  async openPod(forwards: readonly Forward[]): Promise<Pod> {
    const { openPod } = await import('./pod.ts')
    return openPod(this.processes, forwards)
  }

  async close(): Promise<void> {
    await (await this.found)?.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
