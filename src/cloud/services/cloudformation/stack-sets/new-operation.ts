/** Making up an operation on a stack set: which instances it is for, in which order. */
import { AwsError } from '../../../../model/index.ts'
import { stackSetStackPrefix } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { TargetAccount } from './accounts.ts'
import { beginOperation } from './run-operation.ts'
import {
  instanceKey,
  instancesOf,
  operationsOf,
  type Parameter,
  type Preferences,
  type SetOperation,
  type StackInstance,
  type StackSet,
} from './state.ts'

export interface OperationInput {
  readonly OperationId?: string
  readonly OperationPreferences?: Preferences
  readonly DeploymentTargets?: object
}

const BUSY: readonly SetOperation['status'][] = ['RUNNING', 'STOPPING', 'QUEUED']

/** Refuses a second operation. Errors: OperationInProgressException, OperationIdAlreadyExistsException. */
export function claim(ctx: Context, set: StackSet, { OperationId }: OperationInput): void {
  const all = ctx.table(operationsOf(set.id)).values()
  if (all.some(({ id }) => id === OperationId))
    throw new AwsError('OperationIdAlreadyExistsException', `Operation ${OperationId} already exists`, {
      status: 409,
    })
  const busy = all.find(({ status }) => BUSY.includes(status))
  if (busy && !set.managedExecution)
    throw new AwsError(
      'OperationInProgressException',
      `Another Operation on StackSet ${set.arn} is in progress: ${busy.id}`,
      { status: 409 },
    )
}

/** AWS: regions come in the order of RegionOrder, else as they are told. */
function ordered(regions: readonly string[], { RegionOrder = [] }: Preferences): string[] {
  const known = [...new Set(regions)]
  return [
    ...RegionOrder.filter((one) => known.includes(one)),
    ...known.filter((one) => !RegionOrder.includes(one)),
  ]
}

interface Instances {
  readonly action: SetOperation['action']
  readonly regions: readonly string[]
  readonly instances: readonly Pick<StackInstance, 'account' | 'region' | 'unit'>[]
  readonly retain?: boolean
}

/** Begins an operation; gives its id. */
export function begin(
  ctx: Context,
  set: StackSet,
  input: OperationInput,
  { action, regions, instances, retain = false }: Instances,
): string {
  const table = ctx.table(operationsOf(set.id))
  const preferences = input.OperationPreferences ?? {}
  const id = input.OperationId ?? ctx.cloud.ids.uuid()
  const isBusy = table.values().some(({ status }) => BUSY.includes(status))
  beginOperation(ctx, set, {
    id,
    set: set.id,
    number: table.size + 1,
    action,
    status: isBusy ? 'QUEUED' : 'RUNNING',
    preferences,
    regions: ordered(regions, preferences),
    results: instances.map(({ account, region, unit }) => ({ account, region, unit, status: 'PENDING' })),
    retain,
    targets: input.DeploymentTargets as Readonly<Record<string, unknown>> | undefined,
    administrationRole: set.administrationRole,
    executionRole: set.executionRole,
    created: ctx.cloud.clock.now(),
  })
  return id
}

/** Gives an instance for each account in each region, in the regions' order. */
export const crossed = (accounts: readonly TargetAccount[], regions: readonly string[]) =>
  regions.flatMap((region) => accounts.map(({ account, unit }) => ({ account, region, unit })))

/** Records instances that are not there yet, and overrides for all of them. AWS: stacks are named StackSet-NAME-UUID. */
export function recordInstances(
  ctx: Context,
  set: StackSet,
  wanted: readonly Pick<StackInstance, 'account' | 'region' | 'unit'>[],
  overrides?: readonly Parameter[],
): void {
  const table = ctx.table(instancesOf(set.id))
  for (const one of wanted) {
    const known = table.get(instanceKey(one))
    const instance: StackInstance = known ?? {
      ...one,
      stackName: `${stackSetStackPrefix(set.name)}${ctx.cloud.ids.uuid()}`,
      status: 'OUTDATED',
      detailed: 'PENDING',
      overrides: [],
    }
    table.put(instanceKey(one), { ...instance, overrides: overrides ?? instance.overrides })
  }
}
