/** The policy of a bus: PutPermission and RemovePermission. */

import { validate } from '../../../../iam/index.ts'
import {
  AwsError,
  type PolicyDocument,
  type PolicyStatement,
  readJson,
  rootArn,
} from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { type BoundPolicy, bindPolicy, policyText, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { type BusRef, busRef, invalid } from '../engine/find.ts'
import { busKind } from '../kinds.ts'
import { type Bus, buses } from '../state.ts'

/** Bytes, AWS's limit. */
const LONGEST = 10_240

function keep(ctx: Context, bus: Bus, statements: readonly PolicyStatement[]): void {
  const document = { Version: '2012-10-17', Statement: statements }
  const policy = statements.length ? readPolicy(ctx, JSON.stringify(document)) : undefined
  ctx.table(buses).put(bus.name, { ...bus, policy, modified: ctx.cloud.clock.now() })
}

function readPolicy(ctx: Context, text: string): BoundPolicy {
  if (Buffer.byteLength(text) > LONGEST)
    throw new AwsError('PolicyLengthExceededException', 'The event bus policy is too long.')
  let document: PolicyDocument
  try {
    document = readJson(text) as PolicyDocument
  } catch {
    throw invalid('This policy contains invalid Json')
  }
  const [problem] = validate(document, 'resource')
  if (problem) throw invalid(`Parameter Policy is not valid. Reason: ${problem}`)
  const unknown = unknownPrincipal(document, ctx.cloud.directory)
  if (unknown !== undefined)
    throw invalid(`Parameter Policy is not valid. Reason: invalid principal ${unknown}`)
  return bindPolicy(text, ctx.cloud.directory)
}

function statementsOf(ctx: Context, bus: Bus): PolicyStatement[] {
  if (!bus.policy) return []
  const { Statement } = JSON.parse(policyText(bus.policy, ctx.cloud.directory)) as PolicyDocument
  return Array.isArray(Statement) ? [...Statement] : [Statement as PolicyStatement]
}

/** AWS: a statement with the same id is replaced; a whole policy replaces all statements. */
export const PutPermission = operation({
  service: 'events',
  name: 'PutPermission',
  access: () => [{ action: 'events:PutPermission', resource: '*' }],
  run: (input, ctx) => {
    const ref = busRef(ctx, input.EventBusName)
    const bus = busKind.find(ctx, ref)
    const { Policy, Action, Principal, StatementId, Condition } = input
    if (Policy !== undefined) {
      if (Action ?? Principal ?? StatementId ?? Condition)
        throw invalid('Policy cannot be given together with Action, Principal, StatementId or Condition.')
      const policy = readPolicy(ctx, Policy)
      ctx.table(buses).put(bus.name, { ...bus, policy, modified: ctx.cloud.clock.now() })
      return {}
    }
    const statement = statementOf(input, ref)
    keep(ctx, bus, [...statementsOf(ctx, bus).filter((one) => one.Sid !== StatementId), statement])
    return {}
  },
})

function statementOf(input: Input<'events', 'PutPermission'>, ref: BusRef): PolicyStatement {
  const { Action, Principal, StatementId, Condition } = input
  if (!Action || !Principal || !StatementId)
    throw invalid('Action, Principal and StatementId must be specified.')
  if (Action !== 'events:PutEvents') throw invalid("Provided value in parameter 'action' is not supported.")
  if (Condition && (Condition.Type !== 'StringEquals' || Condition.Key !== 'aws:PrincipalOrgID'))
    throw invalid('The condition must be StringEquals on aws:PrincipalOrgID.')
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: rootArn(Principal) },
    Action,
    Resource: ref.arn,
    ...(Condition && { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } }),
  }
}

export const RemovePermission = operation({
  service: 'events',
  name: 'RemovePermission',
  access: () => [{ action: 'events:RemovePermission', resource: '*' }],
  run: (input, ctx) => {
    const bus = busKind.find(ctx, busRef(ctx, input.EventBusName))
    if (input.RemoveAllPermissions) {
      keep(ctx, bus, [])
      return {}
    }
    const before = statementsOf(ctx, bus)
    const after = before.filter((one) => one.Sid !== input.StatementId)
    if (!input.StatementId) throw invalid('Parameter StatementId is not valid.')
    if (after.length === before.length)
      throw new AwsError('ResourceNotFoundException', 'Statement with the provided id does not exist.')
    keep(ctx, bus, after)
    return {}
  },
})
