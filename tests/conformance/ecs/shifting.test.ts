/** Blue/green, linear and canary deployments: traffic that is shifted at the listener, and how it comes back. */
import { DescribeServiceRevisionsCommand } from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openShiftingShop, type ShiftingShop } from './shifting-shop.ts'

let shop: ShiftingShop

beforeAll(async () => {
  shop = await openShiftingShop()
})

const stage = async (name: string) => (await shop.newest(name)).lifecycleStage

describe('a blue/green deployment', () => {
  it('of a new service brings the traffic to its target group', async () => {
    await shop.shifting('web', { strategy: 'BLUE_GREEN' })
    expect(await stage('web')).toBe('BAKE_TIME')
    await shop.pass(65)
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL' })
    expect(await shop.weights(shop.rules.production)).toEqual([100, 0])
    expect(await shop.ask()).toContain('app:v1@')
  })

  it('shifts test traffic, then all of the production traffic, and cleans up after its bake time', async () => {
    const seen: (string | undefined)[] = []
    await shop.update('web', { taskDefinition: await shop.listening('v2') })
    for (let tenth = 0; tenth < 50; tenth++) {
      seen.push(await stage('web'))
      await shop.pass(0.1)
    }
    expect([...new Set(seen)]).toEqual(expect.arrayContaining(['SCALE_UP', 'BAKE_TIME']))
    expect(await shop.newest('web')).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'BAKE_TIME',
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0, runningTaskCount: 2 }],
      targetServiceRevision: {
        requestedProductionTrafficWeight: 100,
        requestedTestTrafficWeight: 100,
        runningTaskCount: 2,
      },
    })
    expect(await shop.weights(shop.rules.production)).toEqual([0, 100])
    expect(await shop.weights(shop.rules.test)).toEqual([0, 100])
    expect(await shop.ask()).toContain('app:v2@')
    expect(await shop.states(shop.blue)).toEqual(['healthy', 'healthy'])
    await shop.pass(70)
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' })
    expect(await shop.states(shop.blue)).toEqual([])
    expect(await shop.describe('web')).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'COMPLETED' }],
    })
    const { arn } = (await shop.newest('web')).targetServiceRevision!
    const { serviceRevisions } = await shop.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn!] }),
    )
    expect(serviceRevisions![0]!.resolvedConfiguration).toEqual({
      loadBalancers: [{ targetGroupArn: shop.green, productionListenerRule: shop.rules.production }],
    })
  })

  it('waits at a pause, where testers see the new revision and nobody else, and goes on when it is told to', async () => {
    await shop.update('web', {
      taskDefinition: await shop.listening('v1'),
      deploymentConfiguration: {
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
      },
    })
    await shop.pass(10)
    const paused = await shop.newest('web')
    expect(paused).toMatchObject({
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [
        {
          hookId: expect.stringMatching(/^ecs-pause-/),
          status: 'AWAITING_ACTION',
          timeoutAction: 'ROLLBACK',
        },
      ],
    })
    expect(await shop.ask()).toContain('app:v2@')
    expect(await shop.asTester()).toContain('app:v1@')
    await shop.goOn(paused)
    await shop.pass(2)
    expect(await shop.ask()).toContain('app:v1@')
    expect(await stage('web')).toBe('BAKE_TIME')
    await expect(shop.goOn(paused)).rejects.toThrow('is not awaiting an action')
    await shop.pass(70)
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL' })
  })

  it('goes back from a pause that is answered with no', async () => {
    await shop.update('web', { taskDefinition: await shop.listening('v2') })
    await shop.pass(10)
    await shop.goOn(await shop.newest('web'), 'ROLLBACK')
    await shop.pass(10)
    expect(await shop.newest('web')).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: expect.stringContaining('POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed.') },
    })
    expect(await shop.asTester()).toContain('app:v1@')
    await shop.update('web', { deploymentConfiguration: { lifecycleHooks: [] } })
  })

  it('rolls back when an alarm sounds while it bakes', async () => {
    await shop.alarm('errors')
    await shop.update('web', {
      taskDefinition: await shop.listening('v2'),
      deploymentConfiguration: { alarms: { alarmNames: ['errors'], enable: true, rollback: true } },
    })
    await shop.pass(10)
    expect(await shop.ask()).toContain('app:v2@')
    await shop.sound('errors', 'ALARM')
    await shop.pass(15)
    expect(await shop.newest('web')).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
    })
    expect(await shop.ask()).toContain('app:v1@')
    expect(await shop.describe('web')).toMatchObject({ runningCount: 2 })
    await shop.sound('errors', 'OK')
  })

  it('is overtaken by the next one, which puts the traffic straight first', async () => {
    await shop.update('web', { taskDefinition: await shop.listening('v2') })
    await shop.pass(10)
    expect(await shop.ask()).toContain('app:v2@')
    await shop.update('web', { taskDefinition: await shop.listening('v1') })
    expect(await stage('web')).toBe('RECONCILE_SERVICE')
    await shop.pass(90)
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL' })
    expect(await shop.describe('web')).toMatchObject({ runningCount: 2 })
    expect(await shop.ask()).toContain('app:v1@')
  })

  it('rolls back where the rules do not lead to its target groups', async () => {
    await shop.elb('ModifyRule', {
      RuleArn: shop.rules.production,
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: shop.blue, Weight: 50 },
              { TargetGroupArn: shop.green, Weight: 50 },
            ],
          },
        },
      ],
    })
    await shop.update('web', { taskDefinition: await shop.listening('v2') })
    await shop.pass(5)
    expect((await shop.newest('web')).statusReason).toBe(
      `Service deployment rolled back because of invalid networking configuration. productionListenerRule ${shop.rules.production} should have exactly one target group serving traffic but found 2 target groups which are serving traffic`,
    )
  })
})
