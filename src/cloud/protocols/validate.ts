/** Checks an input against the model's constraints, with the errors AWS words for them. */
import { AwsError } from '../../model/index.ts'
import type { Fields, Wire } from '../kernel/wire.ts'
import { type Constraint, constraintsOf, quoted } from './constraint.ts'
import type { Member, OperationModel, ServiceModel, Shape } from './model.ts'

type Check = (value: unknown, path: string, problems: string[]) => void

const checks = new WeakMap<Shape, Check>()

/**
 * Checks required members, lengths, ranges, patterns and enums at every depth.
 * Of services with an error of their own for a missing member, only that the required ones are there.
 * Errors: `code`, or ValidationException (query services: ValidationError), listing every violation in AWS's words.
 */
export function validate(model: ServiceModel, operation: OperationModel, input: Fields, code?: string): void {
  if (!operation.input) return
  const usual = model.protocol === 'query' ? 'ValidationError' : 'ValidationException'
  const missing = model.wire?.missing
  if (missing) requireMembers(operation.input, input, missing)
  else checkConstraints(operation.input, input, code ?? usual)
}

function checkConstraints(shape: Shape, input: Fields, code: string): void {
  const problems: string[] = []
  checkOf(shape)(input, '', problems)
  if (problems.length === 0) return
  const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected`
  throw new AwsError(code, `${count}: ${problems.join('; ')}`, { status: 400 })
}

function checkOf(shape: Shape): Check {
  const known = checks.get(shape)
  if (known) return known
  let compiled: Check | undefined
  const lazy: Check = (value, path, problems) => {
    compiled ??= compile(shape)
    compiled(value, path, problems)
  }
  checks.set(shape, lazy)
  return lazy
}

function compile(shape: Shape): Check {
  const own = ownCheck(shape)
  const inner = innerCheck(shape)
  if (!inner) return own
  return (value, path, problems) => {
    own(value, path, problems)
    inner(value, path, problems)
  }
}

function ownCheck(shape: Shape): Check {
  const constraints = constraintsOf(shape)
  const { sensitive } = shape.data
  return (value, path, problems) => {
    for (const { words, holds } of constraints) {
      if (!holds(value)) problems.push(violation(sensitive ? undefined : value, path, words))
    }
  }
}

function violation(value: unknown, path: string, words: string): string {
  const shown = value === undefined ? 'Value' : `Value '${quoted(value)}'`
  return `${shown} at '${path}' failed to satisfy constraint: ${words}`
}

const isNull = (path: string): string => `Value null at '${path}' failed to satisfy constraint: ${NOT_NULL}`

function innerCheck(shape: Shape): Check | undefined {
  if (shape.data.document) return undefined
  if (shape.type === 'structure') return structureCheck(shape)
  if (shape.type === 'list')
    return collectionCheck(shape, shape.element, 'Member must satisfy constraint', listItems)
  if (shape.type !== 'map') return undefined
  const keys = collectionCheck(shape, shape.key, 'Map keys must satisfy constraint', mapKeys)
  const values = collectionCheck(shape, shape.value, 'Map value must satisfy constraint', mapValues)
  return (value, path, problems) => {
    keys?.(value, path, problems)
    values?.(value, path, problems)
  }
}

type Items = (value: unknown) => [string, unknown][]
const listItems: Items = (value) => (value as unknown[]).map((item, index) => [`${index + 1}.member`, item])
const mapKeys: Items = (value) => Object.keys(value as Fields).map((key) => [key, key])
const mapValues: Items = (value) =>
  Object.entries(value as Fields).map(([key, item]) => [`${key}.member`, item])

const NOT_NULL = 'Member must not be null'

/**
 * AWS: a violated scalar inside a collection is reported on the collection, with all the scalar's constraints. JSON lets a
 * list hold null, which no list of AWS's takes: Lambda and IAM end these constraints with "Member must not be null".
 */
function collectionCheck(shape: Shape, item: Member, words: string, items: Items): Check | undefined {
  if (['structure', 'list', 'map'].includes(item.shape.type)) {
    const check = checkOf(item.shape)
    return (value, path, problems) => {
      for (const [key, one] of items(value)) {
        if (one === null) problems.push(isNull(`${path}.${key}`))
        else check(one, `${path}.${key}`, problems)
      }
    }
  }
  const constraints = constraintsOf(item.shape)
  const isSecret = shape.data.sensitive || item.shape.data.sensitive
  return (value, path, problems) => {
    const held = items(value).map(([, one]) => one)
    const hasNull = held.includes(null)
    if (!hasNull && held.every((one) => satisfies(one, constraints))) return
    const all = [...constraints.map((one) => one.words), ...(hasNull ? [NOT_NULL] : [])]
    problems.push(violation(isSecret ? undefined : value, path, `${words}: [${all.join(', ')}]`))
  }
}

const satisfies = (value: unknown, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ holds }) => holds(value))

function structureCheck(shape: Shape): Check {
  const required = new Set(shape.data.required)
  const members = shape.members.map((member) => ({
    name: member.name,
    path: member.name.charAt(0).toLowerCase() + member.name.slice(1),
    required: required.has(member.name),
    check: member.streaming ? undefined : checkOf(member.shape),
  }))
  return (value, path, problems) => {
    for (const { name, path: step, required: isRequired, check } of members) {
      const found = (value as Fields)[name]
      const at = path === '' ? step : `${path}.${step}`
      if (found !== undefined && found !== null) check?.(found, at, problems)
      else if (isRequired) problems.push(isNull(at))
    }
  }
}

function requireMembers(shape: Shape, value: Fields, missing: NonNullable<Wire['missing']>): void {
  for (const name of shape.data.required ?? []) {
    if (value[name] !== undefined) continue
    throw missing(name, shape.member(name)?.location === undefined ? 'body' : 'elsewhere')
  }
  for (const member of shape.members) {
    const found = value[member.name]
    if (member.shape.type === 'structure' && found !== undefined)
      requireMembers(member.shape, found as Fields, missing)
    if (member.shape.type === 'list' && member.shape.element.shape.type === 'structure') {
      const item = member.shape.element.shape
      for (const one of (found ?? []) as Fields[]) requireMembers(item, one, missing)
    }
  }
}
