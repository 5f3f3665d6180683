/** The managed policies of AWS that are known here: AWS's own documents, each in its default version. */
import { readFileSync } from 'node:fs'
import type { Arn } from '../model/index.ts'

export interface AwsManagedPolicy {
  readonly name: string
  /** `/`, `/service-role/` or `/job-function/`. */
  readonly path: string
  /** The default version, `v1`. */
  readonly version: string
  /** ISO 8601. */
  readonly created: string
  readonly updated: string
  /** The document's JSON. */
  readonly document: string
}

let known: ReadonlyMap<Arn, AwsManagedPolicy> | undefined

/** Gives them by ARN. They are read from their file by the first call: most checks need none of them. */
export function awsManagedPolicies(): ReadonlyMap<Arn, AwsManagedPolicy> {
  known ??= new Map(
    read().map((policy) => [`arn:aws:iam::aws:policy${policy.path}${policy.name}`, policy] as const),
  )
  return known
}

const read = (): AwsManagedPolicy[] =>
  JSON.parse(readFileSync(new URL('./managed-policies/aws.json', import.meta.url), 'utf8'))
