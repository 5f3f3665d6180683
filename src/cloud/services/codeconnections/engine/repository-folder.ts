/** Where the repositories are, and how one is taken into care. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import { closeToOthers } from '../../../machine/private-files.ts'
import { runGit } from '../../../machine/run-git.ts'
import { announced, type Branch } from '../state.ts'

/** The folder of a repository `owner/name`. */
export const repositoryFolder = (cloud: Cloud, repository: string): string =>
  join(cloud.folder, 'repositories', `${repository}.git`)

export async function createRepository(folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  await runGit(dirname(folder), 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder)
}

/** Gives the commit of each branch. */
export async function branches(folder: string): Promise<Branch[]> {
  const words = ['for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads']
  const listed = await runGit(folder, ...words)
  const lines = listed.toString().split('\n').filter(Boolean)
  return lines.map((line) => line.split(' ') as [string, string])
}

/**
 * Has a repository on record before anything is pushed to it: what it holds now is told already. Git keeps its files
 * its owner's alone from now on ("0xxx: … will override users' umask value", git-config, core.sharedRepository).
 */
export async function keepRepository(cloud: Cloud, repository: string): Promise<void> {
  const table = cloud.store.of(announced)
  if (table.has(repository)) return
  const folder = repositoryFolder(cloud, repository)
  await runGit(folder, 'config', 'core.sharedRepository', '0600')
  closeToOthers(folder)
  const present = await branches(folder)
  if (!table.has(repository)) table.put(repository, { branches: present })
  await cloud.store.flush()
}
