/** ListStackSetOperations, DescribeStackSetOperation, ListStackSetOperationResults and StopStackSetOperation. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { onSet } from '../stack-sets/access.ts'
import { checkOperator } from '../stack-sets/accounts.ts'
import { stackSetKind } from '../stack-sets/kind.ts'
import { operationsOf, type SetOperation, type StackSet } from '../stack-sets/state.ts'
import { operationsBackwards } from './stack-sets.ts'

function findOperation(ctx: Context, set: StackSet, id: string): SetOperation {
  const found = ctx.table(operationsOf(set.id)).get(id)
  if (found) return found
  throw new AwsError('OperationNotFoundException', `Operation ${id} not found`, { status: 404 })
}

const summaryOf = (one: SetOperation) => ({
  OperationId: one.id,
  Action: one.action,
  Status: one.status,
  CreationTimestamp: new Date(one.created),
  EndTimestamp: one.ended === undefined ? undefined : new Date(one.ended),
  StatusReason: one.statusReason,
  StatusDetails: {
    FailedStackInstancesCount: one.results.filter(({ status }) => status === 'FAILED').length,
  },
  OperationPreferences: one.preferences as object,
})

export const ListStackSetOperations = operation({
  service: 'cloudformation',
  name: 'ListStackSetOperations',
  access: (input, ctx) => [onSet(ctx, 'ListStackSetOperations', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const all = operationsBackwards(ctx, set)
    const page = paginate(all, { token: input.NextToken, limit: input.MaxResults ?? 100, query: set.id })
    return { Summaries: page.items.map(summaryOf), NextToken: page.nextToken }
  },
})

export const DescribeStackSetOperation = operation({
  service: 'cloudformation',
  name: 'DescribeStackSetOperation',
  access: (input, ctx) => [onSet(ctx, 'DescribeStackSetOperation', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const one = findOperation(ctx, set, input.OperationId)
    return {
      StackSetOperation: {
        ...summaryOf(one),
        StackSetId: set.id,
        RetainStacks: one.retain,
        AdministrationRoleARN: one.administrationRole,
        ExecutionRoleName: one.executionRole,
        DeploymentTargets: one.targets,
      },
    }
  },
})

export const ListStackSetOperationResults = operation({
  service: 'cloudformation',
  name: 'ListStackSetOperationResults',
  access: (input, ctx) => [onSet(ctx, 'ListStackSetOperationResults', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const { results } = findOperation(ctx, set, input.OperationId)
    const [filter] = input.Filters ?? []
    const all = results.filter(({ status }) => !filter || status === filter.Values)
    const query = [set.id, input.OperationId, filter]
    const page = paginate(all, { token: input.NextToken, limit: input.MaxResults ?? 100, query })
    return {
      Summaries: page.items.map(({ account, region, status, reason, unit }) => ({
        Account: account,
        Region: region,
        Status: status,
        StatusReason: reason,
        AccountGateResult: GATE,
        OrganizationalUnitId: unit,
      })),
      NextToken: page.nextToken,
    }
  },
})

/** AWS: what is said where an account has no function AWSCloudFormationStackSetAccountGate. */
const GATE = { Status: 'SKIPPED' as const, StatusReason: 'Function not found' }

/** AWS: what runs is let finish, the rest is cancelled. */
export const StopStackSetOperation = operation({
  service: 'cloudformation',
  name: 'StopStackSetOperation',
  access: (input, ctx) => [onSet(ctx, 'StopStackSetOperation', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    const one = findOperation(ctx, set, input.OperationId)
    if (one.status !== 'RUNNING')
      throw new AwsError(
        'InvalidOperationException',
        `Operation ${one.id} is in status ${one.status} and cannot be stopped`,
      )
    ctx.table(operationsOf(set.id)).put(one.id, { ...one, status: 'STOPPING' })
    return {}
  },
})
