/** Which version an invocation runs. */

import type { Context } from '../../../kernel/context.ts'
import type { FunctionVersion } from '../state.ts'
import { type FunctionRef, findAlias } from './find.ts'
import { findVersion } from './find-version.ts'

/** Gives the version to run; an alias with weights chooses by chance. */
export function chooseVersion(ctx: Context, ref: FunctionRef): FunctionVersion {
  const alias = ref.qualifier === undefined ? undefined : findAlias(ctx, ref, ref.qualifier)
  let chance = Number.parseInt(ctx.cloud.ids.uuid().slice(0, 8), 16) / 2 ** 32
  for (const [qualifier, weight] of Object.entries(alias?.weights ?? {})) {
    if (chance < weight) return findVersion(ctx, { ...ref, qualifier })
    chance -= weight
  }
  return findVersion(ctx, ref)
}
