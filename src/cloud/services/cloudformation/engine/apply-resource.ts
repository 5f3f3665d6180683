/** Brings one resource to what the template says, with the events of every step. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import {
  changedProperties,
  deepEqual,
  type Evaluated,
  type ResourceSpec,
  recreationOf,
  worstRecreation,
} from '../../../../template/index.ts'
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import type { Physical, StackResource } from '../state.ts'
import { nestedSetOf } from './nested-set.ts'
import { reasonOfRecorded } from './recorded.ts'
import {
  currentProperties,
  type Declared,
  finalProperties,
  type Handler,
  handlerOf,
} from './resource-handler.ts'
import { runHandler } from './run-handler.ts'
import type { StackRun } from './stack-run.ts'
import { importedId, takeOver } from './take-over.ts'
import { validationError } from './validation-error.ts'

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.'

/**
 * Brings one resource to what the template says: made, changed, replaced or left alone.
 * `stopped` tells afterwards that another resource has failed meanwhile. Gives whether it succeeded.
 */
export async function applyResource(
  run: StackRun,
  logicalId: string,
  evaluated: Evaluated,
  stopped: () => boolean,
): Promise<boolean> {
  const record = run.resources.get(logicalId)
  if (record?.failedIn === run.token) return false
  const current = record?.physical
  const resource = entryOf(evaluated.template.Resources, logicalId)!
  const base = {
    logicalId,
    type: resource.Type,
    deletionPolicy: resource.DeletionPolicy,
    updateReplacePolicy: resource.UpdateReplacePolicy,
    recorded: false,
    leftovers: record?.leftovers,
  }
  const existing = current ? undefined : importedId(run, logicalId)
  const verb = current ? 'UPDATE' : existing === undefined ? 'CREATE' : 'IMPORT'
  let step: Step | undefined
  try {
    const handler = handlerOf(run, resource.Type)
    const declared = evaluated.value(resource.Properties ?? {}) as Declared
    step = {
      run,
      handler,
      declared,
      base: { ...base, recorded: handler.recorded },
      dependsOn: evaluated.dependsOn.get(logicalId) ?? [],
      updatePolicy: evaluated.value(resource.UpdatePolicy ?? {}) as Step['updatePolicy'],
    }
    if (existing !== undefined) {
      await takeOver(step, existing)
      return !stopped()
    }
    if (!current) return await create(step, stopped)
    return await change(step, record, current, stopped)
  } catch (error) {
    if (run.ctx.cloud.signal.aborted) return false
    const latest = run.resources.get(logicalId)
    const half = begun(error, step)
    run.setResource({
      ...base,
      ...latest,
      physical: latest?.physical ?? half,
      // What was to take the place of another is deleted when that one is back.
      leftovers:
        current && half && half.id !== current.id ? [...(latest?.leftovers ?? []), half] : latest?.leftovers,
      change: latest?.change ?? (current ? undefined : 'created'),
      status: `${verb}_FAILED`,
      reason: run.reasonOf(error, `${verb.toLowerCase()} ${resource.Type}`),
    })
    return false
  }
}

/** What there is of a resource whose creation failed half way, and has to be deleted. */
function begun(error: unknown, step: Step | undefined): Physical | undefined {
  const id = step?.madeId ?? (error instanceof AwsError ? error.fields.physicalId : undefined)
  if (typeof id !== 'string' || !step) return undefined
  return {
    id,
    declared: step.declared,
    attributes: {},
    stackTags: step.run.stack.tags,
    dependsOn: step.dependsOn,
  }
}

interface Step {
  readonly run: StackRun
  readonly handler: Handler
  readonly declared: Declared
  readonly base: Omit<StackResource, 'status' | 'updatedAt'>
  readonly dependsOn: readonly string[]
  readonly updatePolicy?: ResourceContext['updatePolicy']
  /** What the resource type says that it has made so far. */
  madeId?: string
}

const completion = ({ handler }: Step): string | undefined =>
  handler.recorded ? reasonOfRecorded(handler.spec.type) : undefined

async function create(step: Step, stopped: () => boolean): Promise<boolean> {
  const { run, base, declared } = step
  const made = { ...base, change: 'created' as const }
  const physical = await bring(step, () =>
    run.setResource({ ...made, status: 'CREATE_IN_PROGRESS' }, { properties: declared }),
  )
  run.setResource(
    { ...made, physical, status: 'CREATE_IN_PROGRESS', reason: 'Resource creation Initiated' },
    { properties: declared },
  )
  const cancelled = stopped()
  const [status, reason] = cancelled
    ? (['CREATE_FAILED', 'Resource creation cancelled'] as const)
    : (['CREATE_COMPLETE', completion(step)] as const)
  run.setResource({ ...made, physical, status, reason }, { properties: declared })
  return !cancelled
}

/** Calls the resource type's create and gives what stands now. */
async function bring(step: Step, begin: () => void): Promise<Physical> {
  const { run, handler, declared, base, dependsOn } = step
  const { logicalId } = base
  const made = (physicalId: string) => {
    step.madeId = physicalId
  }
  return runHandler(run, { logicalId, type: handler.spec.type, verb: 'create', begin, made }, async (rc) => {
    const { properties, resolved } = await finalProperties(run, logicalId, handler.spec, declared)
    const outcome = await handler.type.create(properties, rc)
    return {
      id: outcome.physicalId,
      declared,
      resolved,
      attributes: outcome.attributes ?? {},
      stackTags: run.stack.tags,
      dependsOn,
    }
  })
}

async function change(
  step: Step,
  record: StackResource,
  current: Physical,
  stopped: () => boolean,
): Promise<boolean> {
  const { run, handler, declared, base, dependsOn } = step
  const names = changedProperties(current.declared, declared)
  const retagged = handler.spec.tagProperty !== undefined && !deepEqual(current.stackTags, run.stack.tags)
  const asItself = nestedSetOf(run.ctx, run.stack, base.logicalId) !== undefined
  if (names.length === 0 && !retagged && !asItself) {
    run.resources.put(base.logicalId, { ...record, ...base, physical: { ...current, dependsOn } })
    return true
  }
  const before = { ...base, change: record.change, previous: record.previous, physical: current }
  const previous = record.previous ?? (record.change === 'created' ? undefined : current)
  const replaced = mustReplace(handler, names, current.declared, declared)
  if (replaced) refuseSameName(handler.spec, current.declared, declared)
  const begin = () =>
    run.setResource(
      { ...before, previous, status: 'UPDATE_IN_PROGRESS', reason: replaced ? REPLACING : undefined },
      { properties: declared },
    )
  const physical = replaced ? await bring(step, begin) : await modify(step, current, begin)
  const moved = physical.id !== current.id
  const changed = {
    ...before,
    previous,
    physical,
    change:
      record.change === 'created'
        ? record.change
        : moved
          ? ('replaced' as const)
          : (record.change ?? ('updated' as const)),
    // A resource that was made or replaced in this very operation leaves its intermediate state behind.
    leftovers:
      moved && record.change && record.change !== 'updated'
        ? [...(record.leftovers ?? []), current]
        : record.leftovers,
  }
  if (replaced)
    run.setResource(
      { ...changed, status: 'UPDATE_IN_PROGRESS', reason: 'Resource creation Initiated' },
      { properties: declared },
    )
  const cancelled = stopped()
  const [status, reason] = cancelled
    ? (['UPDATE_FAILED', 'Resource update cancelled'] as const)
    : (['UPDATE_COMPLETE', completion(step)] as const)
  run.setResource({ ...changed, status, reason }, { properties: declared })
  return !cancelled
}

async function modify(step: Step, current: Physical, begin: () => void): Promise<Physical> {
  const { run, handler, declared, base, dependsOn, updatePolicy } = step
  const { logicalId } = base
  return runHandler(
    run,
    { logicalId, type: handler.spec.type, verb: 'update', before: current, updatePolicy, begin },
    async (rc) => {
      const { properties, resolved } = await finalProperties(run, logicalId, handler.spec, declared)
      const previous = currentProperties(handler.spec, current)
      const outcome = await handler.type.update!(current.id, properties, previous, rc)
      return {
        id: outcome.physicalId,
        declared,
        resolved,
        attributes: { ...current.attributes, ...outcome.attributes },
        stackTags: run.stack.tags,
        dependsOn,
      }
    },
  )
}

function mustReplace(
  { spec, type }: Handler,
  names: readonly string[],
  before: Declared,
  after: Declared,
): boolean {
  if (names.length > 0 && !type.update) return true
  const worst = worstRecreation(
    names.map((name) => recreationOf(spec, name, entryOf(before, name), entryOf(after, name))),
  )
  return worst === 'Always'
}

/** AWS: a resource whose name the template gives cannot be replaced under that same name. */
function refuseSameName(spec: ResourceSpec, before: Declared, after: Declared): void {
  const [name, ...more] = spec.identifier
  if (
    name === undefined ||
    more.length > 0 ||
    !Object.hasOwn(spec.properties, name) ||
    entryOf(after, name) === undefined
  )
    return
  if (!deepEqual(entryOf(before, name), entryOf(after, name))) return
  throw validationError(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(entryOf(after, name))} and update the stack again.`,
  )
}
