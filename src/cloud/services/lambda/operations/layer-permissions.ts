/** The policy of a layer's version: who may have functions with it. */
import { AwsError } from '../../../../model/index.ts'
import { bindPolicy, policyText, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { invalidValue } from '../engine/errors.ts'
import { checkRevision } from '../engine/find.ts'
import { type LayerVersionRef, layerKey, layerNotFound, layerVersionReference } from '../engine/find-layer.ts'
import { layerVersionKind } from '../kinds.ts'
import { type FunctionPolicy, layerPolicies } from '../state.ts'

interface Named {
  readonly LayerName: string
  readonly VersionNumber?: number
}

const named = (ctx: Context, input: Named): LayerVersionRef =>
  layerVersionReference(ctx, input.LayerName, input.VersionNumber!)

const accessTo = (action: string) => (input: Named, ctx: Context) => [
  layerVersionKind.on(ctx, action, named(ctx, input)),
]

interface Document {
  readonly Version: string
  readonly Id: string
  readonly Statement: readonly { readonly Sid: string }[]
}

function documentOf(ctx: Context, stored: FunctionPolicy | undefined): Document {
  if (!stored) return { Version: '2012-10-17', Id: 'default', Statement: [] }
  return JSON.parse(policyText(stored.policy, ctx.cloud.directory)) as Document
}

function save(ctx: Context, ref: LayerVersionRef, document: Document): string {
  const revisionId = ctx.cloud.ids.uuid()
  if (document.Statement.length)
    ctx
      .table(layerPolicies)
      .put(layerKey(ref), { policy: bindPolicy(JSON.stringify(document), ctx.cloud.directory), revisionId })
  else ctx.table(layerPolicies).delete(layerKey(ref))
  return revisionId
}

const principalOf = (principal: string) =>
  principal === '*'
    ? '*'
    : { AWS: principal.startsWith('arn:') ? principal : `arn:aws:iam::${principal}:root` }

export const AddLayerVersionPermission = operation({
  service: 'lambda',
  name: 'AddLayerVersionPermission',
  access: accessTo('AddLayerVersionPermission'),
  run: (input, ctx) => {
    const ref = named(ctx, input)
    layerVersionKind.find(ctx, ref)
    const stored = ctx.table(layerPolicies).get(layerKey(ref))
    checkRevision(input.RevisionId, stored?.revisionId ?? input.RevisionId ?? '')
    const document = documentOf(ctx, stored)
    if (document.Statement.some(({ Sid }) => Sid === input.StatementId))
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        { fields: { Type: 'User' } },
      )
    // AWS: an organization is named beside everybody alone.
    if (input.OrganizationId && input.Principal !== '*')
      throw invalidValue('OrganizationId can only be used with the principal *.')
    const statement = {
      Sid: input.StatementId!,
      Effect: 'Allow',
      Principal: principalOf(input.Principal!),
      Action: input.Action!,
      Resource: ref.arn,
      ...(input.OrganizationId && {
        Condition: { StringEquals: { 'aws:PrincipalOrgID': input.OrganizationId } },
      }),
    }
    const added = { Version: document.Version, Statement: [statement] }
    if (unknownPrincipal(added as never, ctx.cloud.directory))
      throw invalidValue('The provided principal was invalid. Please check the principal and try again.')
    const RevisionId = save(ctx, ref, { ...document, Statement: [...document.Statement, statement] })
    return { Statement: JSON.stringify(statement), RevisionId }
  },
})

export const RemoveLayerVersionPermission = operation({
  service: 'lambda',
  name: 'RemoveLayerVersionPermission',
  access: accessTo('RemoveLayerVersionPermission'),
  run: (input, ctx) => {
    const ref = named(ctx, input)
    layerVersionKind.find(ctx, ref)
    const stored = ctx.table(layerPolicies).get(layerKey(ref))
    const document = documentOf(ctx, stored)
    const Statement = document.Statement.filter(({ Sid }) => Sid !== input.StatementId)
    if (!stored || Statement.length === document.Statement.length)
      throw new AwsError(
        'ResourceNotFoundException',
        `Statement ${input.StatementId} is not found in resource policy.`,
        { fields: { Type: 'User' } },
      )
    checkRevision(input.RevisionId, stored.revisionId)
    save(ctx, ref, { ...document, Statement })
    return {}
  },
})

export const GetLayerVersionPolicy = operation({
  service: 'lambda',
  name: 'GetLayerVersionPolicy',
  access: accessTo('GetLayerVersionPolicy'),
  run: (input, ctx) => {
    const ref = named(ctx, input)
    layerVersionKind.find(ctx, ref)
    const stored = ctx.table(layerPolicies).get(layerKey(ref))
    if (!stored) throw layerNotFound()
    return { Policy: policyText(stored.policy, ctx.cloud.directory), RevisionId: stored.revisionId }
  },
})
