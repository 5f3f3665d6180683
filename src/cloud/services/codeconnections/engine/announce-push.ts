/** Tells the bus what pushes have changed in a repository: each change once, also when a kill came in between. */
import { existsSync } from 'node:fs'
import type { Cloud } from '../../../kernel/cloud.ts'
import { repositoryPushed, tagPushed } from '../../../kernel/service-events.ts'
import { type Reference, references } from '../../../machine/bare-repository.ts'
import { type Announced, announced } from '../state.ts'
import { inTurn } from './in-turn.ts'
import { affectedBy, applyChange, type Place, tellOfReferences } from './pull-requests.ts'
import { filesBetween, messageOf } from './read-commit.ts'
import { branches, repositoryFolder, tags } from './repository-folder.ts'

/** Tells of every branch, tag and pull request that has changed since the last telling; it is on disk when this resolves. */
export const announcePushes = (cloud: Cloud, repository: string, actor = ''): Promise<void> =>
  inTurn(cloud, repository, () => tellChanges(cloud, repository, actor))

/** Tells what was pushed before the cloud was killed and is not told yet. */
export function announceMissing(cloud: Cloud): void {
  for (const [repository] of cloud.store.of(announced).entries())
    if (existsSync(repositoryFolder(cloud, repository)))
      cloud.spawn(`pushes to ${repository}`, () => announcePushes(cloud, repository))
}

/** As `announcePushes`, for whoever has the repository's turn already. */
export async function tellChanges(cloud: Cloud, repository: string, actor: string): Promise<void> {
  const place = { cloud, repository, folder: repositoryFolder(cloud, repository), actor }
  await tellBranches(place)
  await tellTags(place)
  const heads = await references(place.folder, 'refs/pull/')
  await tellOfReferences(place, new Map(heads), new Map(recordOf(place).pulls))
}

async function tellBranches(place: Place): Promise<void> {
  const { cloud, repository, folder, actor } = place
  const now = await branches(folder)
  const { told, gone } = since(now, recordOf(place).branches)
  for (const [branch, commit] of now) {
    const previous = told.get(branch)
    if (previous === commit) continue
    const changedFiles = previous ? await filesBetween(folder, previous, commit) : []
    const message = await messageOf(folder, commit)
    const affected = await affectedBy(place, branch, commit)
    // In one turn, so in one transaction: what is told, and what the listeners make of it.
    put(place, { branches: [...told.set(branch, commit)] })
    cloud.bus.emit(repositoryPushed, { repository, branch, commit, previous, changedFiles, message, actor })
    for (const change of affected) applyChange(cloud, change)
  }
  for (const branch of gone) {
    const affected = await affectedBy(place, branch, undefined)
    put(place, { branches: [...told] })
    for (const change of affected) applyChange(cloud, change)
  }
}

async function tellTags(place: Place): Promise<void> {
  const { cloud, repository, folder, actor } = place
  const now = await tags(folder)
  const { told, gone } = since(now, recordOf(place).tags ?? [])
  if (gone.length) put(place, { tags: [...told] })
  for (const [tag, commit] of now) {
    const previous = told.get(tag)
    if (previous === commit) continue
    const message = await messageOf(folder, commit)
    put(place, { tags: [...told.set(tag, commit)] })
    cloud.bus.emit(tagPushed, { repository, tag, commit, previous, message, actor })
  }
}

/** What was told of those that are still there, and the names of the others. */
function since(now: readonly Reference[], before: readonly Reference[]) {
  const isThere = new Set(now.map(([name]) => name))
  const told = new Map(before.filter(([name]) => isThere.has(name)))
  return { told, gone: before.flatMap(([name]) => (isThere.has(name) ? [] : [name])) }
}

const recordOf = ({ cloud, repository }: Place): Announced =>
  cloud.store.of(announced).get(repository) ?? { branches: [], tags: [] }

const put = (place: Place, changes: Partial<Announced>): void =>
  place.cloud.store.of(announced).put(place.repository, { ...recordOf(place), ...changes })
