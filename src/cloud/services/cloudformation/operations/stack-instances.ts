/** CreateStackInstances, UpdateStackInstances, DeleteStackInstances, ListStackInstances and DescribeStackInstance. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { validationError } from '../engine/validation-error.ts'
import { onDeployed, onSet } from '../stack-sets/access.ts'
import { accountsOf, checkOperator, type Targets } from '../stack-sets/accounts.ts'
import { liveSet, stackSetKind } from '../stack-sets/kind.ts'
import { begin, claim, crossed, recordInstances } from '../stack-sets/new-operation.ts'
import {
  instanceKey,
  instancesOf,
  type Parameter,
  type StackInstance,
  type StackSet,
  stackSets,
} from '../stack-sets/state.ts'

type CreateInput = Input<'cloudformation', 'CreateStackInstances'>

const overridesOf = ({
  ParameterOverrides: given,
}: Pick<CreateInput, 'ParameterOverrides'>): Parameter[] | undefined =>
  given?.flatMap(({ ParameterKey = '', ParameterValue, UsePreviousValue }) =>
    UsePreviousValue || ParameterValue === undefined ? [] : [{ ParameterKey, ParameterValue }],
  )

/** AWS: overrides are for parameters of the set's template. */
function checkOverrides({ parameters }: StackSet, overrides: readonly Parameter[] = []): void {
  const unknown = overrides.find(({ ParameterKey }) => !parameters.some(({ key }) => key === ParameterKey))
  if (unknown) throw validationError(`Parameters: [${unknown.ParameterKey}] do not exist in the template`)
}

async function wantedBy(
  ctx: Context,
  set: StackSet,
  input: Pick<CreateInput, 'Accounts' | 'DeploymentTargets' | 'Regions'>,
) {
  if (!input.Regions?.length) throw validationError('Regions must name a region at least')
  const accounts = await accountsOf(ctx, set, input.Accounts, input.DeploymentTargets as Targets | undefined)
  return crossed(accounts, [...new Set(input.Regions)])
}

/** AWS: those that are there already are brought up to date. */
export const CreateStackInstances = operation({
  service: 'cloudformation',
  name: 'CreateStackInstances',
  access: (input, ctx) => onDeployed(ctx, 'CreateStackInstances', input),
  run: async (input, ctx) => {
    const set = liveSet(ctx, input.StackSetName)
    checkOperator(ctx, { CallAs: input.CallAs, PermissionModel: set.permissionModel })
    const overrides = overridesOf(input)
    checkOverrides(set, overrides)
    const wanted = await wantedBy(ctx, set, input)
    claim(ctx, set, input)
    recordInstances(ctx, set, wanted, overrides)
    const units = input.DeploymentTargets?.OrganizationalUnitIds ?? []
    ctx.table(stackSets).put(set.id, {
      ...set,
      units: [...new Set([...set.units, ...units])],
      regions: [...new Set([...set.regions, ...input.Regions])],
    })
    return {
      OperationId: begin(ctx, set, input, { action: 'CREATE', regions: input.Regions, instances: wanted }),
    }
  },
})

export const UpdateStackInstances = operation({
  service: 'cloudformation',
  name: 'UpdateStackInstances',
  access: (input, ctx) => onDeployed(ctx, 'UpdateStackInstances', input),
  run: async (input, ctx) => {
    const set = liveSet(ctx, input.StackSetName)
    checkOperator(ctx, { CallAs: input.CallAs, PermissionModel: set.permissionModel })
    const overrides = overridesOf(input)
    checkOverrides(set, overrides)
    const wanted = await wantedBy(ctx, set, input)
    claim(ctx, set, input)
    for (const one of wanted) findInstance(ctx, set, one)
    recordInstances(ctx, set, wanted, overrides)
    return {
      OperationId: begin(ctx, set, input, { action: 'UPDATE', regions: input.Regions, instances: wanted }),
    }
  },
})

/** AWS: what is named and not there is left out; with RetainStacks the stacks stay, on their own. */
export const DeleteStackInstances = operation({
  service: 'cloudformation',
  name: 'DeleteStackInstances',
  access: (input, ctx) => onDeployed(ctx, 'DeleteStackInstances', input),
  run: async (input, ctx) => {
    const set = liveSet(ctx, input.StackSetName)
    checkOperator(ctx, { CallAs: input.CallAs, PermissionModel: set.permissionModel })
    const wanted = await wantedBy(ctx, set, input)
    claim(ctx, set, input)
    const table = ctx.table(instancesOf(set.id))
    const instances = wanted.filter((one) => table.has(instanceKey(one)))
    const units = input.DeploymentTargets?.OrganizationalUnitIds ?? []
    const left = set.units.filter((unit) => !units.includes(unit))
    ctx.table(stackSets).put(set.id, { ...set, units: left })
    const { Regions: regions, RetainStacks: retain } = input
    return { OperationId: begin(ctx, set, input, { action: 'DELETE', regions, instances, retain }) }
  },
})

/** Errors: StackInstanceNotFoundException. */
function findInstance(
  ctx: Context,
  set: StackSet,
  place: { account: string; region: string },
): StackInstance {
  const found = ctx.table(instancesOf(set.id)).get(instanceKey(place))
  if (found) return found
  throw new AwsError(
    'StackInstanceNotFoundException',
    `Stack instance not found for account ${place.account}, region ${place.region}`,
    { status: 404 },
  )
}

const summaryOf = ({ id }: StackSet, one: StackInstance) => ({
  StackSetId: id,
  Account: one.account,
  Region: one.region,
  StackId: one.stackId,
  Status: one.status,
  StatusReason: one.reason,
  StackInstanceStatus: { DetailedStatus: one.detailed },
  OrganizationalUnitId: one.unit,
  DriftStatus: 'NOT_CHECKED' as const,
  LastOperationId: one.lastOperation,
})

export const ListStackInstances = operation({
  service: 'cloudformation',
  name: 'ListStackInstances',
  access: (input, ctx) => [onSet(ctx, 'ListStackInstances', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const {
      StackInstanceAccount: account,
      StackInstanceRegion: region,
      Filters = [],
      NextToken: token,
    } = input
    const all = ctx
      .table(instancesOf(set.id))
      .values()
      .filter((one) => (!account || one.account === account) && (!region || one.region === region))
      .map((one) => summaryOf(set, one))
      .filter((one) => Filters.every((filter) => passes(one, filter)))
    const page = paginate(all, {
      token,
      limit: input.MaxResults ?? 100,
      query: [set.id, account, region, Filters],
    })
    return { Summaries: page.items, NextToken: page.nextToken }
  },
})

function passes(
  one: ReturnType<typeof summaryOf>,
  { Name, Values }: { Name?: string; Values?: string },
): boolean {
  if (Name === 'DETAILED_STATUS') return one.StackInstanceStatus.DetailedStatus === Values
  return Name === 'LAST_OPERATION_ID' ? one.LastOperationId === Values : one.DriftStatus === Values
}

export const DescribeStackInstance = operation({
  service: 'cloudformation',
  name: 'DescribeStackInstance',
  access: (input, ctx) => [onSet(ctx, 'DescribeStackInstance', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const place = { account: input.StackInstanceAccount, region: input.StackInstanceRegion }
    const found = findInstance(ctx, set, place)
    return { StackInstance: { ...summaryOf(set, found), ParameterOverrides: [...found.overrides] } }
  },
})
