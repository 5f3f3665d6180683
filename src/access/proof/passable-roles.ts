/** Which roles an action may have to pass when its declaration does not name them. */
import type { Need } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { FoundCaller } from './callers.ts'
import { sampleOf } from './samples.ts'

/**
 * Gives the roles of task definitions in the caller's account, and the roles that the caller's own policies name for
 * iam:PassRole.
 */
export function passableRoles(
  need: Need,
  { caller }: FoundCaller,
  landscape: Landscape,
): { known: readonly string[]; possible: readonly string[] } {
  const known = landscape.taskRoles
    .filter(({ account }) => account === caller.account)
    .flatMap(({ roles }) => roles)
  const possible = caller.identityPolicies
    .flatMap(({ document }) => [document.Statement].flat())
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action ?? []].flat().some(passes))
    .flatMap(({ Resource }) => [Resource ?? []].flat() as string[])
    .map((resource) => (resource === '*' ? need.resource : resource))
    .map(sampleOf)
  return { known: [...new Set(known)], possible: [...new Set(possible)] }
}

const passes = (action: string): boolean =>
  ['*', 'iam:*', 'iam:pass*', 'iam:passrole'].includes(action.toLowerCase())
