/** GetDeploymentTarget, BatchGetDeploymentTargets, ListDeploymentTargets and PutLifecycleEventHookExecutionStatus. */
import { AwsError } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { describeTarget, targetId } from '../engine/describe-deployment.ts'
import { findDeployment } from '../engine/find-deployment.ts'
import { answerHook } from '../engine/hooks.ts'
import { badToken } from '../engine/refuse.ts'
import { deploymentKind } from '../kinds.ts'
import type { Deployment } from '../state.ts'

type Target = NonNullable<Output<'codedeploy', 'GetDeploymentTarget'>['deploymentTarget']>

/** Errors: DeploymentNotStartedException before there is any. */
function started(ctx: Context, id: string): Deployment & { readonly target: string } {
  const deployment = findDeployment(ctx, id)
  const target = targetId(deployment)
  if (target === undefined)
    throw new AwsError('DeploymentNotStartedException', `The deployment ${id} has not started`)
  return { ...deployment, target }
}

/** Errors: DeploymentTargetDoesNotExistException. */
async function targetNamed(
  ctx: Context,
  deployment: Deployment & { target: string },
  id: string,
): Promise<Target> {
  const found = id === deployment.target ? await describeTarget(ctx, deployment) : undefined
  if (found) return found
  throw new AwsError(
    'DeploymentTargetDoesNotExistException',
    `The target ${id} does not belong to the deployment ${deployment.id}`,
  )
}

export const GetDeploymentTarget = operation({
  service: 'codedeploy',
  name: 'GetDeploymentTarget',
  access: ({ deploymentId }, ctx) => [deploymentKind.on(ctx, 'GetDeploymentTarget', deploymentId)],
  run: async ({ deploymentId, targetId: id }, ctx) => ({
    deploymentTarget: await targetNamed(ctx, started(ctx, deploymentId), id),
  }),
})

/** AWS: "The target list of both types of deployments must have exactly one item." */
export const BatchGetDeploymentTargets = operation({
  service: 'codedeploy',
  name: 'BatchGetDeploymentTargets',
  access: ({ deploymentId }, ctx) => [deploymentKind.on(ctx, 'BatchGetDeploymentTargets', deploymentId)],
  run: async ({ deploymentId, targetIds }, ctx) => {
    const deployment = started(ctx, deploymentId)
    const [id] = targetIds
    if (id === undefined)
      throw new AwsError('DeploymentTargetIdRequiredException', 'A deployment target ID was not provided')
    if (targetIds.length > 1)
      throw new AwsError(
        'DeploymentTargetListSizeExceededException',
        'A deployment to Lambda or ECS has one target',
      )
    return { deploymentTargets: [await targetNamed(ctx, deployment, id)] }
  },
})

export const ListDeploymentTargets = operation({
  service: 'codedeploy',
  name: 'ListDeploymentTargets',
  access: ({ deploymentId }, ctx) => [deploymentKind.on(ctx, 'ListDeploymentTargets', deploymentId)],
  run: async ({ deploymentId, nextToken, targetFilters = {} }, ctx) => {
    if (nextToken !== undefined) throw badToken()
    const deployment = started(ctx, deploymentId)
    const { TargetStatus: statuses, ...others } = targetFilters
    const [other] = Object.keys(others)
    if (other !== undefined)
      throw new AwsError('InvalidTargetFilterNameException', `The filter ${other} is for instances`)
    const target = await targetNamed(ctx, deployment, deployment.target)
    const { status = '' } = target.lambdaTarget ?? target.ecsTarget ?? {}
    return { targetIds: statuses && !statuses.includes(status) ? [] : [deployment.target] }
  },
})

/**
 * What a function says of the lifecycle event that it was told of. AWS: authorized on the group (the policies that SAM's
 * guide gives such functions name it).
 */
export const PutLifecycleEventHookExecutionStatus = operation({
  service: 'codedeploy',
  name: 'PutLifecycleEventHookExecutionStatus',
  access: ({ deploymentId = '' }, ctx) => [
    deploymentKind.on(ctx, 'PutLifecycleEventHookExecutionStatus', deploymentId),
  ],
  run: ({ deploymentId, lifecycleEventHookExecutionId: id, status }, ctx) => {
    const { hook, answeredHooks = [] } = findDeployment(ctx, deploymentId)
    if (status !== 'Succeeded' && status !== 'Failed')
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionStatusException',
        'The status of a lifecycle event hook must be Succeeded or Failed',
      )
    if (id !== undefined && (answeredHooks.includes(id) || (hook?.id === id && hook.answer)))
      throw new AwsError(
        'LifecycleEventAlreadyCompletedException',
        'The status of the lifecycle event has been told already',
      )
    if (!hook || hook.id !== id)
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionIdException',
        'There is no lifecycle event hook of this execution ID',
      )
    answerHook(ctx, deploymentId ?? '', id, status)
    return { lifecycleEventHookExecutionId: id }
  },
})
