/** Where the repositories are, and how one is taken into care. */
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import { keepPrivate, type Reference, references } from '../../../machine/bare-repository.ts'
import { runGit } from '../../../machine/run-git.ts'
import { announced } from '../state.ts'

/** The folder of a repository `owner/name`. */
export const repositoryFolder = (cloud: Cloud, repository: string): string =>
  join(cloud.folder, 'repositories', `${repository}.git`)

/** Gives the commit of each branch. */
export const branches = (folder: string): Promise<Reference[]> => references(folder, 'refs/heads/')

/** Gives the commit of each tag. */
export async function tags(folder: string): Promise<Reference[]> {
  const format =
    '--format=%(objectname)%00%(*objectname)%00%(refname:lstrip=2)%00%(objecttype)%00%(*objecttype)'
  const listed = (await runGit(folder, 'for-each-ref', format, 'refs/tags/')).toString()
  return listed.split('\n').flatMap((line): Reference[] => {
    const [own = '', peeled = '', name = '', type = '', inner = ''] = line.split('\0')
    if ((inner || type) !== 'commit') return []
    return [[name, peeled || own]]
  })
}

/**
 * Has a repository on record before anything is pushed to it: what it holds now is told already, and
 * its files are its owner's alone from now on.
 */
export async function keepRepository(cloud: Cloud, repository: string): Promise<void> {
  const table = cloud.store.of(announced)
  if (table.has(repository)) return
  const folder = repositoryFolder(cloud, repository)
  await keepPrivate(folder)
  const pulls = await references(folder, 'refs/pull/')
  const present = { branches: await branches(folder), tags: await tags(folder), pulls }
  if (!table.has(repository)) table.put(repository, present)
  await cloud.store.flush()
}
