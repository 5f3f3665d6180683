/** What becomes of a stack's resources, told from its deployed template and the new one: nothing is asked of CloudFormation. */
import { entryOf, type Template } from '../../model/index.ts'
import {
  changedProperties,
  deepEqual,
  eachReference,
  type Recreation,
  type ResourceSpec,
  recreationOf,
  resourceSpec,
  worstRecreation,
} from '../../template/index.ts'

export interface ResourceChange {
  /** `replaced`: another takes its place; `maybe-replaced`: CloudFormation decides by what it finds. */
  readonly action: 'added' | 'changed' | 'maybe-replaced' | 'replaced' | 'removed' | 'left-behind'
  readonly id: string
  readonly type: string
  /** Names of what differs: properties, or what stands beside them. */
  readonly details: readonly string[]
}

export interface Version {
  readonly template: Template
  /** Values of its parameters. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What stands beside the properties of a resource and changes it. */
const BESIDE = [
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
  'CreationPolicy',
] as const

/** Gives the changes, in the order of the new template, then what goes. */
export function resourceChanges(before: Version, after: Version): ResourceChange[] {
  const told = new Map<string, ResourceChange | undefined>()
  const comparing = new Set<string>()
  const changeOf = (id: string): ResourceChange | undefined => {
    if (told.has(id)) return told.get(id)
    if (comparing.has(id)) return undefined
    comparing.add(id)
    const change = compare(id, before, after, changeOf)
    told.set(id, change)
    return change
  }
  const kept = Object.keys(after.template.Resources).flatMap((id) => changeOf(id) ?? [])
  const gone = Object.entries(before.template.Resources)
    .filter(([id]) => !Object.hasOwn(after.template.Resources, id))
    .map(
      ([id, { Type: type, DeletionPolicy = '' }]): ResourceChange => ({
        ...{ action: /^Retain/.test(DeletionPolicy) ? 'left-behind' : 'removed', id, type, details: [] },
      }),
    )
  return [...kept, ...gone]
}

function compare(
  id: string,
  before: Version,
  after: Version,
  changeOf: (id: string) => ResourceChange | undefined,
): ResourceChange | undefined {
  const [old, now] = [entryOf(before.template.Resources, id), after.template.Resources[id]!]
  const { Type: type } = now
  if (!old) return { action: 'added', id, type, details: [] }
  if (old.Type !== type) return { action: 'replaced', id, type, details: ['Type'] }
  const [was, is] = [old.Properties ?? {}, now.Properties ?? {}]
  const written = changedProperties(was, is)
  const spec = resourceSpec(type)
  const recreations = written.map((name) => recreation(spec, name, entryOf(was, name), entryOf(is, name)))
  const hanging = Object.keys(is).filter(
    (name) => !written.includes(name) && changesBelow(is[name], { before, after, changeOf }),
  )
  // What a value that is told later turns out to be, only CloudFormation will see.
  if (hanging.some((name) => recreation(spec, name, 'before', 'after') !== 'Never'))
    recreations.push('Conditionally')
  const beside = BESIDE.filter((key) => !deepEqual(old[key], now[key]))
  const details = [...written, ...hanging, ...beside]
  if (!details.length) return undefined
  return { action: actionOf(worstRecreation(recreations)), id, type, details }
}

const recreation = (spec: ResourceSpec | undefined, name: string, was: unknown, is: unknown): Recreation =>
  spec ? recreationOf(spec, name, was, is) : 'Never'

const actionOf = (worst: Recreation): ResourceChange['action'] =>
  (({ Always: 'replaced', Conditionally: 'maybe-replaced', Never: 'changed' }) as const)[worst]

/** Whether a value refers to something that becomes another: a resource that is replaced, a parameter of another value. */
function changesBelow(
  value: unknown,
  {
    before,
    after,
    changeOf,
  }: {
    readonly before: Version
    readonly after: Version
    readonly changeOf: (id: string) => ResourceChange | undefined
  },
): boolean {
  let found = false
  eachReference(value, (reference) => {
    if (reference.kind !== 'ref' && reference.kind !== 'attribute') return
    const { name } = reference
    if (Object.hasOwn(after.template.Resources, name)) {
      const action = changeOf(name)?.action
      found ||= action === 'replaced' || action === 'maybe-replaced' || action === 'added'
    } else found ||= entryOf(before.parameters, name) !== entryOf(after.parameters, name)
  })
  return found
}

/** Names of outputs that are added, changed or gone. */
export function outputChanges(before: Template, after: Template): string[] {
  const [was, is] = [before.Outputs ?? {}, after.Outputs ?? {}]
  return changedProperties(was, is)
}
