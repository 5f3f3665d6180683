/** GetDeployment, BatchGetDeployments, ListDeployments, StopDeployment and ContinueDeployment. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { describeDeployment } from '../engine/describe-deployment.ts'
import { findActive, findDeployment } from '../engine/find-deployment.ts'
import { tellStatus } from '../engine/notify.ts'
import { badToken, PAGE } from '../engine/refuse.ts'
import { wake } from '../engine/wake.ts'
import { applicationKind, deploymentKind, groupKind } from '../kinds.ts'
import { deployments } from '../state.ts'

export const GetDeployment = operation({
  service: 'codedeploy',
  name: 'GetDeployment',
  access: ({ deploymentId }, ctx) => [deploymentKind.on(ctx, 'GetDeployment', deploymentId)],
  run: ({ deploymentId }, ctx) => ({ deploymentInfo: describeDeployment(findDeployment(ctx, deploymentId)) }),
})

export const BatchGetDeployments = operation({
  service: 'codedeploy',
  name: 'BatchGetDeployments',
  access: ({ deploymentIds }, ctx) =>
    deploymentIds.map((id) => deploymentKind.on(ctx, 'BatchGetDeployments', id)),
  run: ({ deploymentIds }, ctx) => ({
    deploymentsInfo: deploymentIds.map((id) => describeDeployment(findDeployment(ctx, id))),
  }),
})

/** AWS: the newest first; an application comes with a group of it. */
export const ListDeployments = operation({
  service: 'codedeploy',
  name: 'ListDeployments',
  access: ({ applicationName: application = '*', deploymentGroupName: name = '*' }, ctx) => [
    groupKind.on(ctx, 'ListDeployments', { application, name }),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['externalId'])
    const { applicationName: application, deploymentGroupName: name, includeOnlyStatuses } = input
    if (application) applicationKind.find(ctx, application)
    if (name && !application)
      throw new AwsError('ApplicationNameRequiredException', 'The application name must be specified')
    if (application && !name)
      throw new AwsError(
        'DeploymentGroupNameRequiredException',
        'The deployment group name must be specified',
      )
    if (application && name) groupKind.find(ctx, { application, name })
    const { start, end } = input.createTimeRange ?? {}
    const all = ctx
      .table(deployments)
      .values()
      .filter((one) => !application || (one.application === application && one.group === name))
      .filter(({ status }) => !includeOnlyStatuses?.length || includeOnlyStatuses.includes(status))
      .filter(({ created }) => (!start || created >= start.getTime()) && (!end || created <= end.getTime()))
      .sort((one, other) => other.created - one.created)
      .map(({ id }) => id)
    const query = [application, name, includeOnlyStatuses, input.createTimeRange]
    const page = paginate(all, { token: input.nextToken, limit: PAGE, query, error: badToken })
    return { deployments: page.items, nextToken: page.nextToken }
  },
})

/**
 * AWS: it is Pending until what is under way has come to rest; a rollback, where one is due, is another deployment. Stopping
 * is authorized on no resource (Service Authorization Reference; the user guide's table names the group).
 */
export const StopDeployment = operation({
  service: 'codedeploy',
  name: 'StopDeployment',
  access: () => [{ action: 'codedeploy:StopDeployment', resource: '*' }],
  run: ({ deploymentId, autoRollbackEnabled: rollback }, ctx) => {
    const deployment = findActive(ctx, deploymentId)
    ctx.table(deployments).put(deployment.id, { ...deployment, stop: { rollback } })
    wake(ctx, deployment.id)
    return { status: 'Pending' as const, statusMessage: 'The deployment is being stopped.' }
  },
})

/**
 * AWS: READY_WAIT, which is meant where nothing is said, leads traffic to the replacement; TERMINATION_WAIT removes the
 * original at once.
 */
export const ContinueDeployment = operation({
  service: 'codedeploy',
  name: 'ContinueDeployment',
  access: ({ deploymentId = '' }, ctx) => [deploymentKind.on(ctx, 'ContinueDeployment', deploymentId)],
  run: ({ deploymentId, deploymentWaitType: type = 'READY_WAIT' }, ctx) => {
    const deployment = findActive(ctx, deploymentId)
    if (deployment.platform !== 'ECS')
      throw new AwsError(
        'UnsupportedActionForDeploymentTypeException',
        'The operation is supported for blue/green deployments of ECS services only',
      )
    const { id } = deployment
    const now = ctx.cloud.clock.now()
    if (type === 'READY_WAIT') {
      if (deployment.status !== 'Ready')
        throw new AwsError(
          'DeploymentIsNotInReadyStateException',
          `The deployment ${id} does not have a status of Ready and can't continue yet`,
        )
      const changed = { ...deployment, status: 'InProgress' as const, continued: true }
      ctx.table(deployments).put(id, changed)
      tellStatus(ctx, changed)
    } else {
      if (deployment.terminateAt === undefined)
        throw new AwsError(
          'InvalidDeploymentStatusException',
          `The deployment ${id} is not waiting to terminate the original task set`,
        )
      ctx.table(deployments).put(id, { ...deployment, terminateAt: now })
    }
    wake(ctx, id)
    return {}
  },
})
