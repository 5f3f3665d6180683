/** Merges with conflicts that a strategy, or the caller, resolves. */
import { AwsError } from '../../../../model/index.ts'
import {
  areMergeable,
  type Candidate,
  changedBySource,
  changedOnBoth,
  contentOf,
  type DetailLevel,
  modeOf,
  readTrees,
} from './conflicts.ts'
import { isBinary, mergeContent } from './merge-content.ts'
import { checkPath } from './names.ts'
import type { Sides } from './sides.ts'
import { type Entry, FILE_LIMIT, gitMode } from './tree.ts'
import { type TreeChange, writeBlob, writeTree } from './write-commit.ts'

export type Strategy = 'NONE' | 'ACCEPT_SOURCE' | 'ACCEPT_DESTINATION' | 'AUTOMERGE'

/** What the caller makes of conflicts. */
export interface Resolution {
  readonly replaceContents?:
    | readonly {
        readonly filePath: string
        readonly replacementType: string
        readonly content?: Uint8Array | undefined
        readonly fileMode?: string | undefined
      }[]
    | undefined
  readonly deleteFiles?: readonly { readonly filePath: string }[] | undefined
  readonly setFileModes?: readonly { readonly filePath: string; readonly fileMode: string }[] | undefined
}

export interface ResolutionWish {
  readonly detailLevel?: string | undefined
  readonly strategy?: string | undefined
  readonly resolution?: Resolution | undefined
}

/** What becomes of a path: its entry, nothing any more, or a conflict that stands. */
type Outcome = Pick<Entry, 'mode' | 'id'> | 'gone' | 'open'

/**
 * AWS: a resolution is for AUTOMERGE, and has each file once ("conflictResolution", API reference).
 * Errors: InvalidConflictResolutionException, MultipleConflictResolutionEntriesException, InvalidPathException.
 */
export function checkResolution({ strategy = 'NONE', resolution }: ResolutionWish): void {
  if (!resolution) return
  if (strategy !== 'AUTOMERGE')
    throw new AwsError(
      'InvalidConflictResolutionException',
      'A conflict resolution can be given with the conflict resolution strategy AUTOMERGE only',
    )
  const { replaceContents = [], deleteFiles = [] } = resolution
  const paths = [...replaceContents, ...deleteFiles].map(({ filePath }) => checkPath(filePath))
  if (new Set(paths).size < paths.length)
    throw new AwsError('MultipleConflictResolutionEntriesException', 'A file is resolved more than once')
  for (const { replacementType, content, filePath } of replaceContents) {
    if ((replacementType === 'USE_NEW_CONTENT') !== (content !== undefined))
      throw new AwsError(
        content ? 'InvalidReplacementContentException' : 'ReplacementContentRequiredException',
        `The content of ${filePath} goes with the replacement type USE_NEW_CONTENT, and with no other`,
      )
    if (content && content.length > FILE_LIMIT)
      throw new AwsError(
        'FileContentSizeLimitExceededException',
        `${filePath} has more than ${FILE_LIMIT} bytes`,
      )
  }
}

/** Gives the tree of a merge whose conflicts are resolved; undefined where some stand. */
export async function resolvedTree(
  folder: string,
  sides: Sides,
  wish: ResolutionWish,
): Promise<string | undefined> {
  const trees = await readTrees(folder, sides)
  const changes = changedBySource(trees).map(({ path, versions }): TreeChange => [path, versions.source])
  for (const one of changedOnBoth(trees)) {
    const outcome = await outcomeOf(folder, one, wish)
    if (outcome === 'open') return undefined
    changes.push([one.path, outcome === 'gone' ? undefined : outcome])
  }
  for (const { filePath, fileMode } of wish.resolution?.setFileModes ?? []) {
    const found = changes.find(([path, to]) => path === checkPath(filePath) && to)
    if (found) changes.push([found[0], { ...found[1]!, mode: gitMode(fileMode) }])
  }
  // A file in the place of a folder cannot stand beside what is in that.
  return writeTree(folder, sides.destination, changes).catch(() => undefined)
}

async function outcomeOf(folder: string, one: Candidate, wish: ResolutionWish): Promise<Outcome> {
  const { versions } = one
  const said = await saidOf(folder, one, wish.resolution)
  if (said) return said
  const { strategy = 'NONE', detailLevel = 'FILE_LEVEL' } = wish
  const favored =
    strategy === 'ACCEPT_SOURCE' ? 'source' : strategy === 'ACCEPT_DESTINATION' ? 'destination' : undefined
  const level = detailLevel as DetailLevel
  // AWS: by FILE_LEVEL a side is taken as a whole, by LINE_LEVEL where its lines are in conflict.
  const inLines = level === 'LINE_LEVEL' || strategy === 'AUTOMERGE'
  const whole = (side: 'source' | 'destination'): Outcome => versions[side] ?? 'gone'
  if (!inLines || !areMergeable(versions)) return favored ? whole(favored) : 'open'
  const contents = {
    source: await contentOf(folder, versions.source),
    destination: await contentOf(folder, versions.destination),
    base: await contentOf(folder, versions.base),
  }
  if (Object.values(contents).some(isBinary)) return favored ? whole(favored) : 'open'
  const { content } = await mergeContent(folder, contents, favored)
  const mode = modeOf(versions) ?? (favored && versions[favored]?.mode)
  if (!content || !mode) return 'open'
  return { mode, id: await writeBlob(folder, content) }
}

/** What the caller says of a file. */
async function saidOf(
  folder: string,
  { path, versions }: Candidate,
  resolution: Resolution | undefined,
): Promise<Outcome | undefined> {
  if (resolution?.deleteFiles?.some(({ filePath }) => checkPath(filePath) === path)) return 'gone'
  const replaced = resolution?.replaceContents?.find(({ filePath }) => checkPath(filePath) === path)
  if (!replaced) return undefined
  const { replacementType, content, fileMode } = replaced
  const mode = fileMode === undefined ? (modeOf(versions) ?? '100644') : gitMode(fileMode)
  if (replacementType === 'USE_NEW_CONTENT') return { mode, id: await writeBlob(folder, content!) }
  const kept = {
    KEEP_BASE: versions.base,
    KEEP_SOURCE: versions.source,
    KEEP_DESTINATION: versions.destination,
  }
  const entry = kept[replacementType as keyof typeof kept]
  return entry ? { mode: fileMode === undefined ? entry.mode : mode, id: entry.id } : 'gone'
}
