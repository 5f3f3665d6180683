/** What an operation does with one instance of a stack set: its stack is made, changed or removed, and waited for. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { stackChanged } from '../../../kernel/service-events.ts'
import { STACK_SET } from '../engine/read-template-source.ts'
import { NoAccess, targetSession } from './sessions.ts'
import {
  instanceKey,
  instancesOf,
  type Result,
  type SetOperation,
  type StackInstance,
  type StackSet,
} from './state.ts'

/** An instance with the operation that works on it. */
export interface Work {
  /** The administrator's, acting as CloudFormation. */
  readonly ctx: Context
  readonly set: StackSet
  readonly operation: SetOperation
  readonly result: Result
}

/** Thrown where a stack did not come to what it should. */
class StackFailure extends Error {
  override readonly name = 'StackFailure'
}

/** Does it; gives why it failed, or nothing. Run again after a kill it goes on where it was. Errors: bugs alone. */
export async function changeInstance(work: Work): Promise<string | undefined> {
  const { ctx, set, operation, result } = work
  const table = ctx.table(instancesOf(set.id))
  const key = instanceKey(result)
  const update = (changes: Partial<StackInstance>) => table.put(key, { ...table.get(key)!, ...changes })
  const lastOperation = operation.id
  update({ detailed: 'RUNNING', lastOperation })
  try {
    if (operation.action === 'DELETE') {
      await remove(work, table.get(key)!)
      table.delete(key)
    } else {
      const stackId = await put(work, table.get(key)!)
      update({ stackId, status: 'CURRENT', detailed: 'SUCCEEDED', reason: undefined })
    }
    return undefined
  } catch (error) {
    if (ctx.cloud.signal.aborted) throw error
    const isKnown = error instanceof StackFailure || error instanceof NoAccess || error instanceof AwsError
    if (!isKnown) throw error
    const status = operation.action === 'DELETE' && error instanceof StackFailure ? 'INOPERABLE' : 'OUTDATED'
    update({ status, detailed: 'FAILED', reason: error.message })
    return error.message
  }
}

type Target = Awaited<ReturnType<typeof targetOf>>

/** Calls CloudFormation in the account and region of an instance, as the role that works there. */
async function targetOf({ ctx, set, operation, result }: Work) {
  const as: Identity = await targetSession(ctx, set, operation, result.account)
  const options = { as, region: result.region, invokedBy: STACK_SET }
  const call = <O extends 'CreateStack' | 'UpdateStack' | 'DeleteStack' | 'DescribeStacks'>(
    name: O,
    input: Parameters<typeof ctx.call<'cloudformation', O>>[2],
  ) => ctx.call('cloudformation', name, input, options)
  return { ctx, call, result }
}

async function describe({ call }: Target, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await call('DescribeStacks', { StackName })
    const stack = Stacks[0] as Stack | undefined
    return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack
  } catch (error) {
    if (error instanceof AwsError && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

/** Waits until nothing happens to a stack any more; undefined once it is gone. */
async function atRest(target: Target, name: string): Promise<Stack | undefined> {
  const { bus, signal } = target.ctx.cloud
  let wake: () => void = () => undefined
  let told = false
  const stop = bus.on(stackChanged, ({ stack }) => {
    if (!stack.includes(`:stack/${name}/`)) return
    told = true
    wake()
  })
  const aborted = () => wake()
  signal.addEventListener('abort', aborted)
  try {
    while (!signal.aborted) {
      told = false
      const stack = await describe(target, name)
      if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) return stack
      if (!told && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    stop()
    signal.removeEventListener('abort', aborted)
  }
  throw new Error('the cloud stops')
}

/** Stacks in these states can only be deleted. */
const LOST = /^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED)$/

/** Makes or changes the stack; gives its id. */
async function put(work: Work, instance: StackInstance): Promise<string> {
  const target = await targetOf(work)
  const { stackName } = instance
  const token = tokenOf(work)
  const before = await atRest(target, stackName)
  const isLost = LOST.test(before?.StackStatus ?? '')
  if (isLost) await deleted(target, stackName)
  const input = { StackName: stackName, ...versionOf(work, instance), ClientRequestToken: token }
  if (!before || isLost) await target.call('CreateStack', input)
  else await updated(target, input)
  const stack = await atRest(target, stackName)
  if (stack?.StackStatus === 'CREATE_COMPLETE' || stack?.StackStatus === 'UPDATE_COMPLETE')
    return stack.StackId ?? ''
  throw new StackFailure(
    `ResourceLogicalId:${stackName}, ResourceType:AWS::CloudFormation::Stack, ResourceStatusReason:${stack?.StackStatusReason ?? stack?.StackStatus ?? 'The stack is gone'}.`,
  )
}

/** AWS: a stack that has nothing to change is what it should be. */
async function updated(target: Target, input: Parameters<Target['call']>[1]): Promise<void> {
  try {
    await target.call('UpdateStack', input as never)
  } catch (error) {
    if (!(error instanceof AwsError) || !/No updates are to be performed/.test(error.message)) throw error
  }
}

/** The same for each try of an operation on an instance: what was begun before a kill is not begun twice. */
const tokenOf = ({ operation }: Work): string => operation.id

function versionOf({ set }: Work, { overrides }: StackInstance) {
  const own = new Map(overrides.map((one) => [one.ParameterKey, one.ParameterValue]))
  return {
    TemplateBody: set.template,
    Parameters: set.parameters.map(({ key, value }) => ({
      ParameterKey: key,
      ParameterValue: own.get(key) ?? value,
    })),
    Capabilities: [...set.capabilities] as never[],
    Tags: Object.entries(set.tags).map(([Key, Value]) => ({ Key, Value })),
  }
}

async function remove(work: Work, { stackName, stackId }: StackInstance): Promise<void> {
  if (work.operation.retain || !stackId) return
  await deleted(await targetOf(work), stackName)
}

async function deleted(target: Target, StackName: string): Promise<void> {
  await target.call('DeleteStack', { StackName })
  const left = await atRest(target, StackName)
  if (left)
    throw new StackFailure(
      `The stack ${StackName} could not be deleted: ${left.StackStatusReason ?? left.StackStatus}`,
    )
}
