/** What ECS asks of the load balancers of a service or a task set. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { invalid } from '../kinds.ts'
import type { TaskDefinition, TaskSettings } from '../state.ts'
import { linkedRole } from './linked-role.ts'

type LoadBalancer = NonNullable<TaskSettings['loadBalancers']>[number]

/**
 * Errors: InvalidParameterException in AWS's words where a container, its port or a target group is not what tasks could
 * be registered with.
 */
export async function checkLoadBalancers(
  ctx: Context,
  all: TaskSettings['loadBalancers'] = [],
  definition: TaskDefinition['definition'] | undefined,
): Promise<void> {
  for (const one of all) {
    if (one.loadBalancerName !== undefined)
      throw invalid(
        'Classic Load Balancers (loadBalancerName) are not supported with Fargate. Use targetGroupArn of an Application Load Balancer or a Network Load Balancer.',
      )
    checkContainer(one, definition)
    await checkGroup(ctx, one.targetGroupArn)
    if (one.advancedConfiguration?.alternateTargetGroupArn)
      await checkGroup(ctx, one.advancedConfiguration.alternateTargetGroupArn)
  }
  const groups = all.map(({ targetGroupArn }) => targetGroupArn)
  const twice = groups.find((one, at) => groups.indexOf(one) !== at)
  if (twice) throw invalid(`Duplicate targetGroupArn found: ${twice}`)
}

function checkContainer(
  { containerName, containerPort }: LoadBalancer,
  definition: TaskDefinition['definition'] | undefined,
): void {
  const container = definition?.containerDefinitions?.find(({ name }) => name === containerName)
  if (!container) throw invalid(`The container ${containerName} does not exist in the task definition.`)
  const ports = (container.portMappings ?? []).map((one) => one.containerPort)
  if (!ports.includes(containerPort))
    throw invalid(`The container ${containerName} did not have a container port ${containerPort} defined.`)
}

async function checkGroup(ctx: Context, arn: string | undefined): Promise<void> {
  if (arn === undefined) throw invalid('targetGroupArn can not be blank.')
  const as = await linkedRole(ctx)
  const found = await ctx
    .call('elasticloadbalancing', 'DescribeTargetGroups', { TargetGroupArns: [arn] }, { as })
    .catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      throw invalid(`The specified target group ${arn} does not exist.`)
    })
  const [group] = found.TargetGroups ?? []
  if (group?.TargetType !== 'ip')
    throw invalid(
      `The provided target group ${arn} has target type ${group?.TargetType}, which is incompatible with the awsvpc network mode specified in the task definition.`,
    )
  if (!group.LoadBalancerArns?.length)
    throw invalid(`The target group with targetGroupArn ${arn} does not have an associated load balancer.`)
}
