/** Checks a template as a whole, before anything is made of it. */
import { entryOf, type Template } from '../../model/index.ts'
import { circular, dependenciesOf, needsItself } from '../evaluate/order.ts'
import { conditionNames, eachReference, type Reference } from '../evaluate/references.ts'
import { functions } from '../functions/index.ts'
import { checkParameterDeclarations } from '../parameters/parameter-declaration.ts'
import { pseudoParameters } from '../parameters/pseudo-parameters.ts'
import { hasAttribute, resourceSpec } from '../types/spec.ts'
import type { Section } from './parse-template.ts'
import { templateFault, unsupportedInTemplate } from './template-fault.ts'

const sections = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]
const resourceMembers = [
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
]
const limits = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const

const checked = new WeakSet<Section>()
const isMap = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Gives the template with its shape known to be right: sections, references, types, order and limits.
 * Errors: ValidationError in AWS's words.
 */
export function validateTemplate(parsed: Section): Template {
  const template = parsed as unknown as Template
  if (checked.has(parsed)) return template
  checkSections(parsed)
  checkParameterDeclarations(template.Parameters ?? {})
  for (const [logicalId, resource] of Object.entries(parsed.Resources as Section))
    checkResource(logicalId, resource)
  checkOutputs(template)
  checkConditions(template)
  checkReferences(template, 'Resources')
  checkReferences(template, 'Outputs')
  checkTypes(template)
  checkMappings(template)
  const graph = new Map(
    Object.keys(template.Resources).map((one) => {
      const needed = dependenciesOf(one, template)
      return [one, needsItself(one, template) ? [...needed, one] : needed]
    }),
  )
  const cycle = circular(graph)
  if (cycle.length > 0) throw templateFault(`Circular dependency between resources: [${cycle.join(', ')}]`)
  checked.add(parsed)
  return template
}

function checkSections(parsed: Section): void {
  const unknown = Object.keys(parsed).filter((name) => !sections.includes(name))
  if (unknown.length > 0)
    throw templateFault(`Invalid template property or properties [${unknown.join(', ')}]`)
  const version = parsed.AWSTemplateFormatVersion
  if (version !== undefined && version !== '2010-09-09')
    throw templateFault(
      `Template format error: ${version} is not a supported value for AWSTemplateFormatVersion.`,
    )
  if (parsed.Hooks !== undefined) throw unsupportedInTemplate('the template section Hooks')
  if (parsed.Description !== undefined && typeof parsed.Description !== 'string')
    throw templateFault('Template format error: every Description member must be a string.')
  if (Buffer.byteLength(String(parsed.Description ?? '')) > 1024)
    throw templateFault("Template format error: 'Description' length is greater than 1024.")
  for (const name of ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs', 'Rules', 'Metadata'])
    if (parsed[name] !== undefined && !isMap(parsed[name]))
      throw templateFault(`Template format error: [/${name}] expected type object.`)
  if (Object.keys((parsed.Resources ?? {}) as Section).length === 0)
    throw templateFault('Template format error: At least one Resources member must be defined.')
  for (const [name, most] of Object.entries(limits)) {
    const count = Object.keys((parsed[name] ?? {}) as Section).length
    if (count > most)
      throw templateFault(
        `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`,
      )
  }
}

function checkResource(logicalId: string, resource: unknown): void {
  if (!/^[A-Za-z0-9]+$/.test(logicalId))
    throw templateFault(`Template format error: Resource name ${logicalId} is non alphanumeric.`)
  if (!isMap(resource))
    throw templateFault(`Template format error: [/Resources/${logicalId}] resource definition is malformed`)
  for (const member of Object.keys(resource))
    if (!resourceMembers.includes(member))
      throw templateFault(`Invalid template resource property '${member}'`)
  if (typeof resource.Type !== 'string')
    throw templateFault(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    )
  if (resource.Properties !== undefined && !isMap(resource.Properties))
    throw templateFault(`Template format error: [/Resources/${logicalId}/Properties] expected type object.`)
  const { DependsOn: after } = resource
  if (
    after !== undefined &&
    typeof after !== 'string' &&
    !(Array.isArray(after) && after.every((one) => typeof one === 'string'))
  )
    throw templateFault(
      `Template format error: DependsOn in ${logicalId} must be a string or a list of strings.`,
    )
  checkPolicies(logicalId, resource)
}

function checkPolicies(logicalId: string, resource: Section): void {
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const value = resource[name]
    if (value === undefined) continue
    const allowed =
      name === 'DeletionPolicy'
        ? ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']
        : ['Delete', 'Retain', 'Snapshot']
    if (!allowed.includes(value as string))
      throw templateFault(`Template error: every ${name} member must be one of ${allowed.join(', ')}.`)
    if (value === 'Snapshot') throw unsupportedInTemplate(`${name} Snapshot (resource ${logicalId})`)
  }
  for (const name of ['CreationPolicy', 'UpdatePolicy'])
    if (resource[name] !== undefined)
      throw unsupportedInTemplate(`the attribute ${name} (resource ${logicalId})`)
}

function checkMappings({ Mappings = {} }: Template): void {
  for (const [name, mapping] of Object.entries<unknown>(Mappings))
    if (!isMap(mapping) || !Object.values(mapping).every(isMap))
      throw templateFault(`Template format error: Every Mappings member ${name} must be a map of maps.`)
}

function checkOutputs(template: Template): void {
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    if (!/^[A-Za-z0-9]+$/.test(name))
      throw templateFault(`Template format error: Output name ${name} is non alphanumeric.`)
    if (!isMap(output) || output.Value === undefined || output.Value === null)
      throw templateFault(`Template format error: Every Outputs member must contain a Value object`)
    for (const member of Object.keys(output))
      if (!['Value', 'Description', 'Export', 'Condition'].includes(member))
        throw templateFault(
          `Template format error: Output ${name} is malformed. The member ${member} is not supported.`,
        )
  }
}

function checkConditions(template: Template): void {
  const declared = template.Conditions ?? {}
  const graph = new Map(Object.entries(declared).map(([name, one]) => [name, conditionNames(one)]))
  const used = [
    ...[...graph.values()].flat(),
    ...Object.values(template.Resources).flatMap((one) => one.Condition ?? []),
    ...Object.values(template.Outputs ?? {}).flatMap((one) => one.Condition ?? []),
  ]
  for (const name of used) requireCondition(name, template)
  const cycle = circular(graph)
  if (cycle.length > 0)
    throw templateFault(`Template error: Found circular condition dependency between: [${cycle.join(', ')}]`)
  eachReference(declared, (one) => {
    checkCall(one)
    const known =
      one.kind !== 'ref' || Object.hasOwn(template.Parameters ?? {}, one.name) || isPseudo(one.name)
    if (one.kind === 'attribute' || !known)
      throw templateFault(
        `Template format error: Unresolved dependencies [${one.name}]. Cannot reference resources in the Conditions block of the template`,
      )
  })
}

const isPseudo = (name: string): boolean => (pseudoParameters as readonly string[]).includes(name)

function requireCondition(name: string, template: Template): void {
  if (Object.hasOwn(template.Conditions ?? {}, name)) return
  throw templateFault(`Template format error: Unrecognized condition name: ${name}`)
}

function checkCall(one: Reference): void {
  if (one.kind !== 'call') return
  const found = functions.get(one.name)
  if (!found) throw unsupportedInTemplate(`the intrinsic function ${one.name}`)
  const problem = found.check?.(one.argument)
  if (problem) throw templateFault(problem)
}

function checkReferences(template: Template, block: 'Resources' | 'Outputs'): void {
  const unresolved = new Set<string>()
  const visit = (one: Reference): void => {
    checkCall(one)
    if (one.kind === 'ref') {
      if (
        !(
          Object.hasOwn(template.Resources, one.name) ||
          Object.hasOwn(template.Parameters ?? {}, one.name) ||
          isPseudo(one.name)
        )
      )
        unresolved.add(one.name)
    } else if (one.kind === 'attribute') checkAttribute(one.name, one.attribute, template)
    else if (one.kind === 'condition') requireCondition(one.name, template)
    else if (one.kind === 'mapping' && !Object.hasOwn(template.Mappings ?? {}, one.name))
      throw templateFault(
        `Template error: Mapping named '${one.name}' is not present in the 'Mappings' section of template.`,
      )
  }
  for (const [name, member] of Object.entries(template[block] ?? {})) {
    const parts = member as Section
    eachReference(block === 'Resources' ? [parts.Properties, parts.Metadata] : parts, visit)
    for (const after of [parts.DependsOn ?? []].flat() as string[]) {
      if (!Object.hasOwn(template.Resources, after)) unresolved.add(after)
      if (after === name) throw templateFault(`Circular dependency between resources: [${name}]`)
    }
  }
  if (unresolved.size > 0)
    throw templateFault(
      `Template format error: Unresolved resource dependencies [${[...unresolved].join(', ')}] in the ${block} block of the template`,
    )
}

function checkAttribute(logicalId: string, attribute: unknown, template: Template): void {
  const resource = entryOf(template.Resources, logicalId)
  if (!resource)
    throw templateFault(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`)
  const spec = resourceSpec(resource.Type)
  if (typeof attribute !== 'string' || !spec || hasAttribute(spec, attribute)) return
  throw templateFault(
    `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  )
}

function checkTypes(template: Template): void {
  const types = Object.values(template.Resources).map((one) => one.Type)
  const unknown = [...new Set(types.filter((type) => !resourceSpec(type)))]
  if (unknown.length > 0)
    throw templateFault(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`)
}
