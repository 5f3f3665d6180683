/** The policy of a function, version or alias: lambda:AddPermission, RemovePermission and GetPolicy. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { bindPolicy, policyText, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { invalidValue } from '../engine/errors.ts'
import { checkRevision, type FunctionRef, policyKey, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { functionKind } from '../kinds.ts'
import { policies } from '../state.ts'

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: '*' | Readonly<Record<string, string>>
  readonly Action: string
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Document {
  readonly Version: string
  readonly Id: string
  readonly Statement: readonly Statement[]
}

const noPolicy = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
    fields: { Type: 'User' },
  })

function currentDocument(ctx: Context, ref: FunctionRef): Document {
  const stored = ctx.table(policies).get(policyKey(ref))
  if (!stored) return { Version: '2012-10-17', Id: 'default', Statement: [] }
  return JSON.parse(policyText(stored.policy, ctx.cloud.directory)) as Document
}

function save(ctx: Context, ref: FunctionRef, document: Document): void {
  if (!document.Statement.length) return ctx.table(policies).delete(policyKey(ref))
  ctx.table(policies).put(policyKey(ref), {
    policy: bindPolicy(JSON.stringify(document), ctx.cloud.directory),
    revisionId: ctx.cloud.ids.uuid(),
  })
}

/** A principal: a service, an account number, `*`, or an ARN. */
function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*'
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` }
  if (principal.startsWith('arn:')) return { AWS: principal }
  if (/^[\w.-]+\.amazonaws\.com$/.test(principal)) return { Service: principal }
  throw invalidPrincipal()
}

const invalidPrincipal = (): AwsError =>
  invalidValue('The provided principal was invalid. Please check the principal and try again.')

type AddInput = Input<'lambda', 'AddPermission'>

function statementOf(input: AddInput, ref: FunctionRef): Statement {
  const { SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken, FunctionUrlAuthType } = input
  const equals = {
    ...(SourceAccount ? { 'AWS:SourceAccount': SourceAccount } : {}),
    ...(PrincipalOrgID ? { 'aws:PrincipalOrgID': PrincipalOrgID } : {}),
    ...(EventSourceToken ? { 'lambda:EventSourceToken': EventSourceToken } : {}),
    ...(FunctionUrlAuthType ? { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } : {}),
  }
  const condition = {
    ...(Object.keys(equals).length ? { StringEquals: equals } : {}),
    ...(SourceArn ? { ArnLike: { 'AWS:SourceArn': SourceArn } } : {}),
    ...(input.InvokedViaFunctionUrl ? { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } : {}),
  }
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: ref.qualifiedArn,
    ...(Object.keys(condition).length ? { Condition: condition } : {}),
  }
}

/** AWS: each key is of one action ("Control access to Lambda function URLs"). */
function checkUrlKeys({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }: AddInput): void {
  if (FunctionUrlAuthType && Action !== 'lambda:InvokeFunctionUrl')
    throw invalidValue('FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action')
  if (InvokedViaFunctionUrl && Action !== 'lambda:InvokeFunction')
    throw invalidValue('InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action')
}

export const AddPermission = operation({
  service: 'lambda',
  name: 'AddPermission',
  access: (input, ctx) => [
    functionKind.on(ctx, 'AddPermission', reference(ctx, input.FunctionName, input.Qualifier), {
      'lambda:Principal': input.Principal,
      ...(input.FunctionUrlAuthType && { 'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType }),
    }),
  ],
  run: (input, ctx) => {
    checkUrlKeys(input)
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    findVersion(ctx, ref)
    checkRevision(
      input.RevisionId,
      ctx.table(policies).get(policyKey(ref))?.revisionId ?? input.RevisionId ?? '',
    )
    const document = currentDocument(ctx, ref)
    if (document.Statement.some((one) => one.Sid === input.StatementId))
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove ` +
          'the existing statement.',
        { fields: { Type: 'User' } },
      )
    const statement = statementOf(input, ref)
    const changed = { ...document, Statement: [...document.Statement, statement] }
    const added = { Version: document.Version, Statement: [statement] }
    if (unknownPrincipal(added as never, ctx.cloud.directory)) throw invalidPrincipal()
    save(ctx, ref, changed)
    return { Statement: JSON.stringify(statement) }
  },
})

export const RemovePermission = operation({
  service: 'lambda',
  name: 'RemovePermission',
  access: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const found = currentDocument(ctx, ref).Statement.find((one) => one.Sid === input.StatementId)
    const principal = found && (found.Principal === '*' ? '*' : Object.values(found.Principal)[0]!)
    return [functionKind.on(ctx, 'RemovePermission', ref, principal ? { 'lambda:Principal': principal } : {})]
  },
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    findVersion(ctx, ref)
    const document = currentDocument(ctx, ref)
    const Statement = document.Statement.filter((one) => one.Sid !== input.StatementId)
    if (Statement.length === document.Statement.length)
      throw new AwsError(
        'ResourceNotFoundException',
        document.Statement.length
          ? `Statement ${input.StatementId} is not found in resource policy.`
          : 'No policy is associated with the given resource.',
        { fields: { Type: 'User' } },
      )
    checkRevision(input.RevisionId, ctx.table(policies).get(policyKey(ref))!.revisionId)
    save(ctx, ref, { ...document, Statement })
    return {}
  },
})

export const GetPolicy = operation({
  service: 'lambda',
  name: 'GetPolicy',
  access: (input, ctx) => [
    functionKind.on(ctx, 'GetPolicy', reference(ctx, input.FunctionName, input.Qualifier)),
  ],
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    findVersion(ctx, ref)
    const stored = ctx.table(policies).get(policyKey(ref))
    if (!stored) throw noPolicy()
    return { Policy: policyText(stored.policy, ctx.cloud.directory), RevisionId: stored.revisionId }
  },
})
