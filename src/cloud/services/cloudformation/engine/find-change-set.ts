/** Finds change sets by name and stack, or by id. */
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { stackKind } from '../kinds.ts'
import { type ChangeSet, changeSets, changeSetsByStack } from '../state.ts'
import { validationError } from './validation-error.ts'

export interface ChangeSetReference {
  readonly ChangeSetName: string
  readonly StackName?: string
}

/** Gives the newest set of a name: one that was executed leaves its name to others. */
export function findChangeSet(ctx: Context, nameOrId: string, stackId?: string): ChangeSet | undefined {
  const table = ctx.table(changeSets)
  if (nameOrId.startsWith('arn:')) return table.get(nameOrId)
  return table.where(changeSetsByStack, stackId ?? '').findLast((set) => set.name === nameOrId)
}

/** AWS: recorded in the tests of localstack, `test_delete_change_set_exception`. */
export const NEEDS_STACK = 'StackName must be specified if ChangeSetName is not specified as an ARN.'

/** Errors: ChangeSetNotFound; ValidationError where a name comes without its stack, or the stack is not there. */
export function requireChangeSet(
  ctx: Context,
  { ChangeSetName: name, StackName: stackName }: ChangeSetReference,
): ChangeSet {
  if (name.startsWith('arn:')) return findChangeSet(ctx, name) ?? missing(name)
  if (!stackName) throw validationError(NEEDS_STACK)
  const stack = stackKind.lookUp(ctx, stackName)
  if (!stack) throw validationError(`Stack [${stackName}] does not exist`)
  return findChangeSet(ctx, name, stack.id) ?? missing(name)
}

const missing = (name: string): never => {
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, { status: 404 })
}

/** AWS: the resource is the stack; the set's name is a condition key. */
export function changeSetAccess(action: string, input: ChangeSetReference, ctx: Context): AccessRequest {
  const { ChangeSetName: given, StackName: stackName } = input
  const set = given.startsWith('arn:') ? findChangeSet(ctx, given) : undefined
  const context = { 'cloudformation:ChangeSetName': set?.name ?? given }
  return stackKind.on(ctx, action, set?.stackId ?? stackName ?? '*', context)
}
