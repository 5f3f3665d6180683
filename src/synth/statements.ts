/** Needs → policy statements, merged into few that a person can read. */
import type { ConditionBlock, Need, PolicyPrincipal, PolicyStatement } from '../model/index.ts'
import { isSameContext } from '../pipeline/index.ts'

/** A statement whose resources and condition values may still be intrinsic functions. */
export interface Grant {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly context: Readonly<Record<string, readonly string[]>>
  /** The first reason, and the next if there is another: a statement is named after its only one. */
  readonly because: readonly string[]
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
      for (const because of one.because) if (other.because.length < 2) append(other.because, because)
    }
  }
  return joinContexts(gathered.map(grantOf))
}

interface Gathered {
  readonly context: Need['context']
  /** In alphabetical order, as are the resources. */
  readonly actions: string[]
  readonly resources: string[]
  readonly because: string[]
  /** The next one about the same resource, under another context. */
  next: Gathered | undefined
}

/** Needs gathered by resource and context, in the order in which these first come. */
function byResource(needs: readonly Need[]): Gathered[] {
  const gathered: Gathered[] = []
  const known = new Map<string, Gathered>()
  let found: Gathered | undefined
  for (const { resource, context, action, because } of needs) {
    if (found?.resources[0] !== resource || found.context !== context) {
      const first = known.get(resource)
      found = first
      while (found && !isSameContext(found.context, context)) found = found.next
      if (!found) {
        found = { context, actions: [action], resources: [resource], because: [because], next: first }
        gathered.push(found)
        known.set(resource, found)
        continue
      }
    }
    insert(found.actions, action)
    if (found.because.length < 2) append(found.because, because)
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

/** Adds what is not there yet; the lists are short. */
function append(list: string[], one: string): void {
  if (!list.includes(one)) list.push(one)
}

function grantOf({ actions, resources, because, context = {} }: Gathered): Grant {
  const lists: Record<string, readonly string[]> = {}
  for (const key in context) {
    const value = context[key]!
    lists[key] = typeof value === 'string' ? [value] : value
  }
  return { actions, resources, because, context: lists }
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
      because: union(other.because, grant.because),
      context: { ...other.context, [key]: union(other.context[key]!, grant.context[key]!).sort() },
    }
  }
  return joined
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
 * Gives a statement id in words: "to read the artifact BuildOutput" becomes ReadArtifactBuildOutput.
 * `called` may say a reason shorter. AWS: letters and digits only; each id of a policy once, which `taken` sees to.
 */
export function sidOf(
  grant: Grant,
  taken: Set<string>,
  called = (because: string, _: Grant) => because,
): string {
  const {
    actions: [action = ''],
    because: [reason = '', other],
  } = grant
  const several = other === undefined ? undefined : SEVERAL_REASONS[action]
  const base = several ?? (KEY_USE[action] ?? '') + inCapitals(called(reason, grant))
  let sid = base
  for (let count = 2; taken.has(sid); count++) sid = `${base}${count}`
  taken.add(sid)
  return sid
}

const SILENT = new Set(['the', 'a', 'an', 'of', 'its'])

/** Reasons that were met: most come again for every pipeline, all of them for every account. */
const capitals = new Map<string, string>()

function inCapitals(because: string): string {
  const known = capitals.get(because)
  if (known !== undefined) return known
  let text = ''
  for (const word of because.slice(because.startsWith('to ') ? 3 : 0).split(/[^A-Za-z0-9’']+/))
    if (!SILENT.has(word)) text += word.charAt(0).toUpperCase() + word.slice(1)
  const found = text.replaceAll(/[’']/g, '')
  capitals.set(because, found)
  return found
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
