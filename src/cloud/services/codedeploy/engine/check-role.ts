/** What AWS looks at before it takes a deployment group: its role, and the service that it names. */
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { type Group, groups } from '../state.ts'
import { forGroup } from './run.ts'

export const passRole = (role: string): AccessRequest => ({
  action: 'iam:PassRole',
  resource: role,
  resourceAccount: role.split(':')[4],
  context: { 'iam:PassedToService': servicePrincipal('codedeploy') },
})

/** Errors: InvalidRoleException for a role that CodeDeploy may not take on, InvalidECSServiceException. */
export async function checkRole(ctx: Context, group: Group): Promise<void> {
  const { application, name, roleArn, settings } = group
  const { identity } = await ctx
    .assumeRole(roleArn, { by: forGroup(ctx, { application, group: name }), sessionName: 'codedeploy' })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw new AwsError(
        'InvalidRoleException',
        `AWS CodeDeploy does not have the permissions required to assume the role ${roleArn}.`,
      )
    })
  const [service] = settings.ecsServices ?? []
  if (!service) return
  const { clusterName: cluster, serviceName = '' } = service
  checkAlone(ctx, group)
  const found = await ctx
    .call(
      'ecs',
      'DescribeServices',
      { cluster, services: [serviceName] },
      { as: identity, invokedBy: `codedeploy/${name}` },
    )
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw invalidService(`The ECS service cannot be described: ${error.message}`)
    })
  const [one] = found.services ?? []
  if (one?.status !== 'ACTIVE')
    throw invalidService(
      `The ECS service ${serviceName} of the cluster ${cluster} does not exist or is not ACTIVE`,
    )
  if (one.deploymentController?.type !== 'CODE_DEPLOY')
    throw invalidService(
      "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
    )
}

const invalidService = (message: string): AwsError => new AwsError('InvalidECSServiceException', message)

/** AWS: "An Amazon ECS service can be associated with only one deployment group." */
function checkAlone(ctx: Context, { id, settings }: Group): void {
  const key = ({ settings: { ecsServices: [one] = [] } }: Pick<Group, 'settings'>) =>
    one && `${one.clusterName}/${one.serviceName}`
  const other = ctx
    .table(groups)
    .values()
    .find((one) => one.id !== id && key(one) === key({ settings }))
  if (other)
    throw new AwsError(
      'ECSServiceMappingLimitExceededException',
      `The ECS service ${key({ settings })} is associated with the deployment group ${other.name} already`,
    )
}
