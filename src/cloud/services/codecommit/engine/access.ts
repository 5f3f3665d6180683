/** The permissions that requests take. */
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { repositoryKind } from '../kinds.ts'

/** Asks for an action on a repository. */
export const onRepository =
  (action: string) =>
  ({ repositoryName }: { readonly repositoryName?: string }, ctx: Context): AccessRequest[] => [
    repositoryKind.on(ctx, action, repositoryName ?? ''),
  ]

/**
 * The condition key by which policies limit branches. AWS: `how-to-conditional-branch`; the service authorization reference
 * has it on what writes to a branch.
 */
export const referenceKey = (reference: string) => ({ 'codecommit:References': reference })

/** As `onRepository`, for an action that writes to a branch. */
export const onBranch = (
  ctx: Context,
  action: string,
  { repositoryName, branch }: { readonly repositoryName: string; readonly branch?: string },
): AccessRequest[] => [
  repositoryKind.on(
    ctx,
    action,
    repositoryName,
    branch === undefined ? {} : referenceKey(`refs/heads/${branch}`),
  ),
]
