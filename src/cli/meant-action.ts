/** The action that somebody meant who named one that no policy and no known resource type names. */
import type { Landscape } from '../access/index.ts'
import { awsManagedPolicies, type CompiledPolicy } from '../iam/index.ts'
import { nearest, type PolicyDocument } from '../model/index.ts'

/** Gives the action one slip away; undefined where the action is known, or nothing is near. */
export function meantAction(action: string, landscape: Landscape): string | undefined {
  const known = new Map(namedActions(landscape).map((one) => [one.toLowerCase(), one]))
  return known.has(action.toLowerCase()) ? undefined : nearest(action, known.values(), 1)
}

function namedActions({ roles, buckets, keys, resourcePolicies }: Landscape): string[] {
  const located = [
    ...[...roles.values()].flatMap(({ policies, trust }) => [...policies, ...(trust ? [trust] : [])]),
    ...[...buckets.values(), ...keys.values()].flatMap(({ policy }) => policy ?? []),
    ...resourcePolicies.values(),
  ]
  const documents = [
    ...located.map(({ policy }: { policy: CompiledPolicy }) => policy.document),
    ...awsManagedPolicies().map(({ document }) => JSON.parse(document) as PolicyDocument),
  ]
  return documents.flatMap(actionsIn).filter((one) => !/[*?]/.test(one))
}

const actionsIn = ({ Statement }: PolicyDocument): string[] =>
  [Statement].flat().flatMap(({ Action, NotAction }) => [Action ?? NotAction ?? []].flat())
