/** What CloudFormation needs to keep a stack of the application's template: create, read, update, delete, tag. */

import type { Need, TemplateResource } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import { type HandledType, handledType, type PermissionGrant } from '../../template/index.ts'
import { arnPatterns, refersTo } from './arn-patterns.ts'
import { withoutCovered } from './covered-needs.ts'
import { GrantedStack, type StackSurroundings } from './granted-stack.ts'
import { passNeeds } from './passed-roles.ts'
import { readNeeds } from './read-needs.ts'

type Phase = (typeof PHASES)[number]

export interface ExecutionNeeds {
  readonly needs: readonly Need[]
  /** Types in the template that nothing is known about, or not all. */
  readonly unknownTypes: readonly string[]
}

const PHASES = ['create', 'read', 'update', 'delete', 'tag'] as const

/** Gives the needs of the role that CloudFormation acts as, for one stack in one region. */
export function executionNeeds(role: string, around: StackSurroundings): ExecutionNeeds {
  const stack = new GrantedStack(around)
  const needs: Need[] = readNeeds(role, stack)
  const unknownTypes = new Set<string>()
  const each = (resources: [string, TemplateResource][], needsOf: (one: Handled) => readonly Need[]) => {
    for (const [id, resource] of resources) {
      const type = handledType(resource.Type)
      if (type) for (const need of needsOf({ role, id, resource, type, stack })) needs.push(need)
      if (!type || type.open) unknownTypes.add(resource.Type)
    }
  }
  each(stack.resources(), (one) => [...resourceNeeds(one), ...passNeeds(role, one.id, one.type, stack)])
  each(Object.entries(around.removed ?? {}), (one) =>
    resourceNeeds(one).filter(({ phase }) => phase === 'read' || phase === 'delete'),
  )
  return { needs: withoutCovered(needs), unknownTypes: [...unknownTypes] }
}

/** A resource of a stack whose type is known. */
interface Handled {
  readonly role: string
  readonly id: string
  readonly resource: TemplateResource
  readonly type: HandledType
  readonly stack: GrantedStack
}

function resourceNeeds(one: Handled): Need[] {
  const { role, id, type, stack } = one
  const needs: Need[] = []
  const reasons = reasonsOf(id, stack.around.stack)
  const { systemTags, tagProperty = 'Tags' } = type
  const labelled =
    systemTags !== false || stack.around.tagged || stack.property(id, tagProperty) !== undefined
  const patterns = new Map<string, readonly string[]>()
  for (const { grant, calls } of grantsFor(one)) {
    const { on, when, unless, refers, context, optional } = grant
    if (when && !when.some((path) => isSet(id, path, stack))) continue
    if (unless?.some((path) => isSet(id, path, stack))) continue
    if (refers && !mayRefer(refers, id, stack)) continue
    let arns = patterns.get(on)
    if (!arns) {
      arns = arnPatterns(on, id, stack)
      patterns.set(on, arns)
    }
    for (const arn of arns)
      for (const { action, phase } of calls) {
        if (phase === 'tag' && !labelled) continue
        const { because, origin } = reasons[phase]
        needs.push({
          ...{ principal: role, action, resource: arn, context, phase, because, origin },
          ...(optional && { optional }),
        })
      }
  }
  return needs
}

interface WantedGrant {
  readonly grant: PermissionGrant
  /** What it allows, in the order of the phases. */
  readonly calls: readonly { readonly action: string; readonly phase: Phase }[]
}

/** What a resource may want, whatever its conditions: it is asked about once for all stacks of its template. */
const wanted = new WeakMap<TemplateResource, readonly WantedGrant[]>()

/** Gives the grants of which a resource has one of the properties. */
function grantsFor({ resource, type: { grants } }: Handled): readonly WantedGrant[] {
  let found = wanted.get(resource)
  if (!found) {
    const Properties = resource.Properties ?? {}
    found = grants
      .filter(({ when }) => !when || when.some((path) => Object.hasOwn(Properties, firstOf(path))))
      .map((grant) => ({
        grant,
        calls: PHASES.flatMap((phase) => (grant[phase] ?? []).map((action) => ({ action, phase }))),
      }))
    wanted.set(resource, found)
  }
  return found
}

/** A list that is set is set, though nothing is in it. */
const isSet = (id: string, path: string, stack: GrantedStack): boolean =>
  stack.property(id, path) !== undefined || stack.at(id, path).length > 0

const firstOf = (path: string): string => /^[^.[]*/.exec(path)![0]

const mayRefer = (
  [path, service]: NonNullable<PermissionGrant['refers']>,
  id: string,
  stack: GrantedStack,
): boolean => stack.at(id, path).some((value) => refersTo(service, value, stack))

function reasonsOf(logicalId: string, stack: string): Record<Phase, ReturnType<typeof reason>> {
  const of = (phase: Phase) => reason({ kind: 'resource', stack, logicalId, phase })
  return {
    create: of('create'),
    read: of('read'),
    update: of('update'),
    delete: of('delete'),
    tag: of('tag'),
  }
}
