/** GetActionType and UpdateActionType: action types that partners offer to other accounts. */
import { type ActionTypeId, AwsError } from '../../../../model/index.ts'
import { between, isSameType } from '../../../../pipeline/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { partnerTypes } from '../engine/action-types.ts'
import { typeKey } from '../engine/type-key.ts'
import { actionTypeKind } from '../kinds.ts'
import { actionTypes, type StoredActionType } from '../state.ts'

type Declaration = Input<'codepipeline', 'UpdateActionType'>['actionType']

export const GetActionType = operation({
  service: 'codepipeline',
  name: 'GetActionType',
  access: () => [{ action: 'codepipeline:GetActionType', resource: '*' }],
  run: (input, ctx) => {
    const found = partnerTypes(ctx).find((one) => isSameType(one.type, input as ActionTypeId))
    if (!found?.partner)
      throw new AwsError(
        'ActionTypeNotFoundException',
        `There is no action type of a partner ${input.category}/${input.provider}/${input.version}`,
      )
    return { actionType: found.partner.declaration }
  },
})

/**
 * AWS: AWS itself makes a partner's type when the partner asks for it, and the partner changes it from then on. Nobody here
 * could be asked, so the first change makes it.
 */
export const UpdateActionType = operation({
  service: 'codepipeline',
  name: 'UpdateActionType',
  access: ({ actionType: { id } }, ctx) => [actionTypeKind.on(ctx, 'UpdateActionType', id as ActionTypeId)],
  run: ({ actionType }, ctx) => {
    check(ctx, actionType)
    const type = actionType.id as ActionTypeId
    ctx.table(actionTypes).put(typeKey(type), partnerType(ctx, type, actionType))
    return {}
  },
})

function check(ctx: Context, { id, executor }: Declaration): void {
  if (id.owner !== 'ThirdParty')
    throw new AwsError('RequestFailedException', `Action types of the owner ${id.owner} cannot be changed`)
  if (executor.type !== 'JobWorker')
    throw new AwsError(
      'UnsupportedParameter',
      'The embedded cloud does not support the executor Lambda of an action type; give it the executor JobWorker.',
      { status: 501 },
    )
  const polling = executor.configuration.jobWorkerExecutorConfiguration
  if (polling?.pollingServicePrincipals ?? executor.policyStatementsTemplate)
    throw new AwsError(
      'UnsupportedParameter',
      'The embedded cloud does not support pollingServicePrincipals and policyStatementsTemplate; name the accounts that poll.',
      { status: 501 },
    )
  const other = ctx.cloud.store
    .everywhere(actionTypes)
    .find(({ account, table }) => account !== ctx.account && table.has(typeKey(id as ActionTypeId)))
  if (other) throw new AwsError('RequestFailedException', 'The action type is that of another partner')
}

function partnerType(ctx: Context, type: ActionTypeId, declaration: Declaration): StoredActionType {
  const {
    urls,
    properties = [],
    inputArtifactDetails,
    outputArtifactDetails,
    permissions,
    executor,
  } = declaration
  return {
    type,
    arn: actionTypeKind.on(ctx, '', type).resource,
    settings: { ...urls, thirdPartyConfigurationUrl: urls?.configurationUrl },
    properties: properties.map(({ name, optional, noEcho, key, queryable = false, description }) => ({
      ...{ name, key, queryable, description },
      required: !optional,
      secret: noEcho,
    })),
    inputs: between(inputArtifactDetails.minimumCount, inputArtifactDetails.maximumCount),
    outputs: between(outputArtifactDetails.minimumCount, outputArtifactDetails.maximumCount),
    tags: {},
    partner: {
      declaration,
      allowedAccounts: permissions?.allowedAccounts ?? [ctx.account],
      pollingAccounts: executor.configuration.jobWorkerExecutorConfiguration?.pollingAccounts ?? [
        ctx.account,
      ],
    },
  }
}
