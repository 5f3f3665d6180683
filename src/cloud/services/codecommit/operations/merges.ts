/** Merges of branches and commits. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { onBranch, onRepository } from '../engine/access.ts'
import { openRepository, resolve, tipOf } from '../engine/find-commit.ts'
import { type MergeOption, mergeInto, optionsFor, refuseResolution, sidesOf } from '../engine/merge.ts'
import { COMMIT_ID } from '../engine/names.ts'

interface MergeInput {
  readonly repositoryName: string
  readonly sourceCommitSpecifier: string
  readonly destinationCommitSpecifier: string
  readonly targetBranch?: string
  readonly conflictDetailLevel?: string
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
  refuseResolution(input)
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
    detailLevel: input.conflictDetailLevel,
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
    refuseResolution(input)
    const opened = openRepository(ctx, input.repositoryName)
    const source = await resolve(opened, input.sourceCommitSpecifier)
    const destination = await resolve(opened, input.destinationCommitSpecifier)
    const sides = await sidesOf(opened.folder, source, destination)
    return {
      mergeOptions: await optionsFor(opened.folder, sides, input.conflictDetailLevel),
      sourceCommitId: source,
      destinationCommitId: destination,
      baseCommitId: sides.base,
    }
  },
})
