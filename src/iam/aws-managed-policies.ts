/** The managed policies of AWS, as of MANAGED_POLICIES_OF: AWS's own documents, each in its default version. */
import { readFileSync } from 'node:fs'
import type { Arn } from '../model/index.ts'

export interface AwsManagedPolicy {
  readonly name: string
  /** `/`, `/service-role/`, `/job-function/`, `/root-task/`, or `/aws-service-role/` for roles of services alone. */
  readonly path: string
  /** The default version, `v1`. */
  readonly version: string
  /** ISO 8601. */
  readonly created: string
  readonly updated: string
  /** The document's JSON. */
  readonly document: string
}

/** The day of the copy; a name that is not in it is misspelt, withdrawn by AWS, or younger. */
export const MANAGED_POLICIES_OF = '2026-08-26'

const PREFIX = 'arn:aws:iam::aws:policy'
const LINE = /^ *\{"name":"([^"]+)","path":"([^"]+)"/

/** The policies' lines by ARN: most of what asks wants one of 1,569, and their documents are millions of characters. */
let lines: ReadonlyMap<Arn, string> | undefined

const known = (): ReadonlyMap<Arn, string> => {
  lines ??= new Map(
    readFileSync(new URL('./managed-policies/aws.json', import.meta.url), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name, path] = LINE.exec(line) ?? []
        return name === undefined ? [] : [[`${PREFIX}${path}${name}`, line] as const]
      }),
  )
  return lines
}

const parsed = (line: string): AwsManagedPolicy => JSON.parse(line.replace(/,$/, ''))

/** Gives the policy of an ARN; undefined where AWS has none. The file is read by the first call. */
export function awsManagedPolicy(arn: Arn): AwsManagedPolicy | undefined {
  const line = known().get(arn)
  return line === undefined ? undefined : parsed(line)
}

/** Gives all of them. */
export const awsManagedPolicies = (): AwsManagedPolicy[] => [...known().values()].map(parsed)

/** Gives the ARNs of all of them. */
export const awsManagedPolicyArns = (): Iterable<Arn> => known().keys()
