/** Works out what a change set would do, and with IncludeNestedStacks what the sets of its nested stacks would. */
import { AwsError } from '../../../../model/index.ts'
import { readProcessed, requireCapabilities } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { changeSetPrepared } from '../../../kernel/service-events.ts'
import { loadHandlers } from '../engine/resource-handler.ts'
import { type ChangeSet, changeSets, type ResourceChange, stacks } from '../state.ts'
import { changesOf, type NestedStack } from './changes.ts'
import { forgetNested } from './forget.ts'
import { withImports } from './imports.ts'
import { callingContext, proposeChild } from './nested-sets.ts'

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set."

/** AWS: a nested set that could not be worked out, told by the set around it. */
const notCreated = (id: string): string =>
  `Nested change set ${id} was not successfully created: Currently in FAILED.`

/** AWS: what a nested set says of itself (`change-sets-for-nested-stacks.html`). */
const FROM_ROOT = 'Executable from root change set'

/** Works out the changes of a change set that was asked for, and tells those who wait for it. */
export async function prepare(ctx: Context, id: string): Promise<void> {
  await workOut(ctx, id)
  ctx.cloud.bus.emit(changeSetPrepared, { changeSet: id })
}

/** Gives whether there is nothing to change. */
async function workOut(ctx: Context, id: string): Promise<boolean> {
  const table = ctx.table(changeSets)
  const set = table.get(id)
  if (set) await loadHandlers(ctx, set.stackId)
  const stack = set && ctx.table(stacks).get(set.stackId)
  if (!set || !stack) return false
  table.put(id, { ...set, status: 'CREATE_IN_PROGRESS' })
  try {
    const read = readProcessed(set.template, set.parameters, ctx)
    requireCapabilities(read, set.capabilities, { transforms: false })
    // What executing takes is there by then: the aws CLI looks at once, and then not for half a minute.
    await loadHandlers(
      ctx,
      set.stackId,
      Object.values(read.template.Resources).map(({ Type }) => Type),
    )
    const changes = changesOf(ctx, stack, set)
    // What was begun before a kill is begun anew.
    forgetNested(ctx, id)
    const imports = set.importsExisting || set.toImport
    const resources = imports
      ? await withImports(await callingContext(ctx, set, stack), set, changes.resources)
      : changes.resources
    const all = set.includesNested ? await withNested(ctx, set, resources, changes.nested()) : resources
    // The set may have been deleted meanwhile.
    if (!table.has(id)) return false
    const isIdle = set.type === 'UPDATE' && changes.unchanged && all.length === 0
    table.put(id, isIdle ? { ...set, status: 'FAILED', statusReason: NO_CHANGES } : complete(set, all))
    return isIdle
  } catch (error) {
    if (!(error instanceof AwsError)) ctx.cloud.bug('cloudformation change set', error)
    if (table.has(id)) table.put(id, { ...set, status: 'FAILED', statusReason: (error as Error).message })
    return false
  }
}

const complete = (set: ChangeSet, changes: readonly ResourceChange[]): ChangeSet => ({
  ...set,
  status: 'CREATE_COMPLETE',
  ...(set.nestedIn ? { statusReason: FROM_ROOT } : { executionStatus: 'AVAILABLE' }),
  changes,
})

/** Makes a set for each nested stack that changes; gives the changes of the stack around them, which name these sets. */
async function withNested(
  ctx: Context,
  set: ChangeSet,
  resources: readonly ResourceChange[],
  nested: readonly NestedStack[],
): Promise<ResourceChange[]> {
  const changes = new Map(resources.map((one) => [one.logicalId, one]))
  for (const one of nested) {
    const child = await proposeChild(ctx, set, one)
    ctx.table(changeSets).put(child.id, child)
    const isIdle = await workOut(ctx, child.id)
    if (isIdle) ctx.table(changeSets).delete(child.id)
    else if (ctx.table(changeSets).get(child.id)?.status !== 'CREATE_COMPLETE')
      throw new AwsError('ValidationError', notCreated(child.id))
    else
      changes.set(one.logicalId, {
        ...(changes.get(one.logicalId) ?? automatic(one)),
        physicalId: child.stackId,
        changeSetId: child.id,
      })
  }
  return [...changes.values()].sort((one, other) => (one.logicalId < other.logicalId ? -1 : 1))
}

/** AWS: a nested stack whose own properties stay, and whose template does not, changes by itself. */
const automatic = ({ logicalId }: NestedStack): ResourceChange => ({
  action: 'Modify',
  logicalId,
  type: 'AWS::CloudFormation::Stack',
  replacement: 'False',
  scope: ['Properties'],
  details: [
    { attribute: 'Properties', requiresRecreation: 'Never', evaluation: 'Dynamic', source: 'Automatic' },
  ],
})
