/** What CloudFormation needs to keep a stack of the application's template: create, read, update, delete, tag. */
import { formatArn, type Need, type Template, type TemplateResource } from '../../model/index.ts'
import { permissionsOf } from './index.ts'
import { resolveText, type TextSurroundings } from './resolve-text.ts'
import type { ResourcePermissions } from './resource-permissions.ts'

export interface ExecutionNeeds {
  readonly needs: readonly Need[]
  /** Types in the template that nothing is known about. */
  readonly unknownTypes: readonly string[]
}

const PHASES = ['create', 'read', 'update', 'delete', 'tag'] as const

/** What the template becomes on AWS, and what was taken out of it. */
export interface StackSurroundings extends TextSurroundings {
  /** Resources that the template no longer has and that CloudFormation deletes when it is deployed next. */
  readonly removed?: Template['Resources']
  /** Whether the whole stack may have tags, which CloudFormation puts on every resource. */
  readonly tagged?: boolean
}

/** Gives the needs of the role that CloudFormation acts as, for one stack in one region. */
export function executionNeeds(role: string, around: StackSurroundings): ExecutionNeeds {
  const needs: Need[] = []
  const unknownTypes = new Set<string>()
  const each = (resources: Template['Resources'], add: typeof resourceNeeds) => {
    for (const [id, resource] of Object.entries(resources)) {
      const permissions = permissionsOf(resource.Type)
      if (permissions) needs.push(...add(role, id, resource, permissions, around))
      else unknownTypes.add(resource.Type)
    }
  }
  each(around.template.Resources, (...of) => [...resourceNeeds(...of), ...passNeeds(...of)])
  each(around.removed ?? {}, (...of) =>
    resourceNeeds(...of).filter(({ phase }) => phase === 'read' || phase === 'delete'),
  )
  return { needs, unknownTypes: [...unknownTypes] }
}

function resourceNeeds(
  role: string,
  id: string,
  { Properties = {} }: TemplateResource,
  permissions: ResourcePermissions,
  around: StackSurroundings,
): Need[] {
  const needs: Need[] = []
  const names = physicalNames(id, Properties, permissions, around)
  const because = reasons(id, around.stack)
  const labelled = permissions.systemTags !== false || around.tagged || 'Tags' in Properties
  const phases = labelled ? PHASES : PHASES.filter((phase) => phase !== 'tag')
  const patterns = new Map<string, readonly string[]>()
  for (const grant of permissions.grants) {
    if (grant.when && !grant.when.some((property) => property in Properties)) continue
    let resources = patterns.get(grant.on)
    if (!resources) {
      resources = arnPatterns(grant.on, names, Properties, around)
      patterns.set(grant.on, resources)
    }
    for (const resource of resources)
      for (const phase of phases)
        for (const action of grant[phase] ?? [])
          needs.push({ principal: role, action, resource, phase, because: because[phase] })
  }
  return needs
}

const reasons = (id: string, stack: string): Record<(typeof PHASES)[number], string> => ({
  create: `to create ${id} in the stack ${stack}`,
  read: `to read ${id} in the stack ${stack}`,
  update: `to update ${id} in the stack ${stack}`,
  delete: `to delete ${id} in the stack ${stack}`,
  tag: `to tag ${id} in the stack ${stack}`,
})

/** Fills the places of a pattern; a property with several possible values gives several ARNs. */
function arnPatterns(
  pattern: string,
  names: readonly string[],
  properties: Readonly<Record<string, unknown>>,
  around: TextSurroundings,
): string[] {
  const valuesOf = (place: string): readonly string[] => {
    if (place === 'account') return [around.account]
    if (place === 'region') return [around.region]
    if (place === 'name') return names
    if (place === 'Path') return 'Path' in properties ? resolveText(properties.Path, around) : ['/']
    return referredNames(properties[place], around)
  }
  let filled = ['']
  for (const [index, part] of partsOf(pattern).entries()) {
    if (index % 2 === 0) filled = filled.map((before) => before + part)
    else {
      const values = valuesOf(part)
      filled = filled.flatMap((before) => values.map((value) => before + value))
    }
  }
  return filled.map((arn) => arn.replace(':parameter//', ':parameter/'))
}

/** Patterns of the tables, taken apart: every second part is the name of a place. */
const patternParts = new Map<string, readonly string[]>()

function partsOf(pattern: string): readonly string[] {
  let parts = patternParts.get(pattern)
  if (!parts) {
    parts = pattern.split(/[{}]/)
    patternParts.set(pattern, parts)
  }
  return parts
}

/** Characters that make a made-up name unique, with their hyphen. */
const RANDOM = 13

/** AWS: a physical name is the property's, else `<stack>-<logical id>-<random>`, cut to what the type takes. */
export function physicalNames(
  id: string,
  properties: Readonly<Record<string, unknown>>,
  permissions: ResourcePermissions,
  around: TextSurroundings,
): string[] {
  const given =
    permissions.name && permissions.name in properties
      ? resolveText(properties[permissions.name], around)
      : []
  if (given.length) return given
  const { longestName = 128, longestStackPart, lowerCase } = permissions
  const whole = `${around.stack}-${id}-`
  const name =
    longestStackPart === undefined
      ? whole.length + RANDOM <= longestName
        ? whole
        : around.stack.slice(0, Math.trunc(longestName / 2) - RANDOM)
      : around.stack.slice(0, longestStackPart)
  return [`${lowerCase ? name.toLowerCase() : name}*`]
}

/** What a property refers to: the physical name of another resource, the name at the end of an ARN, or text. */
function referredNames(value: unknown, around: TextSurroundings): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referredNames(item, around))
  const id = referredId(value)
  const resource = id === undefined ? undefined : around.template.Resources[id]
  const permissions = resource && permissionsOf(resource.Type)
  if (id && permissions) return physicalNames(id, resource.Properties ?? {}, permissions, around)
  return resolveText(value, around).map((text) =>
    text.startsWith('arn:') ? text.slice(text.lastIndexOf(':') + 1) : text,
  )
}

function referredId(value: unknown): string | undefined {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] | string } | undefined
  const attribute = reference?.['Fn::GetAtt']
  return reference?.Ref ?? (Array.isArray(attribute) ? attribute[0] : undefined)
}

function passNeeds(
  role: string,
  id: string,
  { Properties = {} }: TemplateResource,
  { passes = {} }: ResourcePermissions,
  around: TextSurroundings,
): Need[] {
  return Object.entries(passes).flatMap(([path, service]) =>
    valuesAt(Properties, path.split('.'))
      .flatMap((value) => passedRoles(value, around))
      .map((resource) => ({
        principal: role,
        action: 'iam:PassRole',
        resource,
        context: { 'iam:PassedToService': service },
        because: `to pass on the role of ${id} of the stack ${around.stack}`,
      })),
  )
}

/** What stands at a path of property names; `Targets[]` goes into each item of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return Array.isArray(value) ? value : [value]
  const inner = (value as Record<string, unknown> | null | undefined)?.[step.replace('[]', '')]
  if (inner === undefined) return []
  return (step.endsWith('[]') && Array.isArray(inner) ? inner : [inner]).flatMap((one) => valuesAt(one, rest))
}

/** The ARN of a role of the same template, or the ARN that is written there. */
function passedRoles(value: unknown, around: TextSurroundings): string[] {
  const id = referredId(value)
  const role = id === undefined ? undefined : around.template.Resources[id]
  if (role?.Type !== 'AWS::IAM::Role')
    return resolveText(value, around).map((text) =>
      text.startsWith('arn:') ? text : formatArn('iam', '', around.account, `role/${text}`),
    )
  const properties = role.Properties ?? {}
  const [path = '/'] = 'Path' in properties ? resolveText(properties.Path, around) : []
  return physicalNames(id!, properties, permissionsOf('AWS::IAM::Role')!, around).map((name) =>
    formatArn('iam', '', around.account, `role${path}${name}`),
  )
}
