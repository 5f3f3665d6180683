/** Bare git repositories that the cloud serves: made, closed to others, and their references. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { closeToOthers } from './private-files.ts'
import { runGit } from './run-git.ts'

/** A reference and the object it is at. */
export type Reference = readonly [name: string, object: string]

/** Makes a repository in a folder, with the folders above it. */
export async function createRepository(folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  await runGit(dirname(folder), 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder)
}

/**
 * Git keeps the files of a repository its owner's alone from now on ("0xxx: … will override users' umask value",
 * git-config, core.sharedRepository).
 */
export async function keepPrivate(folder: string): Promise<void> {
  await runGit(folder, 'config', 'core.sharedRepository', '0600')
  closeToOthers(folder)
}

/** Gives the references below a prefix without it: `refs/heads/` gives branches by their names. */
export async function references(folder: string, prefix: string): Promise<Reference[]> {
  const depth = prefix.split('/').length - 1
  const format = `--format=%(objectname) ${depth ? `%(refname:lstrip=${depth})` : '%(refname)'}`
  const listed = (await runGit(folder, 'for-each-ref', format, ...(prefix ? [prefix] : []))).toString()
  return listed
    .split('\n')
    .filter(Boolean)
    .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const)
}

/** Gives the commit that a full name of a reference, or a commit's own id, stands for; undefined where there is none. */
export const commitAt = (folder: string, name: string): Promise<string | undefined> =>
  runGit(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).then(
    (printed) => printed.toString().trim(),
    () => undefined,
  )
