/** Begins an operation on a stack: its record says so, its first event is put, and the work goes on in the background. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import type { Stack, StackOperation, StackStatus } from '../state.ts'
import { stackNames, stacks } from '../state.ts'
import { isBusy, runOperation } from './run-stack.ts'
import { alreadyExists } from './stack-input.ts'
import { assumeStackRole, StackRun } from './stack-run.ts'
import { validationError } from './validation-error.ts'

/** Gives the record of an operation that the caller begins now. */
export const newOperation = (
  ctx: Context,
  details: Pick<StackOperation, 'clientRequestToken' | 'leave' | 'statusBefore'> = {},
): StackOperation => ({
  id: ctx.cloud.ids.uuid(),
  startedAt: ctx.cloud.clock.now(),
  identity: ctx.identity,
  ...details,
})

/**
 * Puts the stack in its new status and lets it run. The role, where there is one, is assumed first: that it can be
 * is the last thing that may refuse the request. What `also` puts is committed together with the stack.
 * Errors: ValidationError, and those of `also`.
 */
export async function begin(
  ctx: Context,
  stack: Stack,
  status: StackStatus,
  also?: () => void,
): Promise<void> {
  const session = await sessionOf(ctx, stack)
  claim(ctx, stack)
  also?.()
  ctx.table(stacks).put(stack.id, stack)
  const run = new StackRun(ctx, stack.id)
  run.useSession(session)
  run.setStatus(status, 'User Initiated')
  ctx.spawn(`${stack.name} ${status}`, () => runToRest(run))
}

/** Two requests may have been checked side by side; only the first one gets the stack. */
function claim(ctx: Context, stack: Stack): void {
  const names = ctx.table(stackNames)
  const holder = names.get(stack.name)
  if (holder !== undefined && holder !== stack.id) throw alreadyExists(stack.name)
  const current = ctx.table(stacks).get(stack.id)
  if (current && isBusy(current))
    throw validationError(`Stack:${stack.id} is in ${current.status} state and can not be updated.`)
  names.put(stack.name, stack.id)
}

const sessionOf = (
  ctx: Context,
  stack: Stack,
): Promise<{ identity: Identity; expiresAt: number } | undefined> | undefined =>
  stack.roleArn ? assumeStackRole(ctx, stack) : undefined

/** Operations under way, by stack id. */
const running = part({ name: 'operations on stacks', make: () => new Map<string, Promise<void>>() })

function runToRest(run: StackRun): Promise<void> {
  const all = run.ctx.cloud.part(running)
  const work = runOperation(run).finally(() => all.delete(run.stackId))
  all.set(run.stackId, work)
  return work
}

/** Resolves once no operation on the stack is under way. */
export const whenAtRest = async (ctx: Context, stackId: string): Promise<void> =>
  ctx.cloud.part(running).get(stackId)

/** Lets a nested stack's operation run, inside its parent's, which waits until it is at rest. */
export function beginNested(ctx: Context, stack: Stack, status: StackStatus): void {
  claim(ctx, stack)
  ctx.table(stacks).put(stack.id, stack)
  const run = new StackRun(ctx, stack.id)
  run.setStatus(status, 'User Initiated')
  ctx.spawn(`${stack.name} ${status}`, () => runToRest(run))
}

/** Goes on with an operation that a stop of the cloud interrupted. */
export function resume(ctx: Context, stack: Stack): void {
  const run = new StackRun(ctx, stack.id)
  ctx.spawn(`${stack.name} resumed`, () => runToRest(run))
}
