/** What an update would do to a stack's resources, told without doing it. */

import { entryOf, type TemplateResource } from '../../../../model/index.ts'
import {
  changedProperties,
  deepEqual,
  type Evaluated,
  evaluateTemplate,
  type Lookups,
  outputsOf,
  type Recreation,
  type ResourceSpec,
  readTemplate,
  recreationOf,
  resourceSpec,
  shown,
  Unknown,
  type Value,
  worstRecreation,
} from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { exportValue } from '../engine/exports.ts'
import { masked } from '../engine/mask.ts'
import {
  type ChangeDetail,
  type ResourceChange,
  resourcesOf,
  type Stack,
  type StackResource,
  type StackVersion,
} from '../state.ts'
import { causesOf } from './causes.ts'
import type { Fate } from './fate.ts'
import { otherDetails } from './other-details.ts'
import { addition, asText, contextOf } from './shown-change.ts'

export interface Changes {
  readonly resources: readonly ResourceChange[]
  /** Neither a resource nor an output nor a tag changes. */
  readonly unchanged: boolean
  /** Gives the stacks within. */
  nested(): NestedStack[]
}

/** A stack as a resource of another. */
export interface NestedStack {
  readonly logicalId: string
  /** Where it stands already. */
  readonly physicalId?: string
  /** As a change set shows them. */
  readonly properties: Properties
}

type Properties = Readonly<Record<string, unknown>>

/** Needs `loadHandlers` of the stack. Errors: ValidationError where the new template cannot be evaluated. */
export function changesOf(
  ctx: Context,
  stack: Stack,
  version: Pick<StackVersion, 'template' | 'parameters' | 'tags'>,
): Changes {
  const planned = new Plan(ctx, stack, version)
  const resources = [...planned.changes(), ...planned.removals()].sort((one, other) =>
    one.logicalId < other.logicalId ? -1 : 1,
  )
  const tagged = !deepEqual(stack.tags, version.tags)
  const unchanged = resources.length === 0 && !tagged && planned.sameOutputs()
  return { resources, unchanged, nested: () => planned.nested() }
}

/** Looks at resources as they are asked for, so that each one's fate is known before whatever refers to it. */
class Plan {
  private readonly records: Map<string, StackResource>
  private readonly fates = new Map<string, Fate>()
  private readonly evaluated: Evaluated
  private readonly before: Readonly<Record<string, TemplateResource>>
  private readonly ctx: Context
  private readonly stack: Stack
  private readonly version: Pick<StackVersion, 'template' | 'parameters' | 'tags'>

  constructor(ctx: Context, stack: Stack, version: Pick<StackVersion, 'template' | 'parameters' | 'tags'>) {
    this.ctx = ctx
    this.stack = stack
    this.version = version
    const present = ctx
      .table(resourcesOf(stack.id))
      .entries()
      .filter(([, one]) => one.physical)
    this.records = new Map(stack.status === 'REVIEW_IN_PROGRESS' ? [] : present)
    this.before = this.records.size > 0 ? readTemplate(stack.template, stack.parameters, ctx).Resources : {}
    const { id: stackId, name: stackName, notificationArns } = stack
    const identity = { account: ctx.account, region: ctx.region, stackId, stackName, notificationArns }
    this.evaluated = evaluateTemplate(version, identity, this.lookups)
  }

  private readonly lookups: Lookups = {
    reference: (id) => (this.survives(id) ? this.records.get(id)!.physical!.id : later(id)),
    attribute: (id, name) => {
      const { kind } = this.fate(id)
      const stays =
        kind === 'same' || (kind === 'modified' && isStable(resourceSpec(this.records.get(id)!.type), name))
      if (!stays) return later(id, name)
      const { attributes } = this.records.get(id)!.physical!
      const found =
        entryOf(attributes, name) ??
        name
          .split('.')
          .reduce<unknown>((inner, key) => entryOf(inner as Properties | undefined, key), attributes)
      return (found as Value | undefined) ?? later(id, name)
    },
    imported: (name) => exportValue(this.ctx, String(name)),
  }

  private survives(id: string): boolean {
    const { kind } = this.fate(id)
    return kind === 'same' || kind === 'modified'
  }

  fate(id: string): Fate {
    const known = this.fates.get(id)
    if (known) return known
    const fate = this.decide(id)
    this.fates.set(id, fate)
    return fate
  }

  private decide(id: string): Fate {
    const resource = entryOf(this.evaluated.template.Resources, id)!
    const record = this.records.get(id)
    const after = shown(this.evaluated.value(resource.Properties ?? {}) ?? {}) as Properties
    if (!record?.physical)
      return { kind: 'new', change: addition(id, resource, masked(after, this.version.parameters)) }
    const spec = resourceSpec(resource.Type)!
    const before = record.physical.declared
    const details = [
      ...this.propertyDetails(id, spec, before, after),
      ...otherDetails({ spec, record, resource, old: entryOf(this.before, id), tags: this.version.tags }),
    ]
    if (details.length === 0) return { kind: 'same' }
    const recreation = worstRecreation(details.map(effective))
    const replacement = ({ Always: 'True', Conditionally: 'Conditional', Never: 'False' } as const)[
      recreation
    ]
    const retained = resource.UpdateReplacePolicy === 'Retain'
    return {
      kind: recreation === 'Always' ? 'replaced' : recreation === 'Conditionally' ? 'perhaps' : 'modified',
      change: {
        action: 'Modify',
        logicalId: id,
        physicalId: record.physical.id,
        type: resource.Type,
        replacement,
        policyAction:
          recreation === 'Always' ? (retained ? 'ReplaceAndRetain' : 'ReplaceAndDelete') : undefined,
        scope: [...new Set(details.map((detail) => detail.attribute))],
        details,
        before: contextOf(masked(before, this.stack.parameters), entryOf(this.before, id)),
        after: contextOf(masked(after, this.version.parameters), resource),
      },
    }
  }

  private propertyDetails(
    id: string,
    spec: ResourceSpec,
    before: Properties,
    after: Properties,
  ): ChangeDetail[] {
    const type = this.ctx.cloud.resourceType(spec.type)
    const fixed = type !== undefined && type.update === undefined
    return changedProperties(before, after).flatMap((name) => {
      const recreation: Recreation = fixed
        ? 'Always'
        : recreationOf(spec, name, entryOf(before, name), entryOf(after, name))
      const isTag = name === spec.tagProperty
      const causes = causesOf({
        before: entryOf(entryOf(this.before, id)?.Properties, name),
        after: entryOf(entryOf(this.evaluated.template.Resources, id)!.Properties, name),
        changedParameter: (key) => this.parameterChanged(key),
        fate: (other) => this.fate(other),
        condition: this.evaluated.condition,
      })
      return causes.map((cause) => ({
        attribute: isTag ? ('Tags' as const) : ('Properties' as const),
        name: isTag ? undefined : name,
        requiresRecreation: recreation,
        before: asText(masked(entryOf(before, name), this.stack.parameters)),
        after: asText(masked(entryOf(after, name), this.version.parameters)),
        ...cause,
      }))
    })
  }

  private parameterChanged(key: string): boolean {
    const value = (parameters: StackVersion['parameters']) => {
      const found = parameters.find((one) => one.key === key)
      return found?.resolvedValue ?? found?.value
    }
    return value(this.stack.parameters) !== value(this.version.parameters)
  }

  changes(): ResourceChange[] {
    return this.evaluated.active.flatMap((id) => this.fate(id).change ?? [])
  }

  removals(): ResourceChange[] {
    const kept = new Set(this.evaluated.active)
    return [...this.records.values()]
      .filter((record) => !kept.has(record.logicalId))
      .map((record) => ({
        action: 'Remove',
        logicalId: record.logicalId,
        physicalId: record.physical?.id,
        type: record.type,
        policyAction: /^Retain/.test(record.deletionPolicy ?? '') ? 'Retain' : 'Delete',
        scope: [],
        details: [],
        before: contextOf(
          masked(record.physical?.declared ?? {}, this.stack.parameters),
          entryOf(this.before, record.logicalId),
        ),
      }))
  }

  nested(): NestedStack[] {
    const { Resources } = this.evaluated.template
    return this.evaluated.active
      .filter((id) => Resources[id]!.Type === 'AWS::CloudFormation::Stack')
      .map((logicalId) => ({
        logicalId,
        physicalId: this.records.get(logicalId)?.physical?.id,
        properties: shown(this.evaluated.value(Resources[logicalId]!.Properties ?? {}) ?? {}) as Properties,
      }))
  }

  /** AWS: a template that only changes its outputs is an update. */
  sameOutputs(): boolean {
    return deepEqual(sorted(outputsOf(this.evaluated)), sorted(this.stack.outputs))
  }
}

const sorted = (outputs: readonly { key: string }[]): unknown =>
  [...outputs].sort((a, b) => (a.key < b.key ? -1 : 1)).map((one) => JSON.parse(JSON.stringify(one)))

/** A cause that may turn out to change nothing leaves it open whether the resource is replaced. */
const effective = (detail: ChangeDetail): Recreation => {
  const open = detail.evaluation === 'Dynamic' && detail.source !== 'DirectModification'
  return detail.requiresRecreation === 'Always' && open ? 'Conditionally' : detail.requiresRecreation
}

/** What only execution will tell. */
const later = (id: string, attribute?: string): Unknown =>
  new Unknown(attribute === undefined ? id : `${id}.${attribute}`, { kind: 'attribute', id, attribute })

/** What names or identifies a resource stays while it is changed in place. */
const isStable = (spec: ResourceSpec | undefined, name: string): boolean =>
  /(Arn|Id|Name|Url|DomainName|Endpoint)$/.test(name) || (spec?.identifier.includes(name) ?? false)
