/** Event patterns: read, checked, and turned into alternatives of field tests. */
import { invalidPattern, type Refuse } from './invalid-pattern.ts'
import { type JsonNode, readJson } from './json-node.ts'
import { type Leaf, type ValueTest, valueTest } from './value-test.ts'

/** What one field must be. */
export interface FieldTest {
  /** Names joined by dots: `detail.bucket.name`. */
  readonly path: string
  /** One of them is enough. */
  readonly tests: readonly ValueTest[]
  /** Whether it fits that the event has no such field. */
  readonly mayBeAbsent: boolean
}

/** An event fits where all field tests of one alternative fit. */
export interface EventPattern {
  readonly alternatives: readonly (readonly FieldTest[])[]
  /** Plain strings that the pattern gives for a field, by path; condition keys of PutRule are made of them. */
  readonly strings: ReadonlyMap<string, readonly string[]>
}

type Alternatives = readonly ReadonlyMap<string, FieldTest>[]

/** Alternatives that `$or` may multiply to. */
const MOST_ALTERNATIVES = 1_000
/** AWS: names that would be ambiguous beside `$or`. */
const RESERVED = [
  'exactly',
  'prefix',
  'suffix',
  'numeric',
  'anything-but',
  'exists',
  'cidr',
  'equals-ignore-case',
  'wildcard',
]

/** Reads a pattern. Errors: InvalidEventPatternException in AWS's words. */
export function compilePattern(text: string): EventPattern {
  const refuse: Refuse = (reason, offset) => invalidPattern(reason, text, offset)
  let root: JsonNode
  try {
    root = readJson(text)
  } catch (error) {
    throw invalidPattern((error as Error).message)
  }
  if (root.kind !== 'object') throw refuse('Filter is not an object', root.seen)
  const strings = new Map<string, string[]>()
  const alternatives = readObject(root, '', [new Map()], { refuse, strings, insideOr: false })
  return { alternatives: alternatives.map((fields) => [...fields.values()]), strings }
}

interface Reading {
  readonly refuse: Refuse
  readonly strings: Map<string, string[]>
  readonly insideOr: boolean
}

function readObject(node: JsonNode, path: string, before: Alternatives, reading: Reading): Alternatives {
  const { refuse, insideOr } = reading
  if (!node.members.length) throw refuse('Empty objects are not allowed', node.end)
  let alternatives = before
  for (const { name, node: value } of node.members) {
    if (name === '$or') {
      alternatives = readOr(value, path, alternatives, reading)
      continue
    }
    if (insideOr && RESERVED.includes(name))
      throw refuse(`${name} is Ruler reserved fieldName which cannot be used inside $or.`, value.seen)
    const own = path ? `${path}.${name}` : name
    if (value.kind === 'object') alternatives = readObject(value, own, alternatives, reading)
    else if (value.kind === 'array') {
      const field = readField(value, own, reading)
      alternatives = alternatives.map((fields) => new Map(fields).set(own, field))
    } else throw refuse(`"${name}" must be an object or an array`, value.seen)
  }
  return alternatives
}

/** AWS: each object of `$or` forks the pattern. */
function readOr(node: JsonNode, path: string, before: Alternatives, reading: Reading): Alternatives {
  const { refuse } = reading
  if (node.kind !== 'array') throw refuse('It must be an Array followed with $or.', node.seen)
  const forked = node.items.flatMap((item) => {
    if (item.kind !== 'object')
      throw refuse('Only JSON object is allowed in array of $or relationship.', item.seen)
    return readObject(item, path, before, { ...reading, insideOr: true })
  })
  if (node.items.length < 2) throw refuse('There must have at least 2 Objects in $or relationship.', node.end)
  if (forked.length > MOST_ALTERNATIVES)
    throw refuse(`More than ${MOST_ALTERNATIVES} combinations in $or relationships.`, node.end)
  return forked
}

function readField(list: JsonNode, path: string, { refuse, strings }: Reading): FieldTest {
  if (!list.items.length) throw refuse('Empty arrays are not allowed', list.end)
  const tests: ValueTest[] = []
  let mayBeAbsent = false
  for (const item of list.items) {
    if (item.kind === 'array')
      throw refuse('Match value must be String, number, true, false, or null', item.seen)
    const exists = item.kind === 'object' ? existsOf(item, refuse) : undefined
    if (exists === false) mayBeAbsent = true
    else if (exists) tests.push(() => true)
    else if (item.kind === 'object') tests.push(valueTest(item, refuse))
    else {
      const wanted = item.value as Leaf
      tests.push((value) => value === wanted)
      if (typeof wanted === 'string') strings.set(path, [...(strings.get(path) ?? []), wanted])
    }
  }
  return { path, tests, mayBeAbsent }
}

function existsOf({ members }: JsonNode, refuse: Refuse): boolean | undefined {
  const [member, second] = members
  if (member?.name !== 'exists') return undefined
  if (member.node.kind !== 'boolean')
    throw refuse('exists match pattern must be either true or false.', member.node.seen)
  if (second) throw refuse('Only one key allowed in match expression', second.node.seen)
  return member.node.value as boolean
}
