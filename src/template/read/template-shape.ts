/** Whether the sections of a template are of the form that whoever reads templates relies on. */
import type { Section } from './parse-template.ts'
import { TemplateFault, type TemplatePath } from './template-fault.ts'

export const isMap = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SECTIONS = [
  'Parameters',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
  'Rules',
  'Metadata',
] as const

/** Gives what is of another form, section by section. Without any of it, a template can be read as its type says. */
export function* shapeFaults(parsed: Section): Generator<TemplateFault> {
  if (!isMap(parsed.Resources))
    yield new TemplateFault(
      parsed.Resources === undefined
        ? 'Template format error: At least one Resources member must be defined.'
        : 'Template format error: [/Resources] expected type object.',
      {
        ...(parsed.Resources !== undefined && { path: ['Resources'] }),
        told: 'it has no Resources',
        fix: 'name a CloudFormation template: a map with Resources in it',
      },
    )
  for (const section of SECTIONS) {
    const entries = parsed[section]
    if (entries === undefined || section === 'Resources') continue
    if (!isMap(entries))
      yield fault(`Template format error: [/${section}] expected type object.`, [section], {
        told: `${section} is no map`,
        fix: 'make it a map, or leave it out',
      })
  }
  yield* entriesOf(parsed.Parameters, 'Parameters', parameter)
  yield* entriesOf(parsed.Resources, 'Resources', resource)
  yield* entriesOf(parsed.Outputs, 'Outputs', output)
  yield* entriesOf(parsed.Mappings, 'Mappings', mapping)
}

const fault = (
  message: string,
  path: TemplatePath,
  details: { told?: string; fix?: string },
): TemplateFault => new TemplateFault(message, { path, ...details })

type Check = (entry: unknown, name: string, path: TemplatePath) => Iterable<TemplateFault>

function* entriesOf(section: unknown, title: string, check: Check): Generator<TemplateFault> {
  if (isMap(section))
    for (const [name, entry] of Object.entries(section)) yield* check(entry, name, [title, name])
}

function* parameter(entry: unknown, name: string, path: TemplatePath): Generator<TemplateFault> {
  const { Type, AllowedValues, AllowedPattern } = isMap(entry) ? entry : {}
  if (typeof Type !== 'string')
    yield fault('Template format error: Every Parameters object must contain a Type member.', path, {
      told: `the parameter ${name} has no Type`,
      fix: 'give it one: String, for example',
    })
  if (AllowedValues !== undefined && !Array.isArray(AllowedValues))
    yield fault(
      'Template format error: Every AllowedValues member must be a list.',
      [...path, 'AllowedValues'],
      { told: `the parameter ${name} has AllowedValues that are no list`, fix: 'list them' },
    )
  if (AllowedPattern !== undefined && typeof AllowedPattern !== 'string')
    yield fault(
      'Template format error: Every AllowedPattern member must be a string.',
      [...path, 'AllowedPattern'],
      {
        told: `the parameter ${name} has an AllowedPattern that is no text`,
        fix: 'write a regular expression',
      },
    )
}

function* mapping(entry: unknown, name: string, path: TemplatePath): Generator<TemplateFault> {
  const wrong = isMap(entry) ? Object.keys(entry).filter((key) => !isMap(entry[key])) : ['']
  for (const key of wrong)
    yield fault(
      `Template format error: Every Mappings member ${name} must be a map of maps.`,
      key === '' ? path : [...path, key],
      {
        told: `the mapping ${name} is no map of maps`,
        fix: 'write Mappings: { <mapping>: { <key>: { <name>: value } } }',
      },
    )
}

function* resource(entry: unknown, id: string, path: TemplatePath): Generator<TemplateFault> {
  const where = `[/Resources/${id}]`
  const { Type, Properties, DependsOn, Condition } = isMap(entry) ? entry : {}
  if (!isMap(entry) && !id.startsWith('Fn::'))
    yield fault(`Template format error: ${where} resource definition is malformed`, path, {
      told: `the resource ${id} is no map`,
      fix: 'write its Type and Properties',
    })
  else if (typeof Type !== 'string')
    yield fault(
      id.startsWith('Fn::')
        ? `Template format error: Resource name ${id} is non alphanumeric.`
        : `Template format error: ${where} Every Resources object must contain a Type member.`,
      path,
      id.startsWith('Fn::')
        ? {
            told: `${id} among the resources is not carried out here`,
            fix: 'give the template as AWS processes it: aws cloudformation get-template --template-stage Processed',
          }
        : { told: `the resource ${id} has no Type`, fix: 'give it one: AWS::S3::Bucket, for example' },
    )
  if (Properties !== undefined && !isMap(Properties))
    yield fault(
      `Template format error: [/Resources/${id}/Properties] expected type object.`,
      [...path, 'Properties'],
      {
        told: `the Properties of the resource ${id} are no map`,
        fix: 'make them a map, or leave them out',
      },
    )
  if (Condition !== undefined && typeof Condition !== 'string')
    yield fault(
      `Template format error: [/Resources/${id}/Condition] expected type string.`,
      [...path, 'Condition'],
      { told: `the Condition of the resource ${id} is no name`, fix: 'name one of Conditions' },
    )
  if (DependsOn !== undefined && ![DependsOn].flat().every((one) => typeof one === 'string'))
    yield fault(
      `Template format error: DependsOn in ${id} must be a string or a list of strings.`,
      [...path, 'DependsOn'],
      {
        told: `DependsOn of the resource ${id} is no name and no list of names`,
        fix: 'name other resources of the template',
      },
    )
}

function* output(entry: unknown, name: string, path: TemplatePath): Generator<TemplateFault> {
  if (!isMap(entry) || entry.Value === undefined || entry.Value === null)
    yield fault('Template format error: Every Outputs member must contain a Value object', path, {
      told: `the output ${name} has no Value`,
      fix: 'give it one, or leave the output out',
    })
  else if (entry.Export !== undefined && !isMap(entry.Export))
    yield fault(
      `Template format error: [/Outputs/${name}/Export] expected type object.`,
      [...path, 'Export'],
      { told: `the output ${name} has an Export that is no map`, fix: 'write Export: { Name: … }' },
    )
}
