/** A pipeline as the properties of AWS::CodePipeline::Pipeline declare it. */
import { type PipelineDeclaration, plainText } from '../model/index.ts'
import { type ShapeData, shapeOf } from './declaration-shape.ts'
import { badValue, type Violation } from './violation.ts'

type Properties = Readonly<Record<string, unknown>>

export interface TemplateDeclaration {
  readonly declaration: PipelineDeclaration
  /** Values that CodePipeline cannot be given; they stand in the declaration as JSON text. */
  readonly violations: readonly Violation[]
}

/**
 * Gives the declaration that CloudFormation hands to CodePipeline. AWS: its properties are the API's fields with capitals,
 * artifact stores are a list there, and a value that is no text becomes one. What is not of the type that CloudFormation
 * takes is left out: it refuses it before it hands over anything.
 */
export function declaredInTemplate(properties: Properties, name: string): TemplateDeclaration {
  const violations: Violation[] = []
  const given = { ...properties, Name: name, ArtifactStores: storesByRegion(properties.ArtifactStores) }
  const declaration = converted('PipelineDeclaration', given, '', violations) as PipelineDeclaration
  return { declaration, violations }
}

const storesByRegion = (stores: unknown): unknown =>
  Array.isArray(stores)
    ? Object.fromEntries(
        stores.filter(isRecord).map((one) => [plainText(one.Region ?? ''), one.ArtifactStore]),
      )
    : undefined

const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function converted(shapeName: string, value: unknown, path: string, violations: Violation[]): unknown {
  const shape = shapeOf(shapeName)
  if (value === undefined || value === null) return undefined
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? structureOf(shape, value, path, violations) : undefined
    case 'list':
      return (Array.isArray(value) ? value : [value]).flatMap((one, index) => {
        const item = converted(shape.member!, one, `${path}[${index}]`, violations)
        return item === undefined ? [] : [item]
      })
    case 'map':
      return isRecord(value) ? mapOf(shape, value, path, violations) : undefined
    case 'integer':
      return typeof value === 'object' ? undefined : Number(value)
    default:
      return typeof value === 'object' ? undefined : String(value)
  }
}

function structureOf(
  { members = {}, required = [] }: ShapeData,
  value: Properties,
  path: string,
  violations: Violation[],
) {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, shape]) => {
      const at = path ? `${path}.${name}` : name
      const member = converted(shape, value[capitalized(name)], at, violations)
      if (member !== undefined) return [[name, member]]
      return required.includes(name) ? [[name, missing(shape)]] : []
    }),
  )
}

/** What must be there and is not: CloudFormation refuses it, and everybody else can count on it. */
function missing(shape: string): unknown {
  const { type } = shapeOf(shape)
  if (type === 'structure') return converted(shape, {}, '', [])
  return type === 'list' ? [] : ''
}

/** AWS: lists and objects within a configuration have to be given as JSON text. */
function mapOf({ value: shape = '' }: ShapeData, value: Properties, path: string, violations: Violation[]) {
  const isOfTexts = shapeOf(shape).type === 'string'
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
      const at = `${path}.${key}`
      if (!isOfTexts || typeof one !== 'object' || one === null) {
        const item = converted(shape, one, at, violations)
        return item === undefined ? [] : [[key, item]]
      }
      violations.push(
        badValue(
          at,
          `Value of the configuration ${key} must be a string`,
          'write it as text that holds JSON',
        ),
      )
      return [[key, JSON.stringify(one)]]
    }),
  )
}

const capitalized = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)

/** Gives where in the properties stands what a declaration has at a path: `stages[1].actions[0].configuration.Key`. */
export function placeInProperties(path: string, { ArtifactStores }: Properties): (string | number)[] {
  const [, before = path, key] = /^(.*?\.configuration)\.(.+)$/.exec(path) ?? []
  const place = before
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : capitalized(step)))
  const [block, region, ...rest] = place
  if (block === 'ArtifactStores' && typeof region === 'string' && Array.isArray(ArtifactStores)) {
    const name = /^artifactStores\.([^.[]+)/.exec(path)?.[1]
    const index = ArtifactStores.findIndex((one) => isRecord(one) && one.Region === name)
    return index < 0 ? [block] : [block, index, 'ArtifactStore', ...rest]
  }
  return key === undefined ? place : [...place, key]
}
