/** The AWS managed policies, as records like customers' own. */
import { createHash } from 'node:crypto'
import {
  type AwsManagedPolicy,
  awsManagedPolicies as allDocuments,
  awsManagedPolicy as documentOf,
} from '../../../../iam/index.ts'
import type { Arn } from '../../../../model/index.ts'
import type { ManagedPolicyRecord } from '../state.ts'

const known = new Map<Arn, ManagedPolicyRecord>()

/** Gives the policy of an ARN. AWS: other names are NoSuchEntity; only the default version is kept here. */
export function awsManagedPolicy(arn: Arn): ManagedPolicyRecord | undefined {
  const kept = known.get(arn)
  if (kept) return kept
  const policy = documentOf(arn)
  if (!policy) return undefined
  const record = recordOf(policy)
  known.set(arn, record)
  return record
}

/** Gives all of them. */
export const awsManagedPolicies = (): ManagedPolicyRecord[] => allDocuments().map(recordOf)

function recordOf(policy: AwsManagedPolicy): ManagedPolicyRecord {
  const { name, path, version, document } = policy
  const updated = Date.parse(policy.updated)
  return {
    name,
    path,
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    id: `ANPA${createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 17)}`,
    created: Date.parse(policy.created),
    updated,
    defaultVersion: version,
    lastVersion: Number(version.slice(1)),
    versions: [{ id: version, document, created: updated }],
    tags: {},
  }
}
