/** Checks a template as a whole, before anything is made of it. */
import { entryOf, type Template } from '../../model/index.ts'
import { circular, dependenciesOf, needsItself } from '../evaluate/order.ts'
import { conditionNames, eachReference, type Reference, unresolvedIn } from '../evaluate/references.ts'
import { functions } from '../functions/index.ts'
import { unknownFunction } from '../functions/unknown-function.ts'
import { checkParameterDeclarations } from '../parameters/parameter-declaration.ts'
import { pseudoParameters } from '../parameters/pseudo-parameters.ts'
import { hasAttribute, isCustomResource, resourceSpec } from '../types/spec.ts'
import { updatePolicyFault } from '../types/update-policies.ts'
import type { Section } from './parse-template.ts'
import { pathTo } from './path-to.ts'
import { TemplateFault, type TemplatePath, templateFault, unsupportedInTemplate } from './template-fault.ts'
import { isMap, shapeFaults } from './template-shape.ts'

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

/** AWS: custom resources may have a `Version` beside their type, `"1.0"` in the oldest samples; it says nothing. */
const isAllowed = (member: string, type: unknown): boolean =>
  resourceMembers.includes(member) || (member === 'Version' && isCustomResource(String(type)))

/** Takes a fault: the cloud throws the first, `check` lists all. */
interface Report {
  (fault: TemplateFault): void
  /** Whether what AWS says in one sentence of several is told one by one. */
  readonly each?: true
}

/**
 * Gives the template with its shape known to be right: sections, references, types, order and limits.
 * Errors: ValidationError in AWS's words.
 */
export function validateTemplate(parsed: Section): Template {
  const template = parsed as unknown as Template
  if (checked.has(parsed)) return template
  const refuse: Report = (fault) => {
    throw fault
  }
  checkSections(parsed, refuse)
  checkParameterDeclarations(template.Parameters ?? {})
  for (const fault of shapeFaults(parsed)) throw fault
  checkMeaning(template, refuse)
  checked.add(parsed)
  return template
}

/** Gives everything that CloudFormation would refuse in a template that is well-formed, in the order of `validateTemplate`. */
export function templateFaults(template: Template): TemplateFault[] {
  const faults: TemplateFault[] = []
  const report: Report = Object.assign((fault: TemplateFault) => void faults.push(fault), {
    each: true as const,
  })
  checkSections(template as unknown as Section, report)
  for (const [name, declared] of Object.entries(template.Parameters ?? {}))
    collect(() => checkParameterDeclarations({ [name]: declared }), report, ['Parameters', name])
  checkMeaning(template, report)
  return faults
}

/** A fault without a place of its own gets that of what was looked at. */
export function collect(run: () => void, report: Report, path: TemplatePath): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    report(error.path ? error : error.at(path))
  }
}

function checkMeaning(template: Template, report: Report): void {
  for (const [logicalId, resource] of Object.entries(template.Resources))
    checkResource(logicalId, resource as unknown as Section, report)
  checkOutputs(template, report)
  checkConditions(template, report)
  checkReferences(template, 'Resources', report)
  checkReferences(template, 'Outputs', report)
  checkTypes(template, report)
  const graph = new Map(
    Object.keys(template.Resources).map((one) => {
      const needed = dependenciesOf(one, template)
      return [one, needsItself(one, template) ? [...needed, one] : needed]
    }),
  )
  const cycle = circular(graph)
  if (cycle.length > 0)
    report(
      templateFault(`Circular dependency between resources: [${cycle.join(', ')}]`, ['Resources', cycle[0]!]),
    )
}

function checkSections(parsed: Section, report: Report): void {
  const unknown = Object.keys(parsed).filter((name) => !sections.includes(name))
  if (unknown.length > 0)
    report(templateFault(`Invalid template property or properties [${unknown.join(', ')}]`, [unknown[0]!]))
  const version = parsed.AWSTemplateFormatVersion
  if (version !== undefined && version !== '2010-09-09')
    report(
      templateFault(
        `Template format error: ${version} is not a supported value for AWSTemplateFormatVersion.`,
        ['AWSTemplateFormatVersion'],
      ),
    )
  if (parsed.Hooks !== undefined) report(unsupportedInTemplate('the template section Hooks', ['Hooks']))
  if (parsed.Description !== undefined && typeof parsed.Description !== 'string')
    report(
      templateFault('Template format error: every Description member must be a string.', ['Description']),
    )
  if (Buffer.byteLength(String(parsed.Description ?? '')) > 1024)
    report(
      templateFault("Template format error: 'Description' length is greater than 1024.", ['Description']),
    )
  if (isMap(parsed.Resources) && Object.keys(parsed.Resources).length === 0)
    report(
      templateFault('Template format error: At least one Resources member must be defined.', ['Resources']),
    )
  for (const [name, most] of Object.entries(limits)) {
    const count = Object.keys((parsed[name] ?? {}) as Section).length
    if (count > most)
      report(
        templateFault(
          `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`,
          [name],
        ),
      )
  }
}

function checkResource(logicalId: string, resource: Section, report: Report): void {
  const path = ['Resources', logicalId]
  if (!/^[A-Za-z0-9]+$/.test(logicalId))
    report(templateFault(`Template format error: Resource name ${logicalId} is non alphanumeric.`, path))
  for (const member of Object.keys(resource))
    if (!isAllowed(member, resource.Type))
      report(templateFault(`Invalid template resource property '${member}'`, [...path, member]))
  checkPolicies(logicalId, resource, report)
}

function checkPolicies(logicalId: string, resource: Section, report: Report): void {
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const value = resource[name]
    if (value === undefined) continue
    const path = ['Resources', logicalId, name]
    const allowed =
      name === 'DeletionPolicy'
        ? ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']
        : ['Delete', 'Retain', 'Snapshot']
    if (!allowed.includes(value as string))
      report(
        templateFault(`Template error: every ${name} member must be one of ${allowed.join(', ')}.`, path),
      )
    if (value === 'Snapshot') report(unsupportedInTemplate(`${name} Snapshot (resource ${logicalId})`, path))
  }
  const unsupported = (name: string) =>
    report(
      unsupportedInTemplate(`the attribute ${name} (resource ${logicalId})`, ['Resources', logicalId, name]),
    )
  if (resource.CreationPolicy !== undefined) unsupported('CreationPolicy')
  if (resource.UpdatePolicy === undefined) return
  const fault = updatePolicyFault(String(resource.Type), resource.UpdatePolicy)
  if (fault === 'unsupported') unsupported('UpdatePolicy')
  else if (fault)
    report(
      templateFault(`Template format error: UpdatePolicy of ${logicalId}: ${fault.message}`, [
        'Resources',
        logicalId,
        'UpdatePolicy',
        ...fault.path,
      ]),
    )
}

function checkOutputs(template: Template, report: Report): void {
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    const path = ['Outputs', name]
    if (!/^[A-Za-z0-9]+$/.test(name))
      report(templateFault(`Template format error: Output name ${name} is non alphanumeric.`, path))
    for (const member of Object.keys(output))
      if (!['Value', 'Description', 'Export', 'Condition'].includes(member))
        report(
          templateFault(
            `Template format error: Output ${name} is malformed. The member ${member} is not supported.`,
            [...path, member],
          ),
        )
  }
}

function checkConditions(template: Template, report: Report): void {
  const declared = template.Conditions ?? {}
  const graph = new Map(Object.entries(declared).map(([name, one]) => [name, conditionNames(one)]))
  for (const [name, named] of graph)
    for (const one of named) requireCondition(one, template, report, ['Conditions', name])
  for (const section of ['Resources', 'Outputs'] as const)
    for (const [name, { Condition }] of Object.entries(template[section] ?? {}))
      if (Condition !== undefined) requireCondition(Condition, template, report, [section, name, 'Condition'])
  const cycle = circular(graph)
  if (cycle.length > 0)
    report(
      templateFault(`Template error: Found circular condition dependency between: [${cycle.join(', ')}]`, [
        'Conditions',
        cycle[0]!,
      ]),
    )
  for (const [name, expression] of Object.entries(declared)) {
    const path = ['Conditions', name]
    const visit = (one: Reference): void => {
      checkCall(one, report, path, expression)
      const known =
        one.kind !== 'ref' || Object.hasOwn(template.Parameters ?? {}, one.name) || isPseudo(one.name)
      if (one.kind === 'attribute' || !known)
        report(
          templateFault(
            `Template format error: Unresolved dependencies [${one.name}]. Cannot reference resources in the Conditions block of the template`,
            pathTo(expression, path, (each) => each.kind === one.kind && each.name === one.name),
          ),
        )
    }
    collect(() => eachReference(expression, visit), report, path)
  }
}

const isPseudo = (name: string): boolean => (pseudoParameters as readonly string[]).includes(name)

function requireCondition(name: string, template: Template, report: Report, path: TemplatePath): void {
  if (Object.hasOwn(template.Conditions ?? {}, name)) return
  report(templateFault(`Template format error: Unrecognized condition name: ${name}`, path))
}

function checkCall(one: Reference, report: Report, path: TemplatePath, within: unknown): void {
  if (one.kind !== 'call') return
  const found = functions.get(one.name)
  const where = () => pathTo(within, path, (each) => each.kind === 'call' && each.argument === one.argument)
  if (!found) report(unknownFunction(one.name, where()))
  const problem = found?.check?.(one.argument)
  if (problem) throw templateFault(problem, where())
}

function checkReferences(template: Template, block: 'Resources' | 'Outputs', report: Report): void {
  const unresolved = new Map<string, TemplatePath>()
  for (const [name, member] of Object.entries(template[block] ?? {})) {
    const parts = member as unknown as Section
    const path = [block, name]
    const within = block === 'Resources' ? { Properties: parts.Properties, Metadata: parts.Metadata } : parts
    const visit = (one: Reference): void => {
      const where = () => pathTo(within, path, (each) => each.kind === one.kind && each.name === one.name)
      checkCall(one, report, path, within)
      if (one.kind === 'ref') {
        if (!isThere(one.name, template) && !unresolved.has(one.name)) unresolved.set(one.name, where())
      } else if (one.kind === 'attribute') checkAttribute(one.name, one.attribute, template, report, where)
      else if (one.kind === 'condition') requireCondition(one.name, template, report, where())
      else if (one.kind === 'mapping' && !Object.hasOwn(template.Mappings ?? {}, one.name))
        report(
          templateFault(
            `Template error: Mapping named '${one.name}' is not present in the 'Mappings' section of template.`,
            where(),
          ),
        )
    }
    collect(() => eachReference(Object.values(within), visit), report, path)
    for (const after of [parts.DependsOn ?? []].flat() as string[]) {
      const at = [...path, 'DependsOn']
      if (!Object.hasOwn(template.Resources, after) && !unresolved.has(after)) unresolved.set(after, at)
      if (after === name) report(templateFault(`Circular dependency between resources: [${name}]`, at))
    }
  }
  const names = [...unresolved]
  for (const some of report.each ? names.map((one) => [one]) : names.length ? [names] : [])
    report(
      new TemplateFault(
        unresolvedIn(
          block,
          some.map(([name]) => name),
        ),
        { path: some[0]![1], ...(some[0]![1].at(-1) !== 'DependsOn' && { unresolved: some[0]![0] }) },
      ),
    )
}

const isThere = (name: string, template: Template): boolean =>
  Object.hasOwn(template.Resources, name) || Object.hasOwn(template.Parameters ?? {}, name) || isPseudo(name)

function checkAttribute(
  logicalId: string,
  attribute: unknown,
  template: Template,
  report: Report,
  where: () => TemplatePath,
): void {
  const resource = entryOf(template.Resources, logicalId)
  if (!resource)
    return report(
      new TemplateFault(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`, {
        path: where(),
        unresolved: logicalId,
      }),
    )
  const spec = resourceSpec(resource.Type)
  if (typeof attribute !== 'string' || !spec || hasAttribute(spec, attribute)) return
  report(
    templateFault(
      `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
      where(),
    ),
  )
}

const isServerless = (type: string): boolean => type.startsWith('AWS::Serverless::')

/** AWS: serverless types are none, they stand for the resources that their transform makes of them. */
function checkTypes(template: Template, report: Report): void {
  const unknown = new Map<string, string>()
  for (const [id, { Type }] of Object.entries(template.Resources))
    if ((isServerless(Type) || !resourceSpec(Type)) && !unknown.has(Type)) unknown.set(Type, id)
  const types = [...unknown]
  for (const some of report.each ? types.map((one) => [one]) : types.length ? [types] : [])
    report(
      templateFault(
        `Template format error: Unrecognized resource types: [${some.map(([type]) => type).join(', ')}]`,
        ['Resources', some[0]![1], 'Type'],
        some.some(([type]) => isServerless(type)) ? 'write Transform: AWS::Serverless-2016-10-31' : undefined,
      ),
    )
}
