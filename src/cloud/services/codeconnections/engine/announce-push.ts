/** Tells the bus what pushes have changed in a repository: each change once, also when a kill came in between. */
import { existsSync } from 'node:fs'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { repositoryPushed } from '../../../kernel/service-events.ts'
import { runGit } from '../../../machine/run-git.ts'
import { announced } from '../state.ts'
import { branches, repositoryFolder } from './repository-folder.ts'

/** The announcement under way or done last of each repository: the next one waits for it. */
const latest = part({ name: 'announcements of pushes', make: () => new Map<string, Promise<void>>() })

/** Tells of every branch that was created or moved since the last telling; it is on disk when this resolves. */
export async function announcePushes(cloud: Cloud, repository: string): Promise<void> {
  const chains = cloud.part(latest)
  const before = chains.get(repository) ?? Promise.resolve()
  const announcing = before.catch(() => undefined).then(() => announceMoved(cloud, repository))
  chains.set(repository, announcing)
  await announcing
  await cloud.store.flush()
}

/** Tells what was pushed before the cloud was killed and is not told yet. */
export function announceMissing(cloud: Cloud): void {
  for (const [repository] of cloud.store.of(announced).entries())
    if (existsSync(repositoryFolder(cloud, repository)))
      cloud.spawn(`pushes to ${repository}`, () => announcePushes(cloud, repository))
}

async function announceMoved(cloud: Cloud, repository: string): Promise<void> {
  const folder = repositoryFolder(cloud, repository)
  const table = cloud.store.of(announced)
  const now = await branches(folder)
  const told = new Map(table.get(repository)?.branches)
  for (const name of told.keys()) if (!now.some(([branch]) => branch === name)) told.delete(name)
  table.put(repository, { branches: [...told] })
  for (const [branch, commit] of now) {
    const previous = told.get(branch)
    if (previous === commit) continue
    const changedFiles = previous ? await filesBetween(folder, previous, commit) : []
    // In one turn, so in one transaction: what is told, and what the listeners make of it.
    table.put(repository, { branches: [...told.set(branch, commit)] })
    cloud.bus.emit(repositoryPushed, { repository, branch, commit, previous, changedFiles })
  }
}

/** A commit that a forced push has left behind may be gone: then nothing is known to have changed. */
async function filesBetween(folder: string, before: string, after: string): Promise<string[]> {
  const names = await runGit(folder, 'diff', '--name-only', '-z', before, after).catch(() => '')
  return names.toString().split('\0').filter(Boolean)
}
