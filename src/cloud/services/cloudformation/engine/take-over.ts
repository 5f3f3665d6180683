/** Takes a resource over that stood before its stack. */
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import { changeSets, type Physical, type StackResource } from '../state.ts'
import { type Declared, finalProperties, type Handler } from './resource-handler.ts'
import { runHandler } from './run-handler.ts'
import type { StackRun } from './stack-run.ts'
import { validationError } from './validation-error.ts'

/** Gives the physical id of a resource that the change set which is executed imports. */
export function importedId({ ctx, stack }: StackRun, logicalId: string): string | undefined {
  const set = stack.changeSetId === undefined ? undefined : ctx.table(changeSets).get(stack.changeSetId)
  if (set?.executionStatus !== 'EXECUTE_IN_PROGRESS') return undefined
  return set.changes.find((one) => one.action === 'Import' && one.logicalId === logicalId)?.physicalId
}

interface TakenOver {
  readonly run: StackRun
  readonly handler: Handler
  readonly declared: Declared
  readonly base: Omit<StackResource, 'status' | 'updatedAt'>
  readonly dependsOn: readonly string[]
}

/** AWS: what stands is not held against the template; the tags of the stack are put on it afterwards. */
export async function takeOver(step: TakenOver, physicalId: string): Promise<void> {
  const { run, handler, declared, base, dependsOn } = step
  const { logicalId } = base
  const record = { ...base, change: 'created' as const, imported: true }
  const task = { logicalId, type: handler.spec.type }
  const properties = { properties: declared }
  const begin = () =>
    run.setResource({ ...record, status: 'IMPORT_IN_PROGRESS' }, { physicalId, ...properties })
  const physical = await runHandler(run, { ...task, verb: 'import', begin }, async (rc) => {
    const found = await handler.type.read?.(physicalId, rc)
    if (!found) throw validationError(`Resource ${physicalId} of type ${handler.spec.type} does not exist`)
    const { resolved } = await finalProperties(run, logicalId, handler.spec, declared)
    return {
      id: found.physicalId,
      declared,
      resolved,
      attributes: found.attributes ?? {},
      stackTags: {},
      dependsOn,
    }
  })
  run.setResource(
    { ...record, physical, status: 'IMPORT_COMPLETE', reason: 'Resource import completed.' },
    properties,
  )
  await putStackTags(step, record, physical)
}

async function putStackTags(
  { run, handler, declared, base }: TakenOver,
  record: Omit<StackResource, 'status' | 'updatedAt'>,
  before: Physical,
): Promise<void> {
  const { logicalId } = base
  const reason = 'Apply stack-level tags to imported resource if applicable.'
  const begin = () =>
    run.setResource(
      { ...record, physical: before, status: 'UPDATE_IN_PROGRESS', reason },
      { properties: declared },
    )
  const task = { logicalId, type: handler.spec.type, verb: 'update' as const, before, begin }
  const attributes = await runHandler(run, task, async (rc: ResourceContext) => {
    const { properties } = await finalProperties(run, logicalId, handler.spec, declared)
    const outcome = await handler.type.update?.(before.id, properties, properties, rc)
    return { ...before.attributes, ...outcome?.attributes }
  })
  const physical = { ...before, attributes, stackTags: run.stack.tags }
  run.setResource({ ...record, physical, status: 'UPDATE_COMPLETE' }, { properties: declared })
}
