/** Finding the version that a reference means. */
import type { Context } from '../../../kernel/context.ts'
import { functionKind } from '../kinds.ts'
import { type FunctionVersion, LATEST, versions } from '../state.ts'
import { type FunctionRef, findAlias, notFound } from './find.ts'

/**
 * Gives the version that a reference means; through an alias the one it points at (not the weighted one).
 * Errors: ResourceNotFoundException.
 */
export function findVersion(ctx: Context, ref: FunctionRef): FunctionVersion {
  functionKind.find(ctx, ref)
  const table = ctx.table(versions, ref.account, ref.region)
  const qualifier = ref.qualifier ?? LATEST
  const found =
    table.get(`${ref.name}:${qualifier}`) ??
    table.get(`${ref.name}:${findAlias(ctx, ref, qualifier)?.version}`)
  if (found) return found
  throw notFound(ref.qualifiedArn)
}
