/** A role's statements, in as many policies as their size takes. */
import type { PolicyDocument, PolicyStatement } from '../model/index.ts'

/** AWS: bytes of all inline policies of a role, and of one managed policy; white space does not count. */
export const INLINE_LIMIT = 10_240
const MANAGED_LIMIT = 6_144

/** A policy is filled to this part only: `check` calls tight what is above it. */
const FILLED = 0.8

export interface PolicyParts {
  readonly inline: readonly PolicyStatement[]
  /** What the inline policy has no room for: the statements of each managed policy. */
  readonly managed: readonly (readonly PolicyStatement[])[]
}

/** Gives what stands in which policy, with the statements in their order: first the inline one, then managed ones. */
export function policyParts(statements: readonly PolicyStatement[]): PolicyParts {
  // Most roles have no more than this.
  if (sizeOf(policy(statements)) <= INLINE_LIMIT * FILLED) return { inline: statements, managed: [] }
  const [inline = [], ...managed] = inParts(statements, INLINE_LIMIT)
  return { inline, managed }
}

/** Gives the statements of managed policies that hold them all, in their order. */
export const managedParts = (statements: readonly PolicyStatement[]): PolicyStatement[][] =>
  inParts(statements, MANAGED_LIMIT)

const roomIn = (limit: number): number => limit * FILLED - sizeOf(policy([]))

/** `first` is the limit of the first policy; those that follow are managed ones. */
function inParts(statements: readonly PolicyStatement[], first: number): PolicyStatement[][] {
  const inManaged = roomIn(MANAGED_LIMIT)
  const parts: PolicyStatement[][] = [[]]
  let left = roomIn(first)
  for (const statement of statements.flatMap((one) => pieces(one, inManaged))) {
    // A comma stands between two statements.
    const size = sizeOf(statement) + 1
    const part = parts.at(-1)!
    if (size > left && part.length) {
      parts.push([statement])
      left = inManaged - size
    } else {
      part.push(statement)
      left -= size
    }
  }
  return parts
}

/** Gives a statement as several where one alone fills a managed policy: each with some of its resources. */
function pieces(statement: PolicyStatement, room: number): PolicyStatement[] {
  const { Resource, Sid } = statement
  const count = Array.isArray(Resource) ? Math.ceil(sizeOf(statement) / room) : 1
  if (count < 2 || !Array.isArray(Resource)) return [statement]
  // One more, since what the parts have in common comes again in each.
  const size = Math.ceil(Resource.length / (count + 1))
  return Array.from({ length: Math.ceil(Resource.length / size) }, (_, index) => ({
    ...statement,
    ...(Sid !== undefined && { Sid: `${Sid}${index + 1}` }),
    Resource: Resource.slice(index * size, (index + 1) * size),
  }))
}

/** Bytes of a policy as AWS counts them. */
export const sizeOf = (value: PolicyDocument | PolicyStatement): number => JSON.stringify(value).length

/** Gives a policy document of statements. */
export const policy = (statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})
