/** The form of a declaration: which fields there must be, of which type, and how long, as CodePipeline's model says. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { type ShapeData, shapeOf } from '../declaration-shape.ts'
import { badValue, type Violation } from '../violation.ts'

/** What is wrong within a value, with the path from the value on. */
type Check = (value: unknown, tell: Tell) => void
type Tell = (path: string, message: (path: string) => string) => void

const checks = new Map<string, Check>()

/** AWS: CreatePipeline holds its input to the model before anything else. */
export function checkForm(pipeline: PipelineDeclaration): Violation[] {
  const violations: Violation[] = []
  checkOf('PipelineDeclaration')(pipeline, (path, message) => {
    const at = path.replace(/^\./, '')
    violations.push(badValue(at, message(at)))
  })
  return violations
}

/** Most declarations are right: the path of a field is put together only where one is not. */
function checkOf(name: string): Check {
  const known = checks.get(name)
  if (known) return known
  const check = newCheck(shapeOf(name))
  checks.set(name, check)
  return check
}

function newCheck(shape: ShapeData): Check {
  switch (shape.type) {
    case 'structure':
      return structureCheck(shape)
    case 'list':
      return listCheck(shape)
    case 'map':
      return mapCheck(shape)
    case 'integer':
      return numberCheck(shape)
    default:
      return textCheck(shape)
  }
}

function structureCheck({ members = {}, required = [] }: ShapeData): Check {
  const fields = Object.entries(members)
  return (value, tell) => {
    const given = value as Readonly<Record<string, unknown>>
    for (const name of required)
      if (given[name] === undefined) tell(`.${name}`, (path) => `${path} is missing`)
    for (const [name, shape] of fields)
      if (given[name] !== undefined)
        checkOf(shape)(given[name], (path, message) => tell(`.${name}${path}`, message))
  }
}

function listCheck({ member = '', ...bounds }: ShapeData): Check {
  return (value, tell) => {
    const items = value as readonly unknown[]
    tellCount(items.length, bounds, 'entries', tell)
    for (const [index, item] of items.entries())
      checkOf(member)(item, (path, message) => tell(`[${index}]${path}`, message))
  }
}

function mapCheck({ key = '', value: inner = '', ...bounds }: ShapeData): Check {
  return (value, tell) => {
    const entries = Object.entries(value as object)
    tellCount(entries.length, bounds, 'entries', tell)
    for (const [name, item] of entries) {
      checkOf(key)(name, (_, message) => tell('', (path) => message(`the name ${name} in ${path}`)))
      checkOf(inner)(item, (path, message) => tell(`.${name}${path}`, message))
    }
  }
}

function numberCheck({ min = -Infinity, max = Infinity }: ShapeData): Check {
  const allowed = max === Infinity ? `a whole number from ${min}` : `${min} to ${max}`
  return (value, tell) => {
    if (!(Number.isInteger(value) && (value as number) >= min && (value as number) <= max))
      tell('', (path) => `${path} is ${value} but must be ${allowed}`)
  }
}

function textCheck({ pattern, enum: values, ...bounds }: ShapeData): Check {
  const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`)
  return (value, tell) => {
    const text = String(value)
    if (tellCount(text.length, bounds, 'characters', tell)) return
    if (whole && !whole.test(text))
      tell('', (path) => `${path} is "${text}", which does not match ${pattern}`)
    if (values && !values.includes(text))
      tell('', (path) => `${path} is "${text}"; allowed are ${values.join(', ')}`)
  }
}

function tellCount(
  count: number,
  { min = 0, max = Infinity }: Pick<ShapeData, 'min' | 'max'>,
  of: string,
  tell: Tell,
): boolean {
  const isWrong = count < min || count > max
  const allowed = max === Infinity ? `at least ${min}` : `${min} to ${max}`
  if (isWrong) tell('', (path) => `${path} has ${count} ${of}; ${allowed} are allowed`)
  return isWrong
}
