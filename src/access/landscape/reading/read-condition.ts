/** The Condition element of a statement with open values, read as wide or as narrow as it can be. */
import { plainText } from '../../../model/index.ts'
import { Choice, type Undecided, type Value } from '../../../template/index.ts'
import { certain, certainPatterns, hasHole, isEndless, patternsOf, possible } from './members.ts'

export interface Reading {
  /** Whether the statement is to match whatever it may match, or only what it certainly does. */
  readonly wide: boolean
  /** A value's text, with stand-ins. */
  readonly text: (value: Value) => string
}

interface Test {
  readonly operator: string
  readonly key: string
  readonly values: Value
}

export type ConditionElement = Record<string, Record<string, string[]>>

/** Gives the tests that must hold; undefined where they cannot, by a narrow reading. */
export function readCondition(
  written: Value | undefined,
  { wide, text }: Reading,
): ConditionElement | undefined {
  const result: ConditionElement = {}
  for (const test of testsOf(written, wide).values()) {
    const read = readTest(test, wide, text)
    if (read === 'never') return undefined
    if (read !== 'always') put(result, read.operator, read.key, read.values)
  }
  return result
}

/** Tests by operator and key. All of them must hold, so that a wide reading has only those that are certainly there. */
function testsOf(written: Value | undefined, wide: boolean): Map<string, Test> {
  if (written instanceof Choice) {
    const [one, other] = [testsOf(written.ifTrue, wide), testsOf(written.ifFalse, wide)]
    return merged(one, other, written.condition, wide)
  }
  const tests = new Map<string, Test>()
  for (const [operator, keys] of entriesOf(written)) {
    const ofKeys = keysOf(operator, keys, wide)
    for (const [name, test] of ofKeys) tests.set(name, test)
  }
  return tests
}

function keysOf(operator: string, keys: Value, wide: boolean): Map<string, Test> {
  if (keys instanceof Choice)
    return merged(
      keysOf(operator, keys.ifTrue ?? {}, wide),
      keysOf(operator, keys.ifFalse ?? {}, wide),
      keys.condition,
      wide,
    )
  return new Map(entriesOf(keys).map(([key, values]) => [`${operator}\n${key}`, { operator, key, values }]))
}

function merged(
  one: ReadonlyMap<string, Test>,
  other: ReadonlyMap<string, Test>,
  condition: Undecided,
  wide: boolean,
): Map<string, Test> {
  const tests = new Map<string, Test>()
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [first, second] = [one.get(name), other.get(name)]
    if (first && second)
      tests.set(name, { ...first, values: new Choice(condition, first.values, second.values) })
    else if (!wide) tests.set(name, (first ?? second)!)
  }
  return tests
}

const entriesOf = (value: Value | undefined): [string, Value][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !hasClass(value)
    ? Object.entries(value as Record<string, Value>)
    : []

/** Maps are plain; open values are not. */
const hasClass = (value: object): boolean => Object.getPrototypeOf(value) !== Object.prototype

type ReadTest = { operator: string; key: string; values: string[] } | 'always' | 'never'

/** AWS: `…IfExists` and ForAllValues hold where the key is not there, ForAnyValue does not. */
function readTest({ operator, key, values }: Test, wide: boolean, text: Reading['text']): ReadTest {
  const [, quantifier = '', name = operator, ifExists = ''] =
    /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/i.exec(operator) ?? []
  const isNegated = /Not/i.test(name)
  const holdsWithout =
    quantifier.toLowerCase() === 'forallvalues' ||
    ifExists !== '' ||
    (isNegated && quantifier.toLowerCase() !== 'foranyvalue')
  const whether = (there: boolean): ReadTest => ({ operator: 'Null', key, values: [String(!there)] })
  const named = (base: string, texts: string[]): ReadTest => ({
    operator: operator.replace(name, base),
    key,
    values: texts,
  })
  // A wide reading of a negated test, and a narrow one of another, have only the values that are certain.
  const few = wide === isNegated
  const sure = () => (likeOf(name) === name ? certainPatterns(values) : certain(values))
  const found = few ? sure() : possible(values)
  if (few) {
    // A value that nobody knows is certainly itself, and that is all.
    const texts = isText(name) ? found.map(text) : found.filter((one) => !hasHole(one)).map(plainText)
    if (texts.length) return named(name, texts)
    if (isNegated) return holdsWithout ? 'always' : whether(true)
    return holdsWithout ? whether(false) : 'never'
  }
  if (!found.some(isEndless)) {
    const texts = patternsOf(found)
    return texts.length ? named(name, texts) : isNegated ? 'always' : 'never'
  }
  const like = likeOf(name)
  const hasWildcards = found.some((one) => !hasHole(one) && /[*?]/.test(plainText(one)))
  if (like && (like === name || !hasWildcards)) return named(like, patternsOf(found))
  if (isNegated) return holdsWithout ? whether(false) : 'never'
  return holdsWithout ? 'always' : name.toLowerCase() === 'null' ? 'always' : whether(true)
}

const isText = (operator: string): boolean => /^(String|Arn)/i.test(operator)

/** The operator that takes patterns; undefined for those of other types. AWS: ArnEquals takes them as ArnLike does. */
function likeOf(operator: string): string | undefined {
  if (/^Arn/i.test(operator) || /Like$/i.test(operator)) return operator
  return /^String(Not)?Equals$/i.test(operator) ? operator.replace(/Equals$/i, 'Like') : undefined
}

/** AWS: operators compare without regard to case, so that two tests of one operator and key can stand side by side. */
function put(into: ConditionElement, operator: string, key: string, values: string[]): void {
  let name = operator
  while (into[name]?.[key] !== undefined)
    name =
      name === operator
        ? operator.toLowerCase()
        : name.replace(/[a-z](?=[^a-z]*$)/, (one) => one.toUpperCase())
  into[name] = { ...into[name], [key]: values }
}
