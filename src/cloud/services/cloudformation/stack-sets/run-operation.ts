/** Running an operation on a stack set: region by region, so many accounts at a time, until too much has failed. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { stackSetOperationEnded } from '../../../kernel/service-events.ts'
import { changeInstance } from './change-instance.ts'
import {
  instanceKey,
  instancesOf,
  operationsOf,
  type Result,
  type SetOperation,
  type StackSet,
  stackSets,
} from './state.ts'

const ownContext = (ctx: Context, { arn }: StackSet): Context =>
  ctx.as(serviceIdentity(servicePrincipal('cloudformation'), { arn, account: ctx.account }))

/** Records an operation and runs it, or lets it wait for the one under way. */
export function beginOperation(caller: Context, set: StackSet, operation: SetOperation): void {
  const ctx = ownContext(caller, set)
  ctx.table(operationsOf(set.id)).put(operation.id, operation)
  markPending(ctx, set, operation)
  if (operation.status === 'RUNNING') runInBackground(ctx, set, operation.id)
}

/** AWS: an instance shows what is to be done with it from the beginning of the operation on. */
function markPending(ctx: Context, set: StackSet, { id, results }: SetOperation): void {
  const table = ctx.table(instancesOf(set.id))
  for (const result of results) {
    const found = table.get(instanceKey(result))
    if (found) table.put(instanceKey(result), { ...found, detailed: 'PENDING', lastOperation: id })
  }
}

function runInBackground(ctx: Context, { id, name }: StackSet, operation: string): void {
  ctx.spawn(`stack set ${name}`, (background) => runOperation(background, id, operation))
}

async function runOperation(ctx: Context, setId: string, id: string): Promise<void> {
  const set = ctx.table(stackSets).get(setId)!
  const { regions, preferences } = read(ctx, set, id)
  try {
    if (preferences.RegionConcurrencyType === 'PARALLEL')
      await Promise.all(regions.map((region) => runRegion(ctx, set, id, region)))
    else for (const region of regions) if (mayGoOn(ctx, set, id)) await runRegion(ctx, set, id, region)
  } catch (error) {
    if (ctx.cloud.signal.aborted) return
    ctx.cloud.bug('stack set operation', error)
  }
  endOperation(ctx, set, id)
}

const read = (ctx: Context, set: StackSet, id: string): SetOperation =>
  ctx.table(operationsOf(set.id)).get(id)!

function change(ctx: Context, set: StackSet, id: string, changes: Partial<SetOperation>): void {
  ctx.table(operationsOf(set.id)).put(id, { ...read(ctx, set, id), ...changes })
}

function settle(ctx: Context, set: StackSet, id: string, result: Result, changes: Partial<Result>): void {
  const { results } = read(ctx, set, id)
  const isIt = (one: Result) => instanceKey(one) === instanceKey(result)
  change(ctx, set, id, { results: results.map((one) => (isIt(one) ? { ...one, ...changes } : one)) })
}

/** AWS: tolerance is for each region, and percentages are rounded down. */
function toleranceOf({ preferences }: SetOperation, count: number): number {
  const { FailureToleranceCount, FailureTolerancePercentage = 0 } = preferences
  return FailureToleranceCount ?? Math.floor((count * FailureTolerancePercentage) / 100)
}

/** AWS: with strict tolerance no more than could fail are under way at a time. */
function concurrencyOf(operation: SetOperation, count: number): number {
  const { MaxConcurrentCount, MaxConcurrentPercentage, ConcurrencyMode } = operation.preferences
  const share =
    MaxConcurrentPercentage === undefined ? 1 : Math.floor((count * MaxConcurrentPercentage) / 100)
  const most = Math.max(1, MaxConcurrentCount ?? share)
  return ConcurrencyMode === 'SOFT_FAILURE_TOLERANCE'
    ? most
    : Math.min(most, toleranceOf(operation, count) + 1)
}

const inRegion = (operation: SetOperation, region: string): Result[] =>
  operation.results.filter((one) => one.region === region)

const hasFailed = (operation: SetOperation, region: string): boolean => {
  const own = inRegion(operation, region)
  return own.filter(({ status }) => status === 'FAILED').length > toleranceOf(operation, own.length)
}

function mayGoOn(ctx: Context, set: StackSet, id: string): boolean {
  const operation = read(ctx, set, id)
  return operation.status === 'RUNNING' && !operation.regions.some((region) => hasFailed(operation, region))
}

async function runRegion(ctx: Context, set: StackSet, id: string, region: string): Promise<void> {
  const isOpen = ({ status }: Result) => status === 'PENDING' || status === 'RUNNING'
  const own = inRegion(read(ctx, set, id), region)
  const open = own.filter(isOpen)
  const worker = async () => {
    while (mayGoOn(ctx, set, id)) {
      const result = open.shift()
      if (!result) return
      settle(ctx, set, id, result, { status: 'RUNNING' })
      const reason = await changeInstance({ ctx, set, operation: read(ctx, set, id), result })
      settle(ctx, set, id, result, { status: reason === undefined ? 'SUCCEEDED' : 'FAILED', reason })
    }
  }
  const count = concurrencyOf(read(ctx, set, id), own.length)
  await Promise.all(Array.from({ length: count }, worker))
}

/** AWS: what was not begun is cancelled, with the operation's failure or its stop. */
function endOperation(ctx: Context, set: StackSet, id: string): void {
  const operation = read(ctx, set, id)
  const isStopped = operation.status === 'STOPPING'
  const failed = operation.regions.some((region) => hasFailed(operation, region))
  const left = operation.results.filter(({ status }) => status === 'PENDING')
  const reason = isStopped
    ? 'Cancelled since the operation was stopped'
    : 'Cancelled since failure tolerance has exceeded'
  const table = ctx.table(instancesOf(set.id))
  for (const result of left) {
    const found = table.get(instanceKey(result))
    if (found) table.put(instanceKey(result), { ...found, status: 'OUTDATED', detailed: 'CANCELLED', reason })
  }
  change(ctx, set, id, {
    status: isStopped ? 'STOPPED' : failed ? 'FAILED' : 'SUCCEEDED',
    ended: ctx.cloud.clock.now(),
    results: operation.results.map((one) =>
      one.status === 'PENDING' ? { ...one, status: 'CANCELLED' as const, reason } : one,
    ),
  })
  ctx.cloud.bus.emit(stackSetOperationEnded, { stackSet: set.arn, operation: id })
  next(ctx, set)
}

/** Lets the operation run that has waited longest. */
function next(ctx: Context, set: StackSet): void {
  const [waiting] = ctx
    .table(operationsOf(set.id))
    .values()
    .filter(({ status }) => status === 'QUEUED')
    .sort((one, other) => one.number - other.number)
  if (!waiting) return
  change(ctx, set, waiting.id, { status: 'RUNNING' })
  runInBackground(ctx, set, waiting.id)
}

/** Goes on with what ran when the cloud ended. */
export function resumeOperations(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(stackSets))
    for (const set of table.values()) {
      const ctx = ownContext(context({ identity: anonymousIdentity, account, region }), set)
      for (const { id, status } of ctx.table(operationsOf(set.id)).values())
        if (status === 'RUNNING' || status === 'STOPPING') runInBackground(ctx, set, id)
    }
}
