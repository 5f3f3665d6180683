/** Deployments of services: task sets, listeners, waits, rollbacks. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ALL_EVENTS } from './deploy-shop.ts'
import { openServiceShop, serviceSpec } from './service-shop.ts'

let shop: Awaited<ReturnType<typeof openServiceShop>>
const rollback = { autoRollbackConfiguration: { enabled: true, events: ALL_EVENTS } }
const LINEAR = { deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes' }

beforeAll(async () => {
  shop = await openServiceShop()
  await shop.group('web')
})

const eventsOf = async (deploymentId: string) => {
  const { deploymentTarget } = await shop.deploy('GetDeploymentTarget', {
    deploymentId,
    targetId: 'main:web',
  })
  const events = deploymentTarget.ecsTarget.lifecycleEvents as {
    lifecycleEventName: string
    status: string
  }[]
  return Object.fromEntries(events.map((one) => [one.lifecycleEventName, one.status]))
}

describe('a group', () => {
  it('is refused for what ECS and load balancers do not take', async () => {
    const refused = (name: string, more: object) =>
      expect(shop.group('other', more)).rejects.toMatchObject({ name })
    await refused('ECSServiceMappingLimitExceededException', {})
    await refused('InvalidECSServiceException', { ecsServices: [] })
    await refused('InvalidECSServiceException', {
      ecsServices: [{ clusterName: 'main', serviceName: 'absent' }],
    })
    await refused('InvalidLoadBalancerInfoException', { loadBalancerInfo: {} })
    await refused('InvalidBlueGreenDeploymentConfigurationException', {
      blueGreenDeploymentConfiguration: undefined,
    })
    await shop.create('rolling', { taskDefinition: shop.one })
    await expect(
      shop.group('other', { ecsServices: [{ clusterName: 'main', serviceName: 'rolling' }] }),
    ).rejects.toMatchObject({
      message: "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
    })
  })
})

it('a group tells both waits, which `aws ecs deploy` reads', async () => {
  const { deploymentGroupInfo } = await shop.deploy('GetDeploymentGroup', {
    applicationName: 'shop',
    deploymentGroupName: 'web',
  })
  expect(deploymentGroupInfo.blueGreenDeploymentConfiguration).toMatchObject({
    deploymentReadyOption: { waitTimeInMinutes: 0 },
    terminateBlueInstancesOnDeploymentSuccess: { terminationWaitTimeInMinutes: 0 },
  })
})

describe('a deployment', () => {
  it('makes a task set, leads the traffic to it, and removes the one before', async () => {
    const id = await shop.begin('web', serviceSpec(shop.two))
    expect(await shop.taskSets()).toEqual([
      ['PRIMARY', 'one'],
      ['ACTIVE', 'two'],
    ])
    expect(await shop.traffic()).toEqual({ blue: 100, green: 0 })
    await shop.pass(3)
    expect(await shop.look(id)).toMatchObject({ status: 'Succeeded', computePlatform: 'ECS' })
    expect(await shop.taskSets()).toEqual([['PRIMARY', 'two']])
    expect(await shop.traffic()).toEqual({ blue: 0, green: 100 })
    expect(await shop.traffic(shop.test)).toEqual({ blue: 0, green: 100 })
    expect(await eventsOf(id)).toEqual({
      BeforeInstall: 'Succeeded',
      Install: 'Succeeded',
      AfterInstall: 'Succeeded',
      AllowTestTraffic: 'Succeeded',
      AfterAllowTestTraffic: 'Succeeded',
      BeforeAllowTraffic: 'Succeeded',
      AllowTraffic: 'Succeeded',
      AfterAllowTraffic: 'Succeeded',
    })
  })

  it('shifts in parts, and tells both task sets meanwhile', async () => {
    await shop.regroup('web', LINEAR)
    const id = await shop.begin('web', serviceSpec(shop.one))
    await shop.pass(3)
    expect(await shop.traffic()).toEqual({ blue: 10, green: 90 })
    expect(await shop.ask(20)).toEqual({ 'web:1': 2, 'web:2': 18 })
    expect(await shop.ask(10, shop.test)).toEqual({ 'web:1': 10 })
    await shop.minutes(2)
    expect(await shop.traffic()).toEqual({ blue: 30, green: 70 })
    expect(await shop.ask(20)).toEqual({ 'web:1': 6, 'web:2': 14 })
    const { deploymentTarget } = await shop.deploy('GetDeploymentTarget', {
      deploymentId: id,
      targetId: 'main:web',
    })
    expect(deploymentTarget.ecsTarget.taskSetsInfo).toMatchObject([
      { taskSetLabel: 'Blue', status: 'PRIMARY', trafficWeight: 70, targetGroup: { name: 'green' } },
      {
        taskSetLabel: 'Green',
        status: 'ACTIVE',
        trafficWeight: 30,
        targetGroup: { name: 'blue' },
        runningCount: 2,
      },
    ])
    await shop.minutes(8)
    await shop.pass(3)
    expect(await shop.look(id)).toMatchObject({ status: 'Succeeded' })
    expect(await shop.traffic()).toEqual({ blue: 100, green: 0 })
    expect(await shop.taskSets()).toEqual([['PRIMARY', 'one']])
  })

  it('is rolled back on an alarm in the midst of a shift', async () => {
    await shop.cloudwatch('PutMetricAlarm', {
      AlarmName: 'errors',
      Namespace: 'App',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    })
    await shop.minutes(1)
    await shop.regroup('web', {
      ...LINEAR,
      ...rollback,
      alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
    })
    const id = await shop.begin('web', serviceSpec(shop.two))
    await shop.pass(3)
    await shop.minutes(1)
    expect(await shop.traffic()).toEqual({ blue: 80, green: 20 })
    await shop.cloudwatch('PutMetricData', {
      Namespace: 'App',
      MetricData: [{ MetricName: 'Errors', Value: 5 }],
    })
    await shop.minutes(1)
    const stopped = await shop.look(id)
    expect(stopped).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } })
    expect(await shop.look(stopped.rollbackInfo.rollbackDeploymentId)).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
    })
    await shop.pass(3)
    expect(await shop.traffic()).toEqual({ blue: 100, green: 0 })
    expect(await shop.ask(10)).toEqual({ 'web:1': 10 })
    expect(await shop.traffic(shop.test)).toEqual({ blue: 100, green: 0 })
    expect(await shop.taskSets()).toEqual([['PRIMARY', 'one']])
    await shop.minutes(3)
  })

  it('waits to be told to go on, and for the original to be removed', async () => {
    const waits = (ready: number, end: number) => ({
      blueGreenDeploymentConfiguration: {
        terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: end },
        deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: ready },
      },
      alarmConfiguration: { enabled: false, alarms: [] },
      deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce',
    })
    await shop.regroup('web', waits(10, 5))
    const id = await shop.begin('web', serviceSpec(shop.two))
    await expect(shop.deploy('ContinueDeployment', { deploymentId: id })).rejects.toMatchObject({
      name: 'DeploymentIsNotInReadyStateException',
    })
    await shop.pass(3)
    expect(await shop.look(id)).toMatchObject({ status: 'Ready', deploymentOverview: { Ready: 1 } })
    expect(await shop.traffic(shop.test)).toEqual({ blue: 0, green: 100 })
    expect(await shop.traffic()).toEqual({ blue: 100, green: 0 })
    await shop.deploy('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'READY_WAIT' })
    await shop.cloud.settled()
    expect(await shop.traffic()).toEqual({ blue: 0, green: 100 })
    expect(await shop.look(id)).toMatchObject({
      status: 'InProgress',
      instanceTerminationWaitTimeStarted: true,
    })
    expect(await shop.taskSets()).toEqual([
      ['ACTIVE', 'one'],
      ['PRIMARY', 'two'],
    ])
    await shop.deploy('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'TERMINATION_WAIT' })
    await shop.pass(3)
    expect(await shop.look(id)).toMatchObject({ status: 'Succeeded' })
    expect(await shop.taskSets()).toEqual([['PRIMARY', 'two']])

    await shop.regroup('web', waits(2, 0))
    const late = await shop.begin('web', serviceSpec(shop.one))
    await shop.pass(3)
    await shop.minutes(2)
    expect(await shop.look(late)).toMatchObject({ status: 'Stopped', errorInformation: { code: 'TIMEOUT' } })
    expect(await shop.traffic()).toEqual({ blue: 0, green: 100 })
  })
})
