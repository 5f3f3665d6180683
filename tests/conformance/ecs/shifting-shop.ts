/** A balanced shop with rules for production and test traffic, and services that shift it. */
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import {
  ContinueServiceDeploymentCommand,
  type CreateServiceCommandInput,
  type DeploymentLifecycleHookAction,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs'
import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam'
import { openBalancedShop } from './balanced-shop.ts'

type How = NonNullable<CreateServiceCommandInput['deploymentConfiguration']>

export async function openShiftingShop(options: { readonly data?: string } = {}) {
  const shop = await openBalancedShop(options)
  const infrastructure = await shop.role('infrastructure', 'ecs.amazonaws.com', [])
  await shop.client(IAMClient).send(
    new AttachRolePolicyCommand({
      RoleName: 'infrastructure',
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
    }),
  )
  const rule = async (Priority: number, condition: object): Promise<string> => {
    const { Rules } = await shop.elb('CreateRule', {
      ListenerArn: shop.listener.arn,
      Priority,
      Conditions: [condition],
      Actions: [shop.forward],
    })
    return Rules[0].RuleArn
  }
  const test = await rule(1, {
    Field: 'http-header',
    HttpHeaderConfig: { HttpHeaderName: 'x-test', Values: ['yes'] },
  })
  const production = await rule(2, { Field: 'path-pattern', PathPatternConfig: { Values: ['*'] } })

  const advanced = {
    alternateTargetGroupArn: shop.green,
    productionListenerRule: production,
    testListenerRule: test,
    roleArn: infrastructure,
  }
  const loadBalancers = [{ ...shop.behind(shop.blue).loadBalancers[0]!, advancedConfiguration: advanced }]

  /** Makes a service with a strategy, and lets its first deployment come to its end. */
  async function shifting(name: string, how: How, more: object = {}) {
    const taskDefinition = await shop.listening('v1')
    const deploymentConfiguration = { bakeTimeInMinutes: 1, ...how }
    await shop.create(name, { taskDefinition, loadBalancers, deploymentConfiguration, ...more })
    await shop.pass(5)
  }

  /** Weights of a rule: of the blue and of the green group. */
  async function weights(of: string): Promise<readonly number[]> {
    const { Rules } = await shop.elb('DescribeRules', { RuleArns: [of] })
    const groups: { TargetGroupArn: string; Weight: number }[] =
      Rules[0].Actions[0].ForwardConfig.TargetGroups
    return [shop.blue, shop.green].map(
      (arn) => groups.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0,
    )
  }

  /** The newest service deployment. */
  async function newest(service: string) {
    const list = new ListServiceDeploymentsCommand({ cluster: 'main', service })
    const { serviceDeployments } = await shop.ecs.send(list)
    const describe = new DescribeServiceDeploymentsCommand({
      serviceDeploymentArns: [serviceDeployments![0]!.serviceDeploymentArn!],
    })
    return (await shop.ecs.send(describe)).serviceDeployments![0]!
  }

  /** Answers the pause that a service deployment waits at. */
  const goOn = (
    { serviceDeploymentArn, lifecycleHookDetails }: ServiceDeployment,
    action: DeploymentLifecycleHookAction = 'CONTINUE',
  ) => {
    const { hookId } = lifecycleHookDetails!.at(-1)!
    return shop.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }))
  }

  const stop = (serviceDeploymentArn: string) =>
    shop.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }))

  const asTester = async (): Promise<string> =>
    (await fetch(shop.listener.address, { headers: { 'x-test': 'yes' } })).text()

  const cloudwatch = shop.client(CloudWatchClient)
  const alarm = (AlarmName: string) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'Shop',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    )
  const sound = (AlarmName: string, StateValue: 'ALARM' | 'OK') =>
    cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' }))

  return {
    ...shop,
    advanced,
    loadBalancers,
    rules: { production, test },
    shifting,
    weights,
    newest,
    goOn,
    stop,
    asTester,
    alarm,
    sound,
  }
}

export type ShiftingShop = Awaited<ReturnType<typeof openShiftingShop>>
