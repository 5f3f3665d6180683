/** What of two commits is in conflict: whether they can be merged, which files, and which lines. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { onRepository } from '../engine/access.ts'
import { type Conflict, conflictsOf, contentOf, type DetailLevel, kindOf } from '../engine/conflicts.ts'
import { openRepository, resolve } from '../engine/find-commit.ts'
import { mergedTree, resolutionIn } from '../engine/merge.ts'
import type { Lines, Side } from '../engine/merge-content.ts'
import { checkPath } from '../engine/names.ts'
import { noFile } from '../engine/refusals.ts'
import { type Sides, sidesOf } from '../engine/sides.ts'
import { type Entry, fileMode } from '../engine/tree.ts'

interface Asked {
  readonly repositoryName: string
  readonly sourceCommitSpecifier: string
  readonly destinationCommitSpecifier: string
  readonly mergeOption: string
  readonly conflictDetailLevel?: string
  readonly conflictResolutionStrategy?: string
}

/** AWS: of a merge that goes forward nothing is in conflict (GetMergeConflicts, conflictMetadataList). */
async function look(ctx: Context, asked: Asked) {
  const opened = openRepository(ctx, asked.repositoryName)
  const source = await resolve(opened, asked.sourceCommitSpecifier)
  const destination = await resolve(opened, asked.destinationCommitSpecifier)
  const sides = await sidesOf(opened.folder, source, destination)
  const level = (asked.conflictDetailLevel ?? 'FILE_LEVEL') as DetailLevel
  const forward = asked.mergeOption === 'FAST_FORWARD_MERGE'
  return {
    folder: opened.folder,
    sides,
    level,
    forward,
    conflicts: forward ? [] : await conflictsOf(opened.folder, sides, level),
    ids: { sourceCommitId: source, destinationCommitId: destination, baseCommitId: sides.base },
  }
}

const badToken = () =>
  new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid')

/** Of each side of a file. */
const each = <T>(of: (side: Side) => T): Record<Side, T> => ({
  source: of('source'),
  destination: of('destination'),
  base: of('base'),
})

const change = (entry: Entry | undefined, base: Entry | undefined): 'A' | 'M' | 'D' =>
  entry ? (base ? 'M' : 'A') : 'D'

async function metadataOf(folder: string, conflict: Conflict) {
  const { path, versions, content, mode, type, hunks, binary } = conflict
  const sizes = {
    source: (await contentOf(folder, versions.source)).length,
    destination: (await contentOf(folder, versions.destination)).length,
    base: (await contentOf(folder, versions.base)).length,
  }
  return {
    filePath: path,
    fileSizes: sizes,
    fileModes: each((side) => versions[side] && fileMode(versions[side].mode)),
    objectTypes: each((side) => kindOf(versions[side])),
    numberOfConflicts: (content ? Math.max(1, hunks.length) : 0) + Number(mode) + Number(type),
    isBinaryFile: binary,
    contentConflict: content,
    fileModeConflict: mode,
    objectTypeConflict: type,
    mergeOperations: {
      source: change(versions.source, versions.base),
      destination: change(versions.destination, versions.base),
    },
  }
}

/** By FILE_LEVEL, or where no lines are told apart, a whole file is in conflict with the other. */
async function hunksOf(folder: string, { versions, hunks, binary, content }: Conflict, level: DetailLevel) {
  if (!content || binary.source || binary.destination) return []
  const told = ({ startLine, endLine, content: text }: Lines) => ({
    startLine,
    endLine,
    hunkContent: Buffer.from(text).toString('base64'),
  })
  if (level === 'LINE_LEVEL' && hunks.length)
    return hunks.map((one) => ({ isConflict: true, ...each((side) => told(one[side])) }))
  const whole = async (side: Side) => {
    const text = (await contentOf(folder, versions[side])).toString()
    return told({ startLine: 1, endLine: text.split(/(?<=\n)/).length, content: text })
  }
  return [
    {
      isConflict: true,
      source: await whole('source'),
      destination: await whole('destination'),
      base: await whole('base'),
    },
  ]
}

async function isMergeable(folder: string, sides: Sides, asked: Asked, forward: boolean): Promise<boolean> {
  if (forward) return sides.base === sides.destination
  return (await mergedTree(folder, sides, resolutionIn(asked))) !== undefined
}

/** Errors: CommitDoesNotExistException, TipsDivergenceExceededException. */
export const GetMergeConflicts = operation({
  service: 'codecommit',
  name: 'GetMergeConflicts',
  access: onRepository('GetMergeConflicts'),
  run: async (input, ctx) => {
    const { folder, sides, forward, conflicts, ids } = await look(ctx, input)
    const { maxConflictFiles, nextToken: token } = input
    const query = [ids, input.mergeOption, input.conflictDetailLevel]
    const page = paginate(conflicts, { token, limit: maxConflictFiles || 100, query, error: badToken })
    return {
      ...ids,
      mergeable: await isMergeable(folder, sides, input, forward),
      conflictMetadataList: await Promise.all(page.items.map((one) => metadataOf(folder, one))),
      nextToken: page.nextToken,
    }
  },
})

/** Errors: FileDoesNotExistException for one that is not in conflict; as GetMergeConflicts'. */
export const DescribeMergeConflicts = operation({
  service: 'codecommit',
  name: 'DescribeMergeConflicts',
  access: onRepository('DescribeMergeConflicts'),
  run: async (input, ctx) => {
    const { folder, level, conflicts, ids } = await look(ctx, input)
    const path = checkPath(input.filePath)
    const found = conflicts.find((one) => one.path === path)
    if (!found) throw noFile(path)
    const { maxMergeHunks, nextToken: token } = input
    const query = [ids, path, level]
    const hunks = await hunksOf(folder, found, level)
    const page = paginate(hunks, { token, limit: maxMergeHunks || 100, query, error: badToken })
    return {
      ...ids,
      conflictMetadata: await metadataOf(folder, found),
      mergeHunks: page.items,
      nextToken: page.nextToken,
    }
  },
})

/** Files that are not in conflict are told as errors of their own. Errors: as GetMergeConflicts'. */
export const BatchDescribeMergeConflicts = operation({
  service: 'codecommit',
  name: 'BatchDescribeMergeConflicts',
  access: onRepository('BatchDescribeMergeConflicts'),
  run: async (input, ctx) => {
    const { folder, level, conflicts, ids } = await look(ctx, input)
    const { filePaths, maxConflictFiles, maxMergeHunks = 100, nextToken: token } = input
    const wanted = filePaths && new Set(filePaths.map(checkPath))
    const chosen = conflicts.filter(({ path }) => !wanted || wanted.has(path))
    const query = [ids, filePaths, level]
    const page = paginate(chosen, { token, limit: maxConflictFiles || 100, query, error: badToken })
    const missing = [...(wanted ?? [])].filter((path) => !conflicts.some((one) => one.path === path))
    return {
      ...ids,
      conflicts: await Promise.all(
        page.items.map(async (one) => ({
          conflictMetadata: await metadataOf(folder, one),
          mergeHunks: (await hunksOf(folder, one, level)).slice(0, maxMergeHunks),
        })),
      ),
      nextToken: page.nextToken,
      errors: missing.map((filePath) => ({
        filePath,
        exceptionName: 'FileDoesNotExistException',
        message: `The file ${filePath} is not in conflict`,
      })),
    }
  },
})
