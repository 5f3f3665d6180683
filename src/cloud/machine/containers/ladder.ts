/** The engines, best first: what makes each usable, and how it is begun. */
import { join } from 'node:path'
import type { Processes } from '../processes.ts'
import type { Engine, EngineName } from './engine.ts'
import { Podman, podmanProblem } from './podman.ts'
import { findProgram } from './programs.ts'
import { Unshare, unshareProblem } from './unshare.ts'

export interface Rung {
  readonly name: EngineName
  /** Cheap: nothing is started. */
  problem(): string | undefined
  /** Errors: ContainerFailure. */
  open(processes: Processes, folder: string): Promise<Engine>
}

const namespaces = (processes: Processes, folder: string) =>
  Promise.resolve(new Unshare(processes, join(folder, 'running')))

export const RUNGS: readonly Rung[] = [
  { name: 'podman', problem: podmanProblem, open: Podman.open },
  {
    // Buildah makes images, and runs nothing that outlives a build: what it made is run as unshare does.
    name: 'buildah',
    problem: () => (findProgram('buildah') ? unshareProblem() : 'the program buildah is not here'),
    open: namespaces,
  },
  { name: 'unshare', problem: unshareProblem, open: namespaces },
]
