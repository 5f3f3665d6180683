/** What CloudFormation needs to keep a stack of the application's template: create, read, update, delete, tag. */
import type { Need, Template, TemplateResource } from '../../model/index.ts'
import { arnPatterns, refersTo } from './arn-patterns.ts'
import { withoutCovered } from './covered-needs.ts'
import { permissionsOf } from './index.ts'
import { passNeeds } from './passed-roles.ts'
import { physicalNames } from './physical-names.ts'
import { type Properties, valuesAt } from './property-values.ts'
import type { TextSurroundings } from './resolve-text.ts'
import type { PermissionGrant, ResourcePermissions } from './resource-permissions.ts'

export interface ExecutionNeeds {
  readonly needs: readonly Need[]
  /** Types in the template that nothing is known about, or not all. */
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
      if (!permissions || permissions.open) unknownTypes.add(resource.Type)
    }
  }
  each(around.template.Resources, (...of) => [...resourceNeeds(...of), ...passNeeds(...of)])
  each(around.removed ?? {}, (...of) =>
    resourceNeeds(...of).filter(({ phase }) => phase === 'read' || phase === 'delete'),
  )
  return { needs: withoutCovered(needs), unknownTypes: [...unknownTypes] }
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
  const { systemTags, tagProperty = 'Tags' } = permissions
  const labelled = systemTags !== false || around.tagged || tagProperty in Properties
  const phases = labelled ? PHASES : PHASES.filter((phase) => phase !== 'tag')
  const patterns = new Map<string, readonly string[]>()
  for (const grant of permissions.grants) {
    if (!applies(grant, Properties, around)) continue
    let resources = patterns.get(grant.on)
    if (!resources) {
      resources = arnPatterns(grant.on, names, Properties, around)
      patterns.set(grant.on, resources)
    }
    const { context } = grant
    for (const resource of resources)
      for (const phase of phases)
        for (const action of grant[phase] ?? [])
          needs.push({
            principal: role,
            action,
            resource,
            phase,
            because: because[phase],
            ...(context && { context }),
          })
  }
  return needs
}

/** Whether the properties that a grant depends on are there. */
function applies(
  { when, refers }: PermissionGrant,
  properties: Properties,
  around: TextSurroundings,
): boolean {
  if (when && !when.some((path) => path in properties || valuesAt(properties, path).length)) return false
  if (!refers) return true
  const [path, service] = refers
  return valuesAt(properties, path).some((value) => refersTo(service, value, around))
}

const reasons = (id: string, stack: string): Record<(typeof PHASES)[number], string> => ({
  create: `to create ${id} in the stack ${stack}`,
  read: `to read ${id} in the stack ${stack}`,
  update: `to update ${id} in the stack ${stack}`,
  delete: `to delete ${id} in the stack ${stack}`,
  tag: `to tag ${id} in the stack ${stack}`,
})
