/**
 * Resource and trust policies bound to the principals that existed when they were saved.
 * AWS: a role or user in a Principal element is stored by its unique id. Once it is deleted the policy shows the id,
 * and a new role of the same name is somebody else.
 */
import { principalsOf } from '../../iam/index.ts'
import {
  type Arn,
  entryOf,
  type OneOrMany,
  type PolicyDocument,
  type PolicyPrincipal,
  type PolicyRef,
  setEntry,
} from '../../model/index.ts'
import { compiledPolicy } from './compiled-policy.ts'
import type { CompiledPolicy, Directory } from './identity.ts'

/** A policy as it is kept: plain data. */
export interface BoundPolicy {
  /** JSON text, as it was given. */
  readonly text: string
  /** The unique ids of the roles and users it names, by ARN. */
  readonly principals: Readonly<Record<Arn, string>>
}

/** Gives the first AWS principal of a document that does not exist, as it is written there. */
export function unknownPrincipal(document: PolicyDocument, directory: Directory): string | undefined {
  return principalsOf(document).aws.find((name) => name !== '*' && !directory.principalExists(name))
}

/** Gives the policy with the ids of its principals, to be kept. Errors: PolicySyntaxError. */
export function bindPolicy(text: string, directory: Directory): BoundPolicy {
  const principals: Record<Arn, string> = {}
  for (const name of principalsOf(JSON.parse(text) as PolicyDocument).aws) {
    const id = directory.principalId(name)
    if (id !== undefined) setEntry(principals, name, id)
  }
  return { text, principals }
}

/** Gives the policy's text as AWS shows it now: ids in the place of principals that are gone. */
export function policyText(policy: BoundPolicy, directory: Directory): string {
  const gone = Object.keys(policy.principals).filter(
    (arn) => directory.principalId(arn) !== entryOf(policy.principals, arn),
  )
  return gone.length ? withIds(policy, new Set(gone)) : policy.text
}

const compiled = new WeakMap<BoundPolicy, { text: string; policy: CompiledPolicy }>()

/** Gives the policy compiled as it is in force now; decisions name it by the reference. */
export function compiledBoundPolicy(
  policy: BoundPolicy,
  directory: Directory,
  ref: PolicyRef,
): CompiledPolicy {
  const text = policyText(policy, directory)
  const known = compiled.get(policy)
  if (known?.text === text) return known.policy
  const made = compiledPolicy(text, ref)
  compiled.set(policy, { text, policy: made })
  return made
}

function withIds({ text, principals }: BoundPolicy, gone: ReadonlySet<Arn>): string {
  const document = JSON.parse(text) as PolicyDocument
  const one = (name: string) => (gone.has(name) ? entryOf(principals, name)! : name)
  const many = (names: OneOrMany<string>): OneOrMany<string> =>
    typeof names === 'string' ? one(names) : names.map(one)
  const renamed = (principal: PolicyPrincipal | undefined) =>
    typeof principal === 'object' && principal.AWS ? { ...principal, AWS: many(principal.AWS) } : principal
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
  return JSON.stringify({
    ...document,
    Statement: statements.map((statement) => ({
      ...statement,
      ...(statement.Principal ? { Principal: renamed(statement.Principal) } : {}),
      ...(statement.NotPrincipal ? { NotPrincipal: renamed(statement.NotPrincipal) } : {}),
    })),
  })
}
