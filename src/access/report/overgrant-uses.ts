/** Which needs each statement of each policy allowed. */
import { type PolicyRef, policyKey } from '../../model/index.ts'
import { DEPLOYMENT } from '../proof/deployment-needs.ts'
import type { Edge } from '../proof/proof.ts'

type Uses = Map<number, Edge[]>

/** Gives the needs that each statement allowed, by policy. */
export function usesByPolicy(edges: readonly Edge[]): Map<string, Uses> {
  const byPolicy = new Map<string, Uses>()
  // Most references to a policy are the same object.
  const byRef = new Map<PolicyRef, Uses>()
  const usesOf = (ref: PolicyRef): Uses => {
    const key = policyKey(ref)
    const found = byPolicy.get(key) ?? new Map<number, Edge[]>()
    byPolicy.set(key, found)
    byRef.set(ref, found)
    return found
  }
  const add = (edge: Edge, { policy, index }: Edge['decidedBy'][number]) => {
    const statements = byRef.get(policy) ?? usesOf(policy)
    const known = statements.get(index)
    if (known) known.push(edge)
    else statements.set(index, [edge])
  }
  for (const edge of edges) {
    for (const reason of edge.decidedBy) add(edge, reason)
    for (const reason of edge.granted ?? []) add(edge, reason)
  }
  return byPolicy
}

/** Every resource is deployed; what is looked at is what pipelines work with. */
export const isOfDeployment = ({ uses }: Edge): boolean =>
  uses.every(({ pipeline }) => pipeline === DEPLOYMENT)
