/** A service behind a load balancer whose deployments are CodeDeploy's, with a listener for tests besides. */
import { HUB } from '../cloud.ts'
import { IMAGE, openContainerShop } from '../ecs/container-shop.ts'
import { callerOf, forwardTo, makeBalancer, makeGroup, makeListener } from '../elasticloadbalancing/shop.ts'
import { rootCaller } from '../modelled-client.ts'

/** What AWSCodeDeployRoleForECS has for a deployment, and what hooks take. */
export const DEPLOYS = [
  'ecs:DescribeServices',
  'ecs:CreateTaskSet',
  'ecs:UpdateServicePrimaryTaskSet',
  'ecs:DeleteTaskSet',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:ModifyListener',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:ModifyRule',
  'lambda:InvokeFunction',
  'cloudwatch:DescribeAlarms',
  'iam:PassRole',
]

export const serviceSpec = (taskDefinition: string, hooks: readonly object[] = []): string =>
  JSON.stringify({
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: taskDefinition,
            LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 80 },
          },
        },
      },
    ],
    ...(hooks.length && { Hooks: hooks }),
  })

const CHECKS = { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, HealthyThresholdCount: 2 }

export async function openServiceShop(options: { readonly data?: string } = {}) {
  const shop = await openContainerShop(options)
  const { clock } = shop
  const now = () => clock.now()
  const deploy = rootCaller(shop.cloud, 'codedeploy', { now })
  const cloudwatch = rootCaller(shop.cloud, 'cloudwatch', { now })
  const elb = callerOf({ cloud: shop.cloud } as never, now)
  const balancer = await makeBalancer(elb, 'web')
  const blue = await makeGroup(elb, 'blue', CHECKS)
  const green = await makeGroup(elb, 'green', CHECKS)
  for (const TargetGroupArn of [blue, green])
    await elb('ModifyTargetGroupAttributes', {
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }],
    })
  const production = await makeListener(elb, balancer, forwardTo([blue, 1]))
  const test = await makeListener(elb, balancer, forwardTo([blue, 1]), { Port: 8080 })
  const roleArn = await shop.role('deployer', 'codedeploy.amazonaws.com', [{ Action: DEPLOYS }])
  const portMappings = [{ containerPort: 80 }]
  const one = await shop.register(`${IMAGE}:v1`, undefined, { portMappings })
  const two = await shop.register(`${IMAGE}:v2`, undefined, { portMappings })
  await shop.create('web', {
    taskDefinition: one,
    deploymentController: { type: 'CODE_DEPLOY' },
    loadBalancers: [{ targetGroupArn: blue, containerName: 'web', containerPort: 80 }],
  })
  await shop.pass(2)
  await deploy('CreateApplication', { applicationName: 'shop', computePlatform: 'ECS' })

  const settings = (more: object = {}) => ({
    applicationName: 'shop',
    serviceRoleArn: roleArn,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ecsServices: [{ clusterName: 'main', serviceName: 'web' }],
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 0 },
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' },
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: 'blue' }, { name: 'green' }],
          prodTrafficRoute: { listenerArns: [production.arn] },
          testTrafficRoute: { listenerArns: [test.arn] },
        },
      ],
    },
    ...more,
  })

  const group = (deploymentGroupName: string, more: object = {}) =>
    deploy('CreateDeploymentGroup', { ...settings(more), deploymentGroupName })
  /** A service has one group: it is changed for another deployment. */
  const regroup = (currentDeploymentGroupName: string, more: object = {}) =>
    deploy('UpdateDeploymentGroup', { ...settings(more), currentDeploymentGroupName })

  async function begin(deploymentGroupName: string, content: string, more: object = {}): Promise<string> {
    const { deploymentId } = await deploy('CreateDeployment', {
      applicationName: 'shop',
      deploymentGroupName,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
      ...more,
    })
    await shop.cloud.settled()
    return deploymentId
  }

  const look = async (deploymentId: string) =>
    (await deploy('GetDeployment', { deploymentId })).deploymentInfo

  /** How a listener shares what it gets between the two target groups. */
  async function traffic(listener = production): Promise<Record<string, number>> {
    const { Listeners } = await elb('DescribeListeners', { ListenerArns: [listener.arn] })
    const [{ ForwardConfig }] = Listeners[0].DefaultActions
    const shares = ForwardConfig.TargetGroups as { TargetGroupArn: string; Weight: number }[]
    return Object.fromEntries(
      shares.map((one) => [one.TargetGroupArn === blue ? 'blue' : 'green', one.Weight]),
    )
  }

  /** Asks a listener so many times; gives how often each revision has answered. */
  async function ask(times: number, listener = production): Promise<Record<string, number>> {
    const found: Record<string, number> = {}
    for (let at = 0; at < times; at++) {
      const text = await (await fetch(listener.address)).text()
      const revision = /web:(\d+)/.exec(text)?.[0] ?? text
      found[revision] = (found[revision] ?? 0) + 1
    }
    return found
  }

  async function minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      await clock.pass(1)
      await shop.cloud.settled()
    }
  }

  const taskSets = async () =>
    ((await shop.describe('web')).taskSets ?? []).map(({ status, taskDefinition }) => [
      status,
      taskDefinition === one ? 'one' : 'two',
    ])

  return {
    ...shop,
    deploy,
    cloudwatch,
    elb,
    production,
    test,
    roleArn,
    one,
    two,
    group,
    regroup,
    begin,
    look,
    ask,
    traffic,
    minutes,
    taskSets,
    HUB,
  }
}
