/** What of this machine builds images: found without starting anything. */
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import type { Choice } from './engine.ts'
import { ownLimits } from './own-limits.ts'
import { findProgram } from './programs.ts'

export interface ImageTools {
  /** The client; whether an engine answers it shows when it is called. */
  readonly docker?: string
  readonly podman?: string
  readonly buildah?: string
  /** Podman's: before its command, and of its `run`. */
  readonly runtime: readonly string[]
  readonly limits: readonly string[]
  /** How images are stored in a folder. */
  readonly driver: 'overlay' | 'vfs'
  /** Why nothing builds images, in words. */
  readonly why: string
}

/** Linux's numbers of the capability SYS_RESOURCE, and of the file system that overlays cannot stand on. */
const SYS_RESOURCE = 24n
const OVERLAYFS = 0x794c7630

/** Gives what the choice of an engine leaves to builds; `folder` is where images will be stored. */
export function imageTools(choice: Choice, folder: string): ImageTools {
  const program = (name: 'docker' | 'podman' | 'buildah') =>
    choice === 'auto' || choice === name ? findProgram(name) : undefined
  const [docker, podman, buildah] = [program('docker'), program('podman'), program('buildah')]
  return {
    ...(docker && { docker }),
    ...(podman && { podman }),
    ...(buildah && { buildah }),
    ...likelyFlags(),
    driver: process.getuid?.() === 0 && statfsSync(folder).type !== OVERLAYFS ? 'overlay' : 'vfs',
    why: why(choice, docker),
  }
}

function why(choice: Choice, docker: string | undefined): string {
  if (choice === 'none') return 'the cloud was started to run no containers'
  if (choice === 'unshare')
    return 'the cloud was started to run containers with unshare, which builds no images'
  const looked = choice === 'auto' ? 'docker, podman and buildah' : choice
  return docker ? `no engine answers the client ${docker}` : `${looked} is not installed`
}

/** Gives the flags that Podman is likely to need: see `podmanFlags`, which tries. */
export function likelyFlags(): { readonly runtime: readonly string[]; readonly limits: readonly string[] } {
  if (process.platform !== 'linux') return { runtime: [], limits: [] }
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  const mayRaise = ((BigInt(`0x${capabilities}`) >> SYS_RESOURCE) & 1n) === 1n
  // crun takes no machine whose control groups are of both versions.
  const isHybrid = existsSync('/sys/fs/cgroup/unified') && findProgram('runc') !== undefined
  return { runtime: isHybrid ? ['--runtime', 'runc'] : [], limits: mayRaise ? [] : ownLimits() }
}
