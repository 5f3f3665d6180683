/** The AWS managed policies the cloud knows, as records like customers' own. */
import { createHash } from 'node:crypto'
import type { Arn } from '../../../model/index.ts'
import { awsManagedPolicyData } from './aws-managed-policy-data.ts'
import type { ManagedPolicyRecord } from './state.ts'

let known: ReadonlyMap<Arn, ManagedPolicyRecord> | undefined

/** Gives them by ARN. AWS: other names are NoSuchEntity; only the default version is kept here. */
export function awsManagedPolicies(): ReadonlyMap<Arn, ManagedPolicyRecord> {
  known ??= new Map(awsManagedPolicyData.map((data) => [arnOf(data), recordOf(data)]))
  return known
}

type Data = (typeof awsManagedPolicyData)[number]

const arnOf = ({ path, name }: Data): Arn => `arn:aws:iam::aws:policy${path}${name}`

function recordOf(data: Data): ManagedPolicyRecord {
  const { name, path, version, document } = data
  const updated = Date.parse(data.updated)
  return {
    name,
    path,
    arn: arnOf(data),
    id: `ANPA${createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 17)}`,
    created: Date.parse(data.created),
    updated,
    defaultVersion: version,
    lastVersion: Number(version.slice(1)),
    versions: [{ id: version, document, created: updated }],
    tags: {},
  }
}
