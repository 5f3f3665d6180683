/** The AWS managed policies the cloud knows, as records like customers' own. */
import { createHash } from 'node:crypto'
import { type AwsManagedPolicy, awsManagedPolicies as documents } from '../../../../iam/index.ts'
import type { Arn } from '../../../../model/index.ts'
import type { ManagedPolicyRecord } from '../state.ts'

let known: ReadonlyMap<Arn, ManagedPolicyRecord> | undefined

/** Gives them by ARN. AWS: other names are NoSuchEntity; only the default version is kept here. */
export function awsManagedPolicies(): ReadonlyMap<Arn, ManagedPolicyRecord> {
  known ??= new Map([...documents()].map(([arn, policy]) => [arn, recordOf(arn, policy)]))
  return known
}

function recordOf(arn: Arn, policy: AwsManagedPolicy): ManagedPolicyRecord {
  const { name, path, version, document } = policy
  const updated = Date.parse(policy.updated)
  return {
    name,
    path,
    arn,
    id: `ANPA${createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 17)}`,
    created: Date.parse(policy.created),
    updated,
    defaultVersion: version,
    lastVersion: Number(version.slice(1)),
    versions: [{ id: version, document, created: updated }],
    tags: {},
  }
}
