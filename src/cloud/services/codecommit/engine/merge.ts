/** Merges of two commits: what is possible, and how it is done. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { askGit, runGit } from '../../../machine/run-git.ts'
import type { Author } from './author.ts'
import type { Opened } from './find-commit.ts'
import { checkResolution, type Resolution, type ResolutionWish, resolvedTree } from './resolve-conflicts.ts'
import type { Sides } from './sides.ts'
import { moveBranch, writeCommit } from './write-commit.ts'

export type MergeOption = 'FAST_FORWARD_MERGE' | 'SQUASH_MERGE' | 'THREE_WAY_MERGE'

export interface MergeWish extends ResolutionWish {
  readonly option: MergeOption
  readonly branch: string
  readonly author: Author
  readonly message?: string
}

/**
 * Gives the tree of a merge; undefined where files are in conflict.
 * AWS: by FILE_LEVEL, which stands unless LINE_LEVEL is asked for, a file that both sides have changed is.
 */
export async function mergedTree(
  folder: string,
  sides: Sides,
  wish: ResolutionWish = {},
): Promise<string | undefined> {
  checkResolution(wish)
  const clean = await cleanTree(folder, sides, wish.detailLevel)
  const { strategy = 'NONE' } = wish
  return clean ?? (strategy === 'NONE' ? undefined : resolvedTree(folder, sides, wish))
}

async function cleanTree(
  folder: string,
  { source, destination, base }: Sides,
  detailLevel = 'FILE_LEVEL',
): Promise<string | undefined> {
  if (detailLevel === 'FILE_LEVEL') {
    const ours = new Map(await changed(folder, base, destination))
    for (const [path, id] of await changed(folder, base, source))
      if (ours.has(path) && ours.get(path) !== id) return undefined
  }
  const words = ['merge-tree', '--write-tree', '-z', destination, source]
  const { printed, status } = await askGit(folder, words, { answers: [1] })
  return status === 0 ? printed.toString().split('\0')[0]!.trim() : undefined
}

/** Each path that is not what it was, with what it is now. */
async function changed(folder: string, before: string, after: string): Promise<[string, string][]> {
  const words = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after]
  const parts = (await runGit(folder, ...words)).toString().split('\0')
  const found: [string, string][] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode = '', , id = ''] = parts[at]!.slice(1).split(' ')
    found.push([parts[at + 1]!, `${mode} ${id}`])
  }
  return found
}

/** Gives the ways in which two commits can be merged. */
export async function optionsFor(
  folder: string,
  sides: Sides,
  wish: ResolutionWish = {},
): Promise<MergeOption[]> {
  const forward: MergeOption[] = sides.base === sides.destination ? ['FAST_FORWARD_MERGE'] : []
  const isClean = await mergedTree(folder, sides, wish)
  return isClean ? [...forward, 'SQUASH_MERGE', 'THREE_WAY_MERGE'] : forward
}

/**
 * Merges into a branch that is at the destination. Gives the commit that it is at then.
 * Errors: ManualMergeRequiredException, ConcurrentReferenceUpdateException.
 */
export async function mergeInto(
  ctx: Context,
  opened: Opened,
  sides: Sides,
  wish: MergeWish,
): Promise<{ commitId: string; treeId: string }> {
  const made = await commitOf(ctx, opened.folder, sides, wish)
  if (made.commitId !== sides.destination)
    await moveBranch(ctx, opened, wish.branch, {
      from: sides.destination,
      to: made.commitId,
      // AWS: what the event of a merge tells besides (monitoring-events, "referenceUpdated event").
      cause: {
        baseCommitId: sides.base,
        sourceCommitId: sides.source,
        destinationCommitId: sides.destination,
        mergeOption: wish.option,
        ...(wish.option !== 'FAST_FORWARD_MERGE' && {
          conflictDetailsLevel: wish.detailLevel ?? 'FILE_LEVEL',
          conflictResolutionStrategy: wish.strategy ?? 'NONE',
        }),
      },
    })
  return made
}

/** Writes the commit of a merge, which no branch has yet. Errors: ManualMergeRequiredException. */
export async function commitOf(ctx: Context, folder: string, sides: Sides, wish: MergeWish) {
  const { option, author, message } = wish
  const refuse = (why: string) =>
    new AwsError('ManualMergeRequiredException', `The merge must be made by hand: ${why}`)
  if (option === 'FAST_FORWARD_MERGE') {
    if (sides.base !== sides.destination) throw refuse('the destination has commits that the source has not')
    const tree = await runGit(folder, 'rev-parse', '--verify', '--end-of-options', `${sides.source}^{tree}`)
    return { commitId: sides.source, treeId: tree.toString().trim() }
  }
  const treeId = await mergedTree(folder, sides, wish)
  if (treeId === undefined) throw refuse('both sides have changed the same files')
  const parents = option === 'SQUASH_MERGE' ? [sides.destination] : [sides.destination, sides.source]
  const commitId = await writeCommit(ctx, folder, { tree: treeId, parents, message, ...author })
  return { commitId, treeId }
}

interface Resolving {
  readonly conflictDetailLevel?: string | undefined
  readonly conflictResolutionStrategy?: string | undefined
  readonly conflictResolution?: Resolution | undefined
}

/** Gives what a request says of conflicts. Errors: UnsupportedParameter, for folders that are kept though they are empty. */
export function resolutionIn(input: Resolving): ResolutionWish {
  refuseUnsupported(input, ['keepEmptyFolders'])
  return {
    detailLevel: input.conflictDetailLevel,
    strategy: input.conflictResolutionStrategy,
    resolution: input.conflictResolution,
  }
}
