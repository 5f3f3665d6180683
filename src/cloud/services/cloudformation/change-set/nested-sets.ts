/**
 * Change sets of nested stacks: worked out and deleted with the outermost one, and executed by it alone.
 * AWS: AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
 */
import { madeName, typeFacts } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { newOperation } from '../engine/begin.ts'
import { versionOfNested } from '../engine/nested-version.ts'
import { assumeStackRole, StackRun } from '../engine/stack-run.ts'
import { newStack } from '../operations/create-stack.ts'
import { type ChangeSet, type Stack, stackNames, stacks } from '../state.ts'
import type { NestedStack } from './changes.ts'
import { newChangeSet } from './new-change-set.ts'

/** Longest name of a change set. */
const LONGEST = 128

/** Gives the set of a nested stack, which is put under review where it is new. Errors: those of its template. */
export async function proposeChild(
  ctx: Context,
  around: ChangeSet,
  { logicalId, physicalId, properties }: NestedStack,
): Promise<ChangeSet> {
  const parent = ctx.table(stacks).get(around.stackId)!
  const before = physicalId === undefined ? undefined : ctx.table(stacks).get(physicalId)
  const version = await versionOfNested(properties, {
    ctx: await callingContext(ctx, around, parent),
    name: before?.name ?? parent.name,
    capabilities: around.capabilities,
    tags: around.tags,
    previous: before,
  })
  const blank = { ...version, parameters: [], tags: {}, capabilities: [] }
  const stack = before ?? {
    ...newStack(ctx, nameOf('AWS::CloudFormation::Stack', parent.name, logicalId, ctx), blank),
    parentId: parent.id,
    rootId: parent.rootId ?? parent.id,
    operation: newOperation(ctx),
  }
  if (!before) putUnderReview(ctx, stack)
  return newChangeSet(ctx, stack, version, {
    name: madeName({ longest: LONGEST }, around.name, logicalId, ctx.cloud.ids.uuid()),
    notificationArns: stack.notificationArns,
    includesNested: true,
    importsExisting: around.importsExisting,
    nestedIn: { parentId: around.id, rootId: around.nestedIn?.rootId ?? around.id, logicalId },
  })
}

const nameOf = (type: string, stackName: string, logicalId: string, ctx: Context): string =>
  madeName(typeFacts(type).name ?? {}, stackName, logicalId, ctx.cloud.ids.uuid())

/** A context in which templates are read as the stack's role will. */
export async function callingContext(ctx: Context, around: ChangeSet, parent: Stack): Promise<Context> {
  const roleArn = around.roleArn ?? parent.roleArn
  if (!roleArn) return ctx
  const { identity } = await assumeStackRole(ctx, { id: parent.id, roleArn })
  return ctx.as(identity, { account: ctx.account })
}

/** Puts a stack that holds nothing yet under review. */
export function putUnderReview(ctx: Context, stack: Stack): void {
  ctx.table(stackNames).put(stack.name, stack.id)
  ctx.table(stacks).put(stack.id, { ...stack, operation: newOperation(ctx) })
  new StackRun(ctx, stack.id).setStatus('REVIEW_IN_PROGRESS', 'User Initiated')
}
