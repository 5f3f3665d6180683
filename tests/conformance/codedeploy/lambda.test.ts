/** Deployments of functions: traffic by time, hooks, alarms, stops and rollbacks. */
import { beforeEach, describe, expect, it } from 'vitest'
import { ALL_EVENTS, appSpec, openDeployShop } from './deploy-shop.ts'

const shop = await openDeployShop()
const { deploy, group, begin, look, alias, pass, publish, states } = shop
const rollback = { autoRollbackConfiguration: { enabled: true, events: ALL_EVENTS } }

const current = async () => (await alias()).version!
/** A group of its own, a new version, and a deployment of it. */
let count = 0
async function deployment(settings: object = {}, hooks: object[] = [], more: object = {}) {
  const name = `group-${++count}`
  await group(name, settings)
  const [from, to] = [await current(), await publish()]
  return { name, from, to, id: await begin(name, appSpec(from, to, hooks), more) }
}

beforeEach(() => {
  states.length = 0
})

describe('traffic', () => {
  it('moves all at once where nothing else is said', async () => {
    const { id, from, to } = await deployment()
    expect(await look(id)).toMatchObject({
      status: 'Succeeded',
      deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      creator: 'user',
      computePlatform: 'Lambda',
      deploymentOverview: { Succeeded: 1, Failed: 0 },
    })
    expect(await alias()).toEqual({ version: to })
    expect(states).toEqual(['QUEUED', 'START', 'SUCCESS'])
    const { deploymentTarget } = await deploy('GetDeploymentTarget', {
      deploymentId: id,
      targetId: 'worker:live',
    })
    expect(deploymentTarget).toMatchObject({
      deploymentTargetType: 'LambdaTarget',
      lambdaTarget: {
        status: 'Succeeded',
        lambdaFunctionInfo: { currentVersion: from, targetVersion: to, targetVersionWeight: 1 },
      },
    })
    const events = deploymentTarget.lambdaTarget.lifecycleEvents as {
      lifecycleEventName: string
      status: string
    }[]
    expect(events.map((one) => [one.lifecycleEventName, one.status])).toEqual([
      ['BeforeAllowTraffic', 'Succeeded'],
      ['AllowTraffic', 'Succeeded'],
      ['AfterAllowTraffic', 'Succeeded'],
    ])
  })

  it('moves a canary first, and the rest when its time has passed', async () => {
    const { id, from, to } = await deployment({
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    })
    expect(await alias()).toEqual({ version: from, [to]: 0.1 })
    await pass(4)
    expect(await alias()).toEqual({ version: from, [to]: 0.1 })
    expect(await look(id)).toMatchObject({ status: 'InProgress' })
    await pass(1)
    expect(await alias()).toEqual({ version: to })
    expect(await look(id)).toMatchObject({ status: 'Succeeded' })
  })

  it('moves in equal parts, also when the clock jumps', async () => {
    await deploy('CreateDeploymentConfig', {
      deploymentConfigName: 'thirds',
      computePlatform: 'Lambda',
      trafficRoutingConfig: {
        type: 'TimeBasedLinear',
        timeBasedLinear: { linearPercentage: 30, linearInterval: 2 },
      },
    })
    const { id, from, to } = await deployment({ deploymentConfigName: 'thirds' })
    expect(await alias()).toEqual({ version: from, [to]: 0.3 })
    await pass(4)
    expect(await alias()).toEqual({ version: from, [to]: 0.9 })
    await pass(60)
    expect(await alias()).toEqual({ version: to })
    expect(await look(id)).toMatchObject({ status: 'Succeeded' })
  })

  it('is one deployment of a group at a time', async () => {
    const { id, name, from, to } = await deployment({
      deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
    })
    await expect(begin(name, appSpec(from, to))).rejects.toMatchObject({
      name: 'DeploymentLimitExceededException',
      message: `The Deployment Group '${name}' already has an active Deployment '${id}'`,
    })
    await pass(9)
    expect(await look(id)).toMatchObject({ status: 'Succeeded' })
  })
})

describe('what stops a deployment', () => {
  it('is somebody, and the traffic goes back where that is asked for', async () => {
    const { id, from } = await deployment({
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    })
    states.length = 0
    await deploy('StopDeployment', { deploymentId: id, autoRollbackEnabled: true })
    await shop.settled()
    const stopped = await look(id)
    expect(stopped).toMatchObject({ status: 'Stopped', errorInformation: { code: 'MANUAL_STOP' } })
    expect(await alias()).toEqual({ version: from })
    expect(await look(stopped.rollbackInfo.rollbackDeploymentId)).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: id },
    })
    expect(states).toEqual(['STOP', 'QUEUED', 'START', 'SUCCESS'])
    await expect(deploy('StopDeployment', { deploymentId: id })).rejects.toMatchObject({
      name: 'DeploymentAlreadyCompletedException',
    })
  })

  it('is somebody, and the traffic stays where no rollback is asked for', async () => {
    const { id, name, from, to } = await deployment({
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    })
    await deploy('StopDeployment', { deploymentId: id })
    await shop.settled()
    expect(await alias()).toEqual({ version: from, [to]: 0.1 })
    // Nothing is deployed to an alias that points to two versions.
    const next = await deploy('CreateDeployment', {
      applicationName: 'shop',
      deploymentGroupName: name,
      revision: { revisionType: 'String', string: { content: appSpec(from, to) } },
    })
    await shop.settled()
    expect(await look(next.deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' },
    })
    await shop.point(from)
  })

  it('is an alarm that is raised on the way', async () => {
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
    await pass(1)
    const { id, from, to } = await deployment({
      ...rollback,
      alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
      deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
    })
    await pass(2)
    expect(await alias()).toEqual({ version: from, [to]: 0.3 })
    await shop.cloudwatch('PutMetricData', {
      Namespace: 'App',
      MetricData: [{ MetricName: 'Errors', Value: 3 }],
    })
    await pass(1)
    const stopped = await look(id)
    expect(stopped).toMatchObject({
      status: 'Stopped',
      errorInformation: {
        code: 'ALARM_ACTIVE',
        message: expect.stringContaining('Activated alarms: <errors>'),
      },
      rollbackInfo: { rollbackDeploymentId: expect.stringMatching(/^d-/) },
    })
    expect(await alias()).toEqual({ version: from })
  })

  it('is an alarm that nobody can read, unless that is ignored', async () => {
    const alarms = { enabled: true, alarms: [{ name: 'absent' }] }
    const { id, from } = await deployment({ alarmConfiguration: alarms })
    expect(await look(id)).toMatchObject({ status: 'Stopped' })
    expect(await alias()).toEqual({ version: from })
    const other = await deployment({ alarmConfiguration: { ...alarms, ignorePollAlarmFailure: true } })
    expect(await look(other.id)).toMatchObject({ status: 'Succeeded' })
  })
})
