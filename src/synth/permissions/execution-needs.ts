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

type Phase = (typeof PHASES)[number]

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
      if (permissions) for (const need of add(role, id, resource, permissions, around)) needs.push(need)
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
  resource: TemplateResource,
  permissions: ResourcePermissions,
  around: StackSurroundings,
): Need[] {
  const Properties = resource.Properties ?? {}
  const needs: Need[] = []
  const names = physicalNames(id, Properties, permissions, around)
  const because = reasons(id, around.stack)
  const { systemTags, tagProperty = 'Tags' } = permissions
  const labelled = systemTags !== false || around.tagged || Object.hasOwn(Properties, tagProperty)
  const patterns = new Map<string, readonly string[]>()
  for (const { grant, calls } of grantsFor(resource, permissions)) {
    const { on, refers, context } = grant
    if (refers && !mayRefer(refers, Properties, around)) continue
    let arns = patterns.get(on)
    if (!arns) {
      arns = arnPatterns(on, names, Properties, around)
      patterns.set(on, arns)
    }
    for (const arn of arns)
      for (const { action, phase } of calls) {
        if (phase === 'tag' && !labelled) continue
        const need = { principal: role, action, resource: arn, phase, because: because[phase] }
        needs.push(context ? { ...need, context } : need)
      }
  }
  return needs
}

interface WantedGrant {
  readonly grant: PermissionGrant
  /** What it allows, in the order of the phases. */
  readonly calls: readonly { readonly action: string; readonly phase: Phase }[]
}

/** What a resource was found to want: it is asked about once for each stack that its template becomes. */
const wanted = new WeakMap<TemplateResource, readonly WantedGrant[]>()

/** Gives the grants whose properties a resource has. */
function grantsFor(resource: TemplateResource, { grants }: ResourcePermissions): readonly WantedGrant[] {
  let found = wanted.get(resource)
  if (!found) {
    const Properties = resource.Properties ?? {}
    found = grants
      .filter(
        ({ when }) =>
          !when || when.some((path) => Object.hasOwn(Properties, path) || valuesAt(Properties, path).length),
      )
      .map((grant) => ({
        grant,
        calls: PHASES.flatMap((phase) => (grant[phase] ?? []).map((action) => ({ action, phase }))),
      }))
    wanted.set(resource, found)
  }
  return found
}

const mayRefer = (
  [path, service]: NonNullable<PermissionGrant['refers']>,
  properties: Properties,
  around: TextSurroundings,
): boolean => valuesAt(properties, path).some((value) => refersTo(service, value, around))

const reasons = (id: string, stack: string): Record<Phase, string> => ({
  create: `to create ${id} in the stack ${stack}`,
  read: `to read ${id} in the stack ${stack}`,
  update: `to update ${id} in the stack ${stack}`,
  delete: `to delete ${id} in the stack ${stack}`,
  tag: `to tag ${id} in the stack ${stack}`,
})
