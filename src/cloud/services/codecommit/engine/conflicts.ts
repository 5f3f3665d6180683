/** Files that both sides of a merge have changed, and what is in conflict of them. */
import { runGit } from '../../../machine/run-git.ts'
import { type Hunk, isBinary, mergeContent, type Side } from './merge-content.ts'
import type { Sides } from './sides.ts'
import { allFiles, type Entry } from './tree.ts'

export type DetailLevel = 'FILE_LEVEL' | 'LINE_LEVEL'

/** What a path is on each side; absent where it is nothing. */
export type Versions = Readonly<Partial<Record<Side, Entry>>>

export interface Candidate {
  readonly path: string
  readonly versions: Versions
}

/** What of a file both sides have made something else. */
export interface Conflict extends Candidate {
  readonly content: boolean
  readonly mode: boolean
  readonly type: boolean
  readonly hunks: readonly Hunk[]
  readonly binary: Readonly<Record<Side, boolean>>
}

const SIDES = ['source', 'destination', 'base'] as const

const isSame = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one?.id === other?.id && one?.mode === other?.mode

/** What each side has, by path. */
export type Trees = Readonly<Record<Side, ReadonlyMap<string, Entry>>>

export async function readTrees(folder: string, sides: Sides): Promise<Trees> {
  const [source, destination, base] = await Promise.all(SIDES.map((side) => allFiles(folder, sides[side])))
  return { source: source!, destination: destination!, base: base! }
}

const pathsOf = ({ source, destination, base }: Trees): string[] =>
  [...new Set([...source.keys(), ...destination.keys(), ...base.keys()])].sort()

const versionsAt = (trees: Trees, path: string): Versions => ({
  source: trees.source.get(path),
  destination: trees.destination.get(path),
  base: trees.base.get(path),
})

/** Gives the paths that both sides have changed, each to something else. */
export const changedOnBoth = (trees: Trees): Candidate[] =>
  pathsOf(trees).flatMap((path) => {
    const versions = versionsAt(trees, path)
    const { source, destination, base } = versions
    const isChanged = !isSame(source, base) && !isSame(destination, base)
    return isChanged && !isSame(source, destination) ? [{ path, versions }] : []
  })

/** Gives the paths that the source alone has changed. */
export const changedBySource = (trees: Trees): Candidate[] =>
  pathsOf(trees).flatMap((path) => {
    const versions = versionsAt(trees, path)
    const { source, destination, base } = versions
    return !isSame(source, base) && isSame(destination, base) ? [{ path, versions }] : []
  })

export const contentOf = (folder: string, entry: Entry | undefined): Promise<Buffer> =>
  entry?.type === 'blob' ? runGit(folder, 'cat-file', 'blob', entry.id) : Promise.resolve(Buffer.alloc(0))

export const isFile = (entry: Entry | undefined): boolean => entry?.type === 'blob' && entry.mode !== '120000'

/** Whether lines of the two can be merged: both are there, and are files. */
export const areMergeable = ({ source, destination }: Versions): boolean =>
  isFile(source) && isFile(destination)

/**
 * Gives what is in conflict. AWS: by FILE_LEVEL every file that both sides have changed is; by LINE_LEVEL one whose same
 * lines, mode or type they have.
 */
export async function conflictsOf(folder: string, sides: Sides, level: DetailLevel): Promise<Conflict[]> {
  const found: Conflict[] = []
  for (const one of changedOnBoth(await readTrees(folder, sides))) {
    const conflict = await conflictIn(folder, one, level)
    if (conflict.content || conflict.mode || conflict.type) found.push(conflict)
  }
  return found
}

async function conflictIn(
  folder: string,
  { path, versions }: Candidate,
  level: DetailLevel,
): Promise<Conflict> {
  const { source, destination, base } = versions
  const contents = {
    source: await contentOf(folder, source),
    destination: await contentOf(folder, destination),
    base: await contentOf(folder, base),
  }
  const binary = {
    source: isBinary(contents.source),
    destination: isBinary(contents.destination),
    base: isBinary(contents.base),
  }
  const type = Boolean(source && destination) && kindOf(source) !== kindOf(destination)
  const mode = !type && modeOf(versions) === undefined
  const differs = source?.id !== destination?.id
  const isText = areMergeable(versions) && !binary.source && !binary.destination && !binary.base
  const merged = isText && differs ? await mergeContent(folder, contents) : undefined
  const inLines = merged
    ? merged.hunks.length > 0
    : differs && source?.id !== base?.id && destination?.id !== base?.id
  const content = level === 'FILE_LEVEL' ? differs : inLines
  return { path, versions, content, mode, type, binary, hunks: merged?.hunks ?? [] }
}

/** Gives the mode that a merge has: the one that was changed; undefined where both sides have changed it. */
export function modeOf({ source, destination, base }: Versions): string | undefined {
  if (!source || !destination || source.mode === destination.mode) return (source ?? destination)?.mode
  if (source.mode === base?.mode) return destination.mode
  return destination.mode === base?.mode ? source.mode : undefined
}

export const kindOf = (
  entry: Entry | undefined,
): 'FILE' | 'DIRECTORY' | 'GIT_LINK' | 'SYMBOLIC_LINK' | undefined => {
  if (!entry) return undefined
  if (entry.type === 'commit') return 'GIT_LINK'
  if (entry.type === 'tree') return 'DIRECTORY'
  return entry.mode === '120000' ? 'SYMBOLIC_LINK' : 'FILE'
}
