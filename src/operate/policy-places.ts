/** Where the fleet's own policies stand, so that a denial met in a run says what to change. */
import {
  type GivenOrganization,
  type Landscape,
  type Origin,
  originOfPolicy,
  readAssembly,
} from '../access/index.ts'
import type { Assembly, PolicyRef } from '../model/index.ts'

/** Finds the place of a policy; undefined for what the fleet did not make. */
export type PolicyPlaces = (policy: PolicyRef | undefined) => Origin | undefined

/** The assembly, and the organization's policies in files, are read when the first policy is asked for. */
export function policyPlaces(
  assembly: Assembly,
  organization?: () => GivenOrganization | undefined,
): PolicyPlaces {
  let landscape: Landscape | undefined
  return (policy) => {
    if (!policy) return undefined
    landscape ??= readAssembly(assembly, organization?.())
    return originOfPolicy(policy, landscape)
  }
}
