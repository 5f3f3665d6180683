/** One statement with open values, read as wide or as narrow as it can be. */
import type { PolicyStatement } from '../../../model/index.ts'
import { Choice, type Value } from '../../../template/index.ts'
import { certain, certainPatterns, hasHole, isEndless, patternsOf, possible } from './members.ts'
import { type Reading, readCondition } from './read-condition.ts'

export type Fields = Readonly<Record<string, Value | undefined>>

type Principals = readonly (readonly [kind: string, name: Value])[]

/** Gives the statement; undefined where it matches nothing. `Effect` is what it is read as. */
export function readStatement(
  fields: Fields,
  Effect: 'Allow' | 'Deny',
  reading: Reading,
): PolicyStatement | undefined {
  const actions = readNames('Action', fields, reading)
  const resources = readNames('Resource', fields, reading)
  const principals = readPrincipals(fields, reading)
  const condition = readCondition(fields.Condition, reading)
  if (!(actions && resources && principals && condition)) return undefined
  const { Sid } = fields
  return {
    ...(typeof Sid === 'string' && { Sid }),
    Effect,
    ...principals,
    ...actions,
    ...resources,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  } as PolicyStatement
}

/** Action or NotAction, Resource or NotResource; both of them where a condition decides which. */
function readNames(name: string, fields: Fields, { wide, text }: Reading): object | undefined {
  const [named, excepted] = [fields[name], fields[`Not${name}`]]
  // AWS: actions are compared without regard to case.
  const sure = (value: Value | undefined) => certainPatterns(value, name === 'Action').map(text)
  if (named === undefined && excepted === undefined) return {}
  if (named !== undefined && excepted !== undefined) return wide ? { [name]: '*' } : undefined
  if (excepted !== undefined) {
    const texts = wide ? sure(excepted) : patternsOf(possible(excepted))
    return texts.length ? { [`Not${name}`]: texts } : { [name]: '*' }
  }
  const texts = wide ? patternsOf(possible(named)) : sure(named)
  return texts.length ? { [name]: texts } : undefined
}

/** AWS: principals take no patterns; one that nobody knows may be anyone. */
function readPrincipals({ Principal, NotPrincipal }: Fields, { wide, text }: Reading): object | undefined {
  if (Principal === undefined && NotPrincipal === undefined) return {}
  if (Principal !== undefined && NotPrincipal !== undefined) return wide ? { Principal: '*' } : undefined
  if (NotPrincipal !== undefined) {
    const names = principalsOf(NotPrincipal, wide ? certain : possible)
    if (wide) return names.length ? { NotPrincipal: byKind(names, text) } : { Principal: '*' }
    return names.some(([, name]) => isEndless(name))
      ? undefined
      : { NotPrincipal: byKind(listed(names), text) }
  }
  const names = principalsOf(Principal, wide ? possible : certain)
  if (!names.length) return undefined
  if (!wide) return { Principal: byKind(names, text) }
  return names.some(([, name]) => isEndless(name))
    ? { Principal: '*' }
    : { Principal: byKind(listed(names), text) }
}

/** The names with their kinds; `*` stands for any. */
function principalsOf(value: Value | undefined, members: typeof possible): Principals {
  if (value === undefined) return []
  if (value instanceof Choice) {
    const [one, other] = [principalsOf(value.ifTrue, members), principalsOf(value.ifFalse, members)]
    if (members === possible) return [...one, ...other]
    const others = new Set(other.map((each) => JSON.stringify(each)))
    return one.filter((each) => others.has(JSON.stringify(each)))
  }
  if (typeof value === 'string') return [['AWS', value]]
  if (hasHole(value) && Object.getPrototypeOf(value) !== Object.prototype) return [['AWS', value]]
  return Object.entries(value as Record<string, Value>).flatMap(([kind, names]) =>
    members(names).map((name) => [kind, name] as const),
  )
}

/** Names of which all that they may become is known. */
const listed = (names: Principals): Principals =>
  names.flatMap(([kind, name]) => patternsOf([name]).map((one) => [kind, one] as const))

function byKind(names: Principals, text: Reading['text']): Record<string, string[]> {
  const kinds: Record<string, string[]> = {}
  for (const [kind, name] of names) {
    kinds[kind] ??= []
    kinds[kind].push(typeof name === 'string' ? name : text(name))
  }
  return kinds
}
