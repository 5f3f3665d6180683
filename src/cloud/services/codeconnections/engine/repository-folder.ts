/** Where the repositories are, and how one is taken into care. */
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import { keepPrivate, type Reference, references } from '../../../machine/bare-repository.ts'
import { announced } from '../state.ts'

/** The folder of a repository `owner/name`. */
export const repositoryFolder = (cloud: Cloud, repository: string): string =>
  join(cloud.folder, 'repositories', `${repository}.git`)

/** Gives the commit of each branch. */
export const branches = (folder: string): Promise<Reference[]> => references(folder, 'refs/heads/')

/**
 * Has a repository on record before anything is pushed to it: what it holds now is told already, and
 * its files are its owner's alone from now on.
 */
export async function keepRepository(cloud: Cloud, repository: string): Promise<void> {
  const table = cloud.store.of(announced)
  if (table.has(repository)) return
  const folder = repositoryFolder(cloud, repository)
  await keepPrivate(folder)
  const present = await branches(folder)
  if (!table.has(repository)) table.put(repository, { branches: present })
  await cloud.store.flush()
}
