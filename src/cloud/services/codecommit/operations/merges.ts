/** Merges of branches and commits. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { runGit } from '../../../machine/run-git.ts'
import { onBranch, onRepository } from '../engine/access.ts'
import { openRepository, resolve, tipOf } from '../engine/find-commit.ts'
import { commitOf, type MergeOption, mergeInto, optionsFor, resolutionIn } from '../engine/merge.ts'
import { COMMIT_ID } from '../engine/names.ts'
import type { Resolution } from '../engine/resolve-conflicts.ts'
import { sidesOf } from '../engine/sides.ts'

interface MergeInput {
  readonly repositoryName: string
  readonly sourceCommitSpecifier: string
  readonly destinationCommitSpecifier: string
  readonly targetBranch?: string
  readonly conflictDetailLevel?: string
  readonly conflictResolutionStrategy?: string
  readonly conflictResolution?: Resolution
  readonly authorName?: string
  readonly email?: string
  readonly commitMessage?: string
}

/** AWS: the branch that is written to is the destination, unless another one is named. */
const target = ({ targetBranch, destinationCommitSpecifier }: MergeInput): string | undefined =>
  targetBranch ??
  (COMMIT_ID.test(destinationCommitSpecifier)
    ? undefined
    : destinationCommitSpecifier.replace(/^refs\/heads\//, ''))

async function merge(ctx: Context, input: MergeInput, option: MergeOption) {
  const resolution = resolutionIn(input)
  const opened = openRepository(ctx, input.repositoryName)
  const source = await resolve(opened, input.sourceCommitSpecifier)
  const destination = await resolve(opened, input.destinationCommitSpecifier)
  const branch = target(input)
  if (branch === undefined) throw new AwsError('BranchNameRequiredException', 'A target branch is required')
  if ((await tipOf(opened.folder, branch)) !== destination)
    throw new AwsError('ConcurrentReferenceUpdateException', `The tip of ${branch} is not ${destination}`)
  return mergeInto(ctx, opened, await sidesOf(opened.folder, source, destination), {
    option,
    branch,
    ...resolution,
    author: { name: input.authorName, email: input.email },
    message: input.commitMessage,
  })
}

/** Errors: ManualMergeRequiredException, BranchDoesNotExistException, CommitDoesNotExistException. */
export const MergeBranchesByFastForward = operation({
  service: 'codecommit',
  name: 'MergeBranchesByFastForward',
  access: (input, ctx) => onBranch(ctx, 'MergeBranchesByFastForward', { ...input, branch: target(input) }),
  run: (input, ctx) => merge(ctx, input, 'FAST_FORWARD_MERGE'),
})

/** Errors: as `MergeBranchesByFastForward`. */
export const MergeBranchesBySquash = operation({
  service: 'codecommit',
  name: 'MergeBranchesBySquash',
  access: (input, ctx) => onBranch(ctx, 'MergeBranchesBySquash', { ...input, branch: target(input) }),
  run: (input, ctx) => merge(ctx, input, 'SQUASH_MERGE'),
})

/** Errors: as `MergeBranchesByFastForward`. */
export const MergeBranchesByThreeWay = operation({
  service: 'codecommit',
  name: 'MergeBranchesByThreeWay',
  access: (input, ctx) => onBranch(ctx, 'MergeBranchesByThreeWay', { ...input, branch: target(input) }),
  run: (input, ctx) => merge(ctx, input, 'THREE_WAY_MERGE'),
})

/** Errors: CommitDoesNotExistException, TipsDivergenceExceededException. */
export const GetMergeOptions = operation({
  service: 'codecommit',
  name: 'GetMergeOptions',
  access: onRepository('GetMergeOptions'),
  run: async (input, ctx) => {
    const resolution = resolutionIn(input)
    const opened = openRepository(ctx, input.repositoryName)
    const source = await resolve(opened, input.sourceCommitSpecifier)
    const destination = await resolve(opened, input.destinationCommitSpecifier)
    const sides = await sidesOf(opened.folder, source, destination)
    return {
      mergeOptions: await optionsFor(opened.folder, sides, resolution),
      sourceCommitId: source,
      destinationCommitId: destination,
      baseCommitId: sides.base,
    }
  },
})

/** AWS: the commit is of no branch, to look at what a merge would be. Errors: as `MergeBranchesByFastForward`. */
export const CreateUnreferencedMergeCommit = operation({
  service: 'codecommit',
  name: 'CreateUnreferencedMergeCommit',
  access: onRepository('CreateUnreferencedMergeCommit'),
  run: async (input, ctx) => {
    const resolution = resolutionIn(input)
    const opened = openRepository(ctx, input.repositoryName)
    const source = await resolve(opened, input.sourceCommitSpecifier)
    const destination = await resolve(opened, input.destinationCommitSpecifier)
    return commitOf(ctx, opened.folder, await sidesOf(opened.folder, source, destination), {
      ...resolution,
      option: input.mergeOption as MergeOption,
      branch: '',
      author: { name: input.authorName, email: input.email },
      message: input.commitMessage,
    })
  },
})

/** AWS: of a merge that went forward there is no commit of its own. Errors: CommitDoesNotExistException. */
export const GetMergeCommit = operation({
  service: 'codecommit',
  name: 'GetMergeCommit',
  access: onRepository('GetMergeCommit'),
  run: async (input, ctx) => {
    const opened = openRepository(ctx, input.repositoryName)
    const sourceCommitId = await resolve(opened, input.sourceCommitSpecifier)
    const destinationCommitId = await resolve(opened, input.destinationCommitSpecifier)
    const { base: baseCommitId } = await sidesOf(opened.folder, sourceCommitId, destinationCommitId)
    const merges = await runGit(opened.folder, 'log', '--all', '--merges', '--format=%P %H')
    const start = `${destinationCommitId} ${sourceCommitId} `
    const found = merges
      .toString()
      .split('\n')
      .find((line) => line.startsWith(start))
    const mergedCommitId = found?.slice(start.length)
    return { sourceCommitId, destinationCommitId, baseCommitId, ...(mergedCommitId && { mergedCommitId }) }
  },
})
