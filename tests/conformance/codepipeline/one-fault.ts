/** Declarations with one fault each: every constraint of the model broken once, and every rule that is none of the model's. */
import { type ShapeData, shapeOf } from '../../../src/pipeline/declaration-shape.ts'

export interface Fault {
  readonly title: string
  readonly declaration: Json
}

type Json = Record<string, unknown>
type Path = readonly (string | number)[]

/** Gives the declaration with each constraint of its shapes broken once, also within what it leaves out. */
export function brokenShapes(declaration: object): Fault[] {
  const faults: Fault[] = []
  const seen = new Set<string>()
  const broken = (path: Path, what: string, value: unknown) => {
    const title = `${path.join('.')}: ${what}`
    if (seen.has(title)) return
    seen.add(title)
    faults.push({ title, declaration: changedAt(declaration, path, value) })
  }
  const visit = (name: string, value: unknown, path: Path): void => {
    const shape = shapeOf(name)
    for (const [what, wrong] of wrongValues(shape, value)) broken(path, what, wrong)
    const { members = {}, member, key, value: inner } = shape
    for (const [child, childShape] of Object.entries(members)) {
      const given = (value as Json)[child]
      if (given !== undefined) visit(childShape, given, [...path, child])
      else visitSample(childShape, (sample) => changedAt(value as object, [child], sample), path, child)
    }
    if (member && Array.isArray(value) && value.length) visit(member, value[0], [...path, 0])
    if (inner && value && Object.keys(value as Json).length) {
      const [first] = Object.keys(value as Json)
      visit(inner, (value as Json)[first!], [...path, first!])
      for (const [what, wrong] of wrongValues(shapeOf(key!), first))
        broken(path, `key ${what}`, { ...(value as Json), [String(wrong)]: (value as Json)[first!] })
    }
  }
  /** A member that is not there is put there, right but for the one fault. */
  const visitSample = (
    name: string,
    around: (sample: unknown) => unknown,
    path: Path,
    child: string,
  ): void => {
    const sample = sampleOf(name)
    for (const { title, declaration: one } of brokenWithin(name, sample))
      broken(path, `${child} ${title}`, around(one))
  }
  visit('PipelineDeclaration', declaration, [])
  return faults
}

function brokenWithin(name: string, sample: unknown): { title: string; declaration: unknown }[] {
  const shape = shapeOf(name)
  const own = wrongValues(shape, sample).map(([title, declaration]) => ({ title, declaration }))
  const within = Object.entries(shape.members ?? {}).flatMap(([child, childShape]) =>
    brokenWithin(childShape, (sample as Json)[child] ?? sampleOf(childShape)).map(
      ({ title, declaration }) => ({
        title: `${child} ${title}`,
        declaration: { ...(sample as Json), [child]: declaration },
      }),
    ),
  )
  const items = shape.member
    ? brokenWithin(shape.member, (sample as unknown[])[0]).map(({ title, declaration }) => ({
        title: `item ${title}`,
        declaration: [declaration],
      }))
    : []
  return [...own, ...within, ...items]
}

/** Values that break one constraint of a shape, each with its name. */
function wrongValues(shape: ShapeData, value: unknown): [string, unknown][] {
  const { type, min, max, pattern, enum: values, required = [] } = shape
  const wrong: [string, unknown][] = []
  if (type === 'string') {
    if (min) wrong.push(['empty', ''])
    if (max) wrong.push(['too long', String(value).padEnd(max + 1, 'x')])
    if (pattern && !new RegExp(`^(?:${pattern})$`).test('a b\n')) wrong.push(['of other characters', 'a b\n'])
    if (values) wrong.push(['none of its values', 'Nonsense'])
  } else if (type === 'integer') {
    if (min !== undefined) wrong.push(['too small', min - 1])
    if (max !== undefined) wrong.push(['too great', max + 1])
  } else if (type === 'list') {
    if (min) wrong.push(['too few', []])
    if (max) wrong.push(['too many', Array.from({ length: max + 1 }, () => (value as unknown[])[0])])
  } else if (type === 'structure')
    for (const name of required) wrong.push([`without ${name}`, without(value as Json, name)])
  return wrong
}

/** The smallest value that a shape takes. */
function sampleOf(name: string): unknown {
  const {
    type,
    members = {},
    required = [],
    member,
    key,
    value,
    min = 1,
    enum: values,
    pattern,
  } = shapeOf(name)
  switch (type) {
    case 'structure':
      return Object.fromEntries(required.map((one) => [one, sampleOf(members[one]!)]))
    case 'list':
      return [sampleOf(member!)]
    case 'map':
      return { [String(sampleOf(key!))]: sampleOf(value!) }
    case 'integer':
      return min
    default:
      if (pattern?.startsWith('arn:')) return 'arn:aws:iam::111111111111:role/sample'
      return values?.[0] ?? 'sample'.padEnd(min, 'x')
  }
}

const without = (value: Json, name: string): Json =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))

/** Gives a copy with another value at a path. */
export function changedAt(value: unknown, [step, ...rest]: Path, to: unknown): Json {
  if (step === undefined) return to as Json
  const copy = (Array.isArray(value) ? [...value] : { ...(value as Json) }) as Json
  copy[step] = changedAt(copy[step], rest, to)
  return copy
}

/** The properties of AWS::CodePipeline::Pipeline that say the same. */
export function propertiesOf(declaration: object): Json {
  const { Version: _, ArtifactStores: stores, ...properties } = capitalized(declaration) as Json
  const given = (declaration as Json).artifactStores as Json | undefined
  return {
    ...properties,
    ...(stores !== undefined && {
      ArtifactStores: Object.entries(given ?? {}).map(([Region, store]) => ({
        Region,
        ArtifactStore: capitalized(store),
      })),
    }),
  }
}

function capitalized(value: unknown, name?: string): unknown {
  if (Array.isArray(value)) return value.map((one) => capitalized(one))
  if (typeof value !== 'object' || value === null || name === 'configuration') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.slice(0, 1).toUpperCase() + key.slice(1),
      capitalized(one, key),
    ]),
  )
}
