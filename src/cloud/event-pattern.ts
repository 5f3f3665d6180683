/** Event patterns: which events a rule of EventBridge, or a filter policy of SNS, lets through. */
import { BlockList, isIP, isIPv6 } from 'node:net'

export type PatternTest = (event: unknown) => boolean

/** What is wrong with a pattern, in words. */
export class PatternError extends Error {}

/**
 * Compiles a pattern, given as JSON text or parsed.
 * AWS: every field must match, of a field's values one must; an array in the event matches by any of its elements.
 * Errors: PatternError.
 */
export function compilePattern(pattern: unknown): PatternTest {
  const parsed = typeof pattern === 'string' ? parse(pattern) : pattern
  if (!isObject(parsed)) throw new PatternError('Filter is not an object')
  if (!Object.keys(parsed).length) throw new PatternError('Empty patterns are not allowed')
  return compileObject(parsed, '')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PatternError((error as Error).message)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function compileObject(pattern: Record<string, unknown>, path: string): PatternTest {
  const tests = Object.entries(pattern).map(([name, wanted]): PatternTest => {
    if (name === '$or' && Array.isArray(wanted) && wanted.every(isObject)) return compileOr(wanted, path)
    const where = path ? `${path}.${name}` : name
    const test = compileField(wanted, where)
    return (event) => test(isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined)
  })
  return (event) => tests.every((test) => test(event))
}

function compileOr(alternatives: Record<string, unknown>[], path: string): PatternTest {
  if (alternatives.length < 2) throw new PatternError('"$or" must have at least two alternatives')
  const tests = alternatives.map((one) => compileObject(one, path))
  return (event) => tests.some((test) => test(event))
}

function compileField(wanted: unknown, where: string): PatternTest {
  if (isObject(wanted)) {
    if (!Object.keys(wanted).length) throw new PatternError(`Empty objects are not allowed at "${where}"`)
    const test = compileObject(wanted, where)
    return (value) => (Array.isArray(value) ? value.some(test) : test(value))
  }
  if (!Array.isArray(wanted)) throw new PatternError(`"${where}" must be an object or an array`)
  if (!wanted.length) throw new PatternError('Empty arrays are not allowed')
  const tests = wanted.map((one) => compileValue(one, where))
  return (value) => tests.some((test) => test(value))
}

/** Tests a whole field, which may be absent or hold a list. */
function compileValue(wanted: unknown, where: string): PatternTest {
  if (!isObject(wanted)) {
    if (Array.isArray(wanted)) throw new PatternError(`Unexpected list at "${where}"`)
    return anyOf((value) => value === wanted)
  }
  const entries = Object.entries(wanted)
  if (entries.length !== 1) throw new PatternError(`Only one key allowed in match expression at "${where}"`)
  const [operator, operand] = entries[0]!
  if (operator === 'exists') {
    if (typeof operand !== 'boolean')
      throw new PatternError('exists match pattern must be either true or false.')
    return (value) => (value !== undefined && !(Array.isArray(value) && !value.length)) === operand
  }
  return anyOf(compileOperator(operator, operand))
}

const anyOf =
  (test: PatternTest): PatternTest =>
  (value) =>
    Array.isArray(value) ? value.some(test) : value !== undefined && test(value)

const onText =
  (test: (text: string) => boolean): PatternTest =>
  (value) =>
    typeof value === 'string' && test(value)

function text(operator: string, operand: unknown): string {
  if (typeof operand === 'string') return operand
  throw new PatternError(`${operator} match pattern must be a string`)
}

function compileOperator(operator: string, operand: unknown): PatternTest {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return affix(operator, operand)
    case 'equals-ignore-case': {
      const wanted = text(operator, operand).toLowerCase()
      return onText((value) => value.toLowerCase() === wanted)
    }
    case 'wildcard': {
      const pattern = wildcard(text(operator, operand))
      return onText((value) => pattern.test(value))
    }
    case 'numeric':
      return numeric(operand)
    case 'cidr':
      return cidr(text(operator, operand))
    case 'anything-but':
      return anythingBut(operand)
    default:
      throw new PatternError(`Unrecognized match type ${operator}`)
  }
}

function affix(operator: 'prefix' | 'suffix', operand: unknown): PatternTest {
  const folded = isObject(operand)
  const given = folded ? operand['equals-ignore-case'] : operand
  const wanted = folded ? text(operator, given).toLowerCase() : text(operator, given)
  return onText((value) => {
    const actual = folded ? value.toLowerCase() : value
    return operator === 'prefix' ? actual.startsWith(wanted) : actual.endsWith(wanted)
  })
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string): RegExp {
  if (/\*\*/.test(pattern.replace(/\\./g, ''))) throw new PatternError('Consecutive wildcard characters')
  const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (found, escaped) => {
    if (escaped) return `\\${escaped}`
    return found === '*' ? '[^]*' : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}

const COMPARISONS: Record<string, (value: number, limit: number) => boolean> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

function numeric(operand: unknown): PatternTest {
  if (!Array.isArray(operand) || operand.length < 2 || operand.length % 2)
    throw new PatternError('numeric match pattern must be a list of operators and numbers')
  const tests: ((value: number) => boolean)[] = []
  for (let at = 0; at < operand.length; at += 2) {
    const compare = COMPARISONS[String(operand[at])]
    const limit: unknown = operand[at + 1]
    if (!compare) throw new PatternError(`Unrecognized numeric range operator: ${operand[at]}`)
    if (typeof limit !== 'number') throw new PatternError(`Value of ${operand[at]} must be numeric`)
    tests.push((value) => compare(value, limit))
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value))
}

function cidr(range: string): PatternTest {
  const [address = '', length] = range.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const bits = Number(length)
  if (!isIP(address) || !Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv6' ? 128 : 32))
    throw new PatternError(`Malformed CIDR: ${range}`)
  const block = new BlockList()
  block.addSubnet(address, bits, family)
  return onText((value) => isIP(value) !== 0 && block.check(value, isIPv6(value) ? 'ipv6' : 'ipv4'))
}

function anythingBut(operand: unknown): PatternTest {
  if (!isObject(operand)) {
    const excluded = Array.isArray(operand) ? operand : [operand]
    if (!excluded.length || excluded.some((one) => typeof one !== 'string' && typeof one !== 'number'))
      throw new PatternError('Value of anything-but must be an array or single string/number value.')
    return (value) => !excluded.includes(value)
  }
  const [[operator, inner] = []] = Object.entries(operand)
  if (!operator || !['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator))
    throw new PatternError(`Unsupported anything-but pattern: ${operator}`)
  const tests = (Array.isArray(inner) ? inner : [inner]).map((one) => compileOperator(operator, one))
  return (value) => !tests.some((test) => test(value))
}

const LIMIT = 1_000
const compiled = new Map<string, PatternTest>()

/** As `compilePattern`, and remembers what was compiled, for patterns that are asked for every event. */
export function patternFor(pattern: string): PatternTest {
  const known = compiled.get(pattern)
  if (known) return known
  const test = compilePattern(pattern)
  if (compiled.size >= LIMIT) compiled.clear()
  compiled.set(pattern, test)
  return test
}
