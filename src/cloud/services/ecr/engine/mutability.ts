/** Which tags may be moved to another image. */

import { starPattern } from '../../../../model/index.ts'
import type { Mutability, Repository } from '../state.ts'
import { invalidParameter } from './find.ts'

interface Wanted {
  readonly imageTagMutability?: Mutability
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter?: string }[]
}

/** Reads a mutability with its exclusions. Errors: InvalidParameterException when they do not go together. */
export function readMutability(input: Wanted): Pick<Repository, 'mutability' | 'exclusions'> {
  const mutability = input.imageTagMutability ?? 'MUTABLE'
  const exclusions = (input.imageTagMutabilityExclusionFilters ?? []).map((one) => one.filter ?? '')
  if (mutability.endsWith('_WITH_EXCLUSION') !== exclusions.length > 0)
    throw invalidParameter(
      `Invalid parameter at 'imageTagMutabilityExclusionFilters': exclusion filters go with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION, and only with these.`,
    )
  // AWS: at most two wildcards in a filter.
  const wild = exclusions.find((filter) => filter.split('*').length > 3)
  if (wild !== undefined)
    throw invalidParameter(`The exclusion filter '${wild}' has more than two wildcards.`)
  return { mutability, exclusions }
}

/** Whether a tag, once put, stays on its image. */
export function isFixed({ mutability, exclusions }: Repository, tag: string): boolean {
  const isExcluded = exclusions.some((filter) => starPattern(filter)(tag))
  return mutability.startsWith('IMMUTABLE') !== isExcluded
}
