/** AWS::CloudFormation::Stack: a stack as a resource of another, run inside its parent's operation. */
import type { Context } from '../../../kernel/context.ts'
import type { Properties, ResourceContext, ResourceOutcome } from '../../../kernel/resource-type.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { changesOf } from '../change-set/changes.ts'
import { beginNested, newOperation, whenAtRest } from '../engine/begin.ts'
import { nestedSetOf } from '../engine/nested-set.ts'
import { versionOfNested } from '../engine/nested-version.ts'
import { loadHandlers } from '../engine/resource-handler.ts'
import { versionOf } from '../engine/run-stack.ts'
import { unfinished, validationError } from '../engine/validation-error.ts'
import { newStack } from '../operations/create-stack.ts'
import { refuseChangedTypes } from '../operations/update-stack.ts'
import { type ChangeSet, changeSets, type Stack, type StackVersion, stacks } from '../state.ts'
import { runOf } from './own-context.ts'

/** AWS: the child has its parent's role and capabilities, and its outputs are attributes `Outputs.<name>`. */
export const nestedStack = resourceType({
  type: 'AWS::CloudFormation::Stack',
  create: async (properties, rc) => {
    const { ctx } = runOf(rc)
    const id = await rc.step('begin', () => beginChild(properties, rc))
    await whenAtRest(ctx, id)
    return outcomeOf(ctx, id, 'CREATE_COMPLETE', 'created')
  },
  update: async (physicalId, properties, _previous, rc) => {
    const { ctx } = runOf(rc)
    const begun = await rc.step('begin', () => beginChildUpdate(physicalId, properties, rc))
    await whenAtRest(ctx, physicalId)
    return outcomeOf(ctx, physicalId, begun ? 'UPDATE_COMPLETE' : statusOf(ctx, physicalId), 'updated')
  },
  delete: async (physicalId, _properties, rc) => {
    const { ctx } = runOf(rc)
    const begun = await rc.step('begin', () => beginChildDeletion(ctx, physicalId))
    if (!begun) return
    await whenAtRest(ctx, physicalId)
    outcomeOf(ctx, physicalId, 'DELETE_COMPLETE', 'deleted')
  },
})

/** Gives the id of a new child whose creation is under way. */
async function beginChild(properties: Properties, rc: ResourceContext): Promise<string> {
  const { ctx, stack: parent } = runOf(rc)
  const prepared = nestedSetOf(ctx, parent, rc.logicalId)
  const version = await versionOfChild(properties, rc, undefined, prepared)
  const reviewed = prepared && ctx.table(stacks).get(prepared.stackId)
  const child: Stack = {
    ...(reviewed ? { ...reviewed, ...version } : newStack(ctx, rc.generateName(), version)),
    changeSetId: prepared?.id,
    roleArn: parent.roleArn,
    notificationArns: properties.NotificationARNs ?? [],
    disableRollback: parent.disableRollback,
    onFailure: parent.onFailure === 'DELETE' ? 'ROLLBACK' : parent.onFailure,
    timeoutInMinutes: properties.TimeoutInMinutes,
    parentId: parent.id,
    rootId: parent.rootId ?? parent.id,
    operation: newOperation(ctx),
  }
  markExecuting(ctx, prepared)
  beginNested(ctx, child, 'CREATE_IN_PROGRESS')
  return child.id
}

/** Gives whether there was anything to change. */
async function beginChildUpdate(id: string, properties: Properties, rc: ResourceContext): Promise<boolean> {
  const { ctx, stack: parent } = runOf(rc)
  await whenAtRest(ctx, id)
  const child = ctx.table(stacks).get(id)
  if (!child || child.status === 'DELETE_COMPLETE') throw validationError(`Stack [${id}] does not exist`)
  const prepared = nestedSetOf(ctx, parent, rc.logicalId)
  const version = await versionOfChild(properties, rc, child, prepared)
  refuseChangedTypes(child, version, ctx)
  await loadHandlers(ctx, id)
  if (changesOf(ctx, child, version).unchanged) return false
  const updated: Stack = {
    ...child,
    ...version,
    outputs: child.outputs,
    imports: child.imports,
    roleArn: parent.roleArn,
    disableRollback: parent.disableRollback,
    updatedAt: ctx.cloud.clock.now(),
    previous: versionOf(child),
    changeSetId: prepared?.id ?? child.changeSetId,
    operation: newOperation(ctx),
  }
  markExecuting(ctx, prepared)
  beginNested(ctx, updated, 'UPDATE_IN_PROGRESS')
  return true
}

/** Gives whether there is anything to delete. */
async function beginChildDeletion(ctx: Context, id: string): Promise<boolean> {
  await whenAtRest(ctx, id)
  const child = ctx.table(stacks).get(id)
  if (!child || child.status === 'DELETE_COMPLETE') return false
  const operation = newOperation(ctx, { statusBefore: child.status })
  beginNested(ctx, { ...child, operation }, 'DELETE_IN_PROGRESS')
  return true
}

const statusOf = (ctx: Context, id: string): string => ctx.table(stacks).get(id)!.status

function markExecuting(ctx: Context, prepared: ChangeSet | undefined): void {
  if (prepared)
    ctx.table(changeSets).put(prepared.id, { ...prepared, executionStatus: 'EXECUTE_IN_PROGRESS' })
}

async function versionOfChild(
  properties: Properties,
  rc: ResourceContext,
  child: Stack | undefined,
  prepared: ChangeSet | undefined,
): Promise<StackVersion> {
  const run = runOf(rc)
  return versionOfNested(properties, {
    ctx: await run.callingContext(),
    name: child?.name ?? rc.stackName,
    capabilities: run.stack.capabilities,
    tags: run.stack.tags,
    previous: child,
    template: prepared?.template,
  })
}

function outcomeOf(ctx: Context, id: string, wanted: string, verb: string): ResourceOutcome {
  const { status, statusReason, outputs } = ctx.table(stacks).get(id)!
  if (status !== wanted)
    throw unfinished(
      id,
      verb === 'updated'
        ? `Embedded stack ${id} was not successfully updated. Currently in ${status} with reason: ${statusReason ?? ''}`
        : `Embedded stack ${id} was not successfully ${verb}: ${statusReason ?? status}`,
    )
  const attributes = Object.fromEntries(outputs.map((one) => [`Outputs.${one.key}`, one.value]))
  return { physicalId: id, attributes }
}
