/** From a reference to the place where its policy can be changed. */
import { parse } from 'node:path'
import { type Arn, isSamePolicy, type PolicyRef, parseArn } from '../../model/index.ts'
import type { Landscape } from './landscape.ts'
import type { LocatedPolicy } from './located-policy.ts'
import { allLevels } from './organization.ts'
import type { Origin } from './placed-template.ts'

/**
 * Gives the place of a policy that a running system names: where it stands, or where its owner does if it is still to be
 * written. Undefined for what the landscape does not make.
 */
export function originOfPolicy(ref: PolicyRef, landscape: Landscape): Origin | undefined {
  const { owner } = ref
  if (ref.kind === 'service control' || ref.kind === 'resource control') return ofControl(ref, landscape)
  if (ref.kind === 'managed') return ofManaged(ref, landscape)
  if (typeof owner !== 'string') return undefined
  if (ref.kind === 'resource') return ofResource(owner, landscape)
  const role = landscape.roles.get(owner)
  if (ref.kind === 'trust') return role?.trust?.origin ?? role?.origin
  if (ref.kind === 'boundary') return role?.boundary?.origin ?? role?.origin
  if (ref.kind !== 'identity') return undefined
  return role?.policies.find(({ policy }) => isSamePolicy(policy.ref, ref))?.origin ?? role?.origin
}

/**
 * AWS: no two policies of an organization have the same name. Templates tell it; of a policy that stands in a file the
 * file's name is taken for it.
 */
function ofControl({ kind, name }: PolicyRef, { organization }: Landscape): Origin | undefined {
  const all = organization ? allLevels(organization) : []
  return all
    .flatMap(({ serviceControl, resourceControl }) => [...serviceControl, ...resourceControl])
    .find(
      ({ policy: { ref }, origin: { stack, file } }) =>
        ref.kind === kind && (ref.name === name || (!stack && file && parse(file).name === name)),
    )?.origin
}

/** Those of AWS stand nowhere. */
function ofManaged(ref: PolicyRef, { roles }: Landscape): Origin | undefined {
  for (const { policies, boundary } of roles.values()) {
    const own: LocatedPolicy[] = policies.filter(({ kind }) => kind !== 'aws')
    const found = [...own, boundary ?? []].flat().find(({ policy }) => isSamePolicy(policy.ref, ref))
    if (found) return found.origin
  }
  return undefined
}

function ofResource(owner: Arn, { buckets, keys, resourcePolicies }: Landscape): Origin | undefined {
  const parsed = parseArn(owner)
  if (parsed?.service === 's3') {
    const bucket = buckets.get(parsed.resource)
    return bucket?.policy?.origin ?? bucket?.origin
  }
  if (parsed?.service !== 'kms') return resourcePolicies.get(owner)?.origin
  const exact = keys.get(owner)
  if (exact) return exact.origin
  // Only the deployment knows a key's id; the fleet has one key in each region.
  const here = [...keys.values()].filter(
    ({ account, region }) => account === parsed.account && region === parsed.region,
  )
  return here.length === 1 ? here[0]!.origin : undefined
}
