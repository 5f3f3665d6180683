/** Needs → policy statements, merged into few that a person can read. */
import {
  type ConditionBlock,
  type Need,
  type NeedOrigin,
  originOfNeed,
  type PolicyPrincipal,
  type PolicyStatement,
} from '../model/index.ts'
import { isSameContext, sidOf as nameAfter } from '../pipeline/index.ts'

/** A statement whose resources and condition values may still be intrinsic functions. */
export interface Grant {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly context: Readonly<Record<string, readonly string[]>>
  /** The first origin, and the next of another name if there is one: a statement is named after its only one. */
  readonly origins: readonly NeedOrigin[]
}

type Context = Grant['context']

/**
 * Gives grants that allow exactly the needs: actions on the same resource under the same context become one grant,
 * then resources with the same actions, then contexts that differ in a single key.
 */
export function mergeNeeds(needs: readonly Need[]): readonly Grant[] {
  const gathered: Gathered[] = []
  for (const one of byResource(needs)) {
    const other = gathered.find(
      ({ actions, context }) => same(actions, one.actions) && isSameContext(context, one.context),
    )
    if (!other) gathered.push(one)
    else {
      insert(other.resources, one.resources[0]!)
      for (const need of one.reasons) addReason(other.reasons, need)
    }
  }
  return joinContexts(gathered.map(grantOf))
}

interface Gathered {
  readonly context: Need['context']
  /** In alphabetical order, as are the resources. */
  readonly actions: string[]
  readonly resources: string[]
  /** The first need, and the next of another name if there is one. */
  readonly reasons: Need[]
  /** The next one about the same resource, under another context. */
  next: Gathered | undefined
}

/** Needs gathered by resource and context, in the order in which these first come. */
function byResource(needs: readonly Need[]): Gathered[] {
  const gathered: Gathered[] = []
  const known = new Map<string, Gathered>()
  let found: Gathered | undefined
  for (const need of needs) {
    const { resource, context, action } = need
    if (found?.resources[0] !== resource || found.context !== context) {
      const first = known.get(resource)
      found = first
      while (found && !isSameContext(found.context, context)) found = found.next
      if (!found) {
        found = {
          context,
          actions: [action],
          resources: [resource],
          reasons: [need],
          next: first,
        }
        gathered.push(found)
        known.set(resource, found)
        continue
      }
    }
    insert(found.actions, action)
    addReason(found.reasons, need)
  }
  return gathered
}

/** Puts what is not there yet into its place; the lists are short. */
function insert(sorted: string[], one: string): void {
  let at = sorted.length
  while (at > 0 && sorted[at - 1]! > one) at--
  if (at > 0 && sorted[at - 1] === one) return
  sorted.push(one)
  if (at < sorted.length - 1) sorted.copyWithin(at + 1, at)[at] = one
}

/** Adds a need of another name, as long as there is only one. The same words make the same name. */
function addReason(reasons: Need[], need: Need): void {
  const [first] = reasons
  if (reasons.length >= 2 || !first || first.because === need.because) return
  if (nameAfter(originOfNeed(first)) !== nameAfter(originOfNeed(need))) reasons.push(need)
}

function grantOf({ actions, resources, reasons, context = {} }: Gathered): Grant {
  const lists: Record<string, readonly string[]> = {}
  for (const key in context) {
    const value = context[key]!
    lists[key] = typeof value === 'string' ? [value] : value
  }
  return { actions, resources, origins: reasons.map(originOfNeed), context: lists }
}

/** Joins grants whose contexts differ in one key only. */
function joinContexts(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length < 2) return grants
  const joined: Grant[] = []
  for (const grant of grants) {
    let index = 0
    let key: string | undefined
    for (; index < joined.length; index++) {
      key = differingKey(joined[index]!, grant)
      if (key !== undefined) break
    }
    if (key === undefined) {
      joined.push(grant)
      continue
    }
    const other = joined[index]!
    joined[index] = {
      ...other,
      origins: joinOrigins(other.origins, grant.origins),
      context: { ...other.context, [key]: union(other.context[key]!, grant.context[key]!).sort() },
    }
  }
  return joined
}

function joinOrigins(some: readonly NeedOrigin[], others: readonly NeedOrigin[]): NeedOrigin[] {
  const [first] = some
  const next = others.find((one) => first && nameAfter(one) !== nameAfter(first))
  return some.length < 2 && next ? [...some, next] : [...some]
}

function differingKey(a: Grant, b: Grant): string | undefined {
  if (!same(a.actions, b.actions) || !same(a.resources, b.resources)) return undefined
  const keys = Object.keys(a.context)
  if (!keys.length || !same(keys, Object.keys(b.context))) return undefined
  const differing = keys.filter((key) => !same(a.context[key]!, b.context[key]!))
  return differing.length === 1 ? differing[0] : undefined
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index])

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])]

/** Gives the condition block that holds a context to its values; patterns compare as patterns. */
export function conditionOf(context: Context, extra?: ConditionBlock): ConditionBlock | undefined {
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  const keysOf = (operator: string) => {
    block[operator] ??= {}
    return block[operator]
  }
  for (const key in context) {
    const values = context[key]!
    keysOf(values.some((value) => value.includes('*')) ? 'StringLike' : 'StringEquals')[key] = one(values)
  }
  for (const operator in extra) Object.assign(keysOf(operator), extra[operator])
  return Object.keys(block).length ? block : undefined
}

/** What a statement adds to its grant. */
export interface StatementDetails {
  readonly principal?: PolicyPrincipal
  readonly conditions?: ConditionBlock
  /** Given for policies whose statements name no resource, or always `*`. */
  readonly resource?: string | null
}

/** Gives the statement of a grant. */
export function statementOf(grant: Grant, sid: string, details: StatementDetails = {}): PolicyStatement {
  const resource = details.resource === undefined ? one(grant.resources) : details.resource
  const condition = conditionOf(grant.context, details.conditions)
  return {
    Sid: sid,
    Effect: 'Allow',
    ...(details.principal && { Principal: details.principal }),
    Action: one(grant.actions),
    ...(resource !== null && { Resource: resource }),
    ...(condition && { Condition: condition }),
  }
}

/** A list of one is written as the one. */
export const one = <T>(values: readonly T[]): T | readonly T[] => (values.length === 1 ? values[0]! : values)

/** What a statement is called whose needs have several reasons. */
const SEVERAL_REASONS: Readonly<Record<string, string>> = {
  'iam:PassRole': 'PassRoles',
  'kms:Decrypt': 'DecryptArtifacts',
  'kms:GenerateDataKey': 'EncryptArtifacts',
  's3:GetObject': 'ReadArtifacts',
  's3:PutObject': 'WriteArtifacts',
  'sts:AssumeRole': 'AssumeRolesOfActions',
}

/** What the id of a statement about a key begins with: the statement about the object has the same reason. */
const KEY_USE: Readonly<Record<string, string>> = {
  'kms:Decrypt': 'DecryptTo',
  'kms:GenerateDataKey': 'EncryptTo',
}

/**
 * Gives a statement id: the name of the origin of its needs, or of what they do where there are several.
 * `called` may tell an origin shorter. AWS: each id of a policy once, which `taken` sees to.
 */
export function sidOf(
  grant: Grant,
  taken: Set<string>,
  called = (origin: NeedOrigin, _: Grant) => origin,
): string {
  const {
    actions: [action = ''],
    origins: [origin, other],
  } = grant
  const several = other === undefined ? undefined : SEVERAL_REASONS[action]
  const base = several ?? (KEY_USE[action] ?? '') + (origin ? nameAfter(called(origin, grant)) : '')
  let sid = base
  for (let count = 2; taken.has(sid); count++) sid = `${base}${count}`
  taken.add(sid)
  return sid
}

/** Replaces every text that `known` has by what it stands for, in a copy. */
export function substitute<T>(value: T, known: ReadonlyMap<string, unknown>): T {
  if (typeof value === 'string') return (known.has(value) ? known.get(value) : value) as T
  if (Array.isArray(value)) return value.map((item) => substitute(item, known)) as T
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = substitute<unknown>(value[key], known)
  return copy as T
}
