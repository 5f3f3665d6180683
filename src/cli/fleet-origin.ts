/** Where a fleet file comes from: its repository, as the file's folder has it as remote, and its path in there. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { type Assembly, FILE_TAG } from '../model/index.ts'

/** AWS: what a tag's value may hold, and characters of it. */
const ODD = /[^A-Za-z0-9 +\-=._:/@]/g
const LONGEST = 256

/**
 * Gives `host/owner/repository:path` of a file; undefined where it is in no repository, or in one without a remote that
 * others know. No user and no password of the remote's address is in it.
 */
export function fleetOrigin(file: string): string | undefined {
  const path = resolve(file)
  const root = rootOf(dirname(path))
  const repository = root && repositoryOf(remoteOf(root))
  if (!repository) return undefined
  const inside = relative(root, path).split('\\').join('/')
  return `${repository}:${inside}`.replace(ODD, '_').slice(0, LONGEST)
}

function rootOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return undefined
  }
}

/** The address of `origin`, from git's own configuration; a worktree's stands in its main repository. */
function remoteOf(root: string): string | undefined {
  try {
    const text = readFileSync(join(configFolder(join(root, '.git')), 'config'), 'utf8')
    const section = /\[remote "origin"\]([^[]*)/.exec(text)?.[1] ?? ''
    return /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1]
  } catch {
    return undefined
  }
}

function configFolder(git: string): string {
  if (statSync(git).isDirectory()) return git
  const [, named = ''] = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8')) ?? []
  const own = isAbsolute(named) ? named : join(dirname(git), named)
  const common = join(own, 'commondir')
  return existsSync(common) ? resolve(own, readFileSync(common, 'utf8').trim()) : own
}

/** `git@host:owner/name.git` and `https://user@host/owner/name.git` are one repository. */
function repositoryOf(remote = ''): string | undefined {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/]+)\/(.+?)$/.exec(remote) ??
    /^(?:[^@/]+@)?([^:/]+\.[^:/]+):(?!\/\/)(.+?)$/.exec(remote) ??
    []
  if (!host || !path) return undefined
  return `${host.replace(/:\d+$/, '').toLowerCase()}/${path.replace(/\/+$/, '').replace(/\.git$/, '')}`
}

/** Has the stacks tell which repository's file they come from, where that is known. */
export function fromFile({
  assembly,
  fleet,
}: {
  readonly assembly: Assembly
  readonly fleet: { readonly file: string }
}): Assembly {
  const origin = fleetOrigin(fleet.file)
  if (origin === undefined) return assembly
  const waves = assembly.waves.map((wave) =>
    wave.map((stack) => ({ ...stack, tags: { ...stack.tags, [FILE_TAG]: origin } })),
  )
  return { ...assembly, waves }
}
