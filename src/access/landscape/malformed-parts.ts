/** Whether the sections of a template are of the form that AWS takes, which whoever reads templates relies on. */
import type { Template } from '../../model/index.ts'

export interface MalformedPart {
  readonly what: string
  readonly path: readonly string[]
  readonly fix: string
}

type Fields = Readonly<Record<string, unknown>>

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SECTIONS = [
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
  'Metadata',
] as const

/** Gives what CloudFormation would refuse, in the order of the template's sections. */
export function* malformedParts(template: Template): Generator<MalformedPart> {
  for (const section of SECTIONS) {
    const entries: unknown = template[section]
    if (entries === undefined) continue
    if (!isMap(entries))
      yield { what: `${section} is no map`, path: [section], fix: 'make it a map, or leave it out' }
    else
      for (const [name, entry] of Object.entries(entries))
        yield* CHECKS[section]?.([section, name], entry) ?? []
  }
}

type Check = (path: readonly string[], entry: unknown) => Iterable<MalformedPart>

const CHECKS: Partial<Record<(typeof SECTIONS)[number], Check>> = {
  Parameters: parameter,
  Mappings: mapping,
  Resources: resource,
  Outputs: output,
}

function* parameter(path: readonly string[], entry: unknown): Generator<MalformedPart> {
  const name = `the parameter ${path.at(-1)}`
  const { Type, AllowedValues, AllowedPattern } = isMap(entry) ? entry : {}
  if (typeof Type !== 'string')
    yield { what: `${name} has no Type`, path, fix: 'give it one: String, for example' }
  if (AllowedValues !== undefined && !Array.isArray(AllowedValues))
    yield {
      what: `${name} has AllowedValues that are no list`,
      path: [...path, 'AllowedValues'],
      fix: 'list them',
    }
  if (AllowedPattern !== undefined && typeof AllowedPattern !== 'string')
    yield {
      what: `${name} has an AllowedPattern that is no text`,
      path: [...path, 'AllowedPattern'],
      fix: 'write a regular expression',
    }
}

function* mapping(path: readonly string[], entry: unknown): Generator<MalformedPart> {
  const fix = 'write Mappings: { <mapping>: { <key>: { <name>: value } } }'
  const what = `the mapping ${path[1]} is no map of maps`
  if (!isMap(entry)) yield { what, path, fix }
  else
    for (const [key, second] of Object.entries(entry))
      if (!isMap(second)) yield { what, path: [...path, key], fix }
}

function* resource(path: readonly string[], entry: unknown): Generator<MalformedPart> {
  const id = String(path.at(-1))
  if (id.startsWith('Fn::'))
    yield {
      what: `${id} among the resources is not carried out here`,
      path,
      fix: 'give the template as AWS processes it: aws cloudformation get-template --template-stage Processed',
    }
  const { Type, Properties, DependsOn, Condition } = isMap(entry) ? entry : {}
  if (typeof Type !== 'string')
    yield { what: `the resource ${id} has no Type`, path, fix: 'give it one: AWS::S3::Bucket, for example' }
  if (Properties !== undefined && !isMap(Properties))
    yield {
      what: `the Properties of the resource ${id} are no map`,
      path: [...path, 'Properties'],
      fix: 'make them a map, or leave them out',
    }
  if (Condition !== undefined && typeof Condition !== 'string')
    yield {
      what: `the Condition of the resource ${id} is no name`,
      path: [...path, 'Condition'],
      fix: 'name one of Conditions',
    }
  if (DependsOn !== undefined && ![DependsOn].flat().every((one) => typeof one === 'string'))
    yield {
      what: `DependsOn of the resource ${id} is no name and no list of names`,
      path: [...path, 'DependsOn'],
      fix: 'name other resources of the template',
    }
}

function* output(path: readonly string[], entry: unknown): Generator<MalformedPart> {
  const name = `the output ${path.at(-1)}`
  if (!isMap(entry) || entry.Value === undefined || entry.Value === null)
    yield { what: `${name} has no Value`, path, fix: 'give it one, or leave the output out' }
  else if (entry.Export !== undefined && !isMap(entry.Export))
    yield {
      what: `${name} has an Export that is no map`,
      path: [...path, 'Export'],
      fix: 'write Export: { Name: … }',
    }
}
