/** Linear and canary deployments, watched at the listener. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openShiftingShop, type ShiftingShop } from './shifting-shop.ts'

let shop: ShiftingShop

beforeAll(async () => {
  shop = await openShiftingShop()
})

/** Of so many answers, how many are of the second version. */
async function young(count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, () => shop.ask()))
  return answers.filter((text) => text.includes('app:v2@')).length
}

describe('a linear deployment', () => {
  it('shifts ten percent after the other, each for as long as it says', async () => {
    await shop.shifting('web', { strategy: 'LINEAR', bakeTimeInMinutes: 0 })
    await shop.update('web', {
      taskDefinition: await shop.listening('v2'),
      deploymentConfiguration: { linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 1 } },
    })
    await shop.pass(3)
    const seen: number[] = []
    const shares: number[] = []
    for (let minute = 0; minute < 9; minute++) {
      const [old = 0, share = 0] = await shop.weights(shop.rules.production)
      expect(old + share).toBe(100)
      seen.push(share)
      shares.push(await young(100))
      const { targetServiceRevision, lifecycleStage } = await shop.newest('web')
      expect(targetServiceRevision!.requestedProductionTrafficWeight).toBe(share)
      expect(lifecycleStage).toBe('PRODUCTION_TRAFFIC_SHIFT')
      await shop.pass(60)
    }
    expect(seen).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90])
    expect(shares[0]).toBeLessThan(50)
    expect(shares[8]).toBeGreaterThan(50)
    await shop.pass(10)
    expect(await shop.weights(shop.rules.production)).toEqual([0, 100])
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL' })
    expect(await young(20)).toBe(20)
  })

  it('goes back to where it was when it is stopped on its way', async () => {
    await shop.update('web', { taskDefinition: await shop.listening('v1') })
    await shop.pass(65)
    expect(await shop.weights(shop.rules.production)).toEqual([20, 80])
    await shop.stop((await shop.newest('web')).serviceDeploymentArn!)
    await shop.pass(10)
    expect(await shop.newest('web')).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
    expect(await shop.weights(shop.rules.production)).toEqual([0, 100])
    expect(await shop.describe('web')).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'COMPLETED' }],
    })
    expect(await young(20)).toBe(20)
  })
})

describe('a canary deployment', () => {
  it('shifts a part first, down to a tenth of a percent, then the rest', async () => {
    await shop.update('web', {
      taskDefinition: await shop.listening('v1'),
      deploymentConfiguration: {
        strategy: 'CANARY',
        canaryConfiguration: { canaryPercent: 0.5, canaryBakeTimeInMinutes: 2 },
      },
    })
    await shop.pass(5)
    expect(await shop.weights(shop.rules.production)).toEqual([5, 995])
    await shop.pass(60)
    expect(await shop.weights(shop.rules.production)).toEqual([5, 995])
    await shop.pass(60)
    expect(await shop.weights(shop.rules.production)).toEqual([100, 0])
    await shop.pass(5)
    expect(await shop.newest('web')).toMatchObject({ status: 'SUCCESSFUL' })
  })
})

describe('what a strategy is refused for', () => {
  const [balancer] = [{ containerName: 'web', containerPort: 8080 }]
  it.each<[string, object, (() => object)?]>([
    [
      'stepPercent must be a multiple of 0.1',
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2 } },
    ],
    ['canaryPercent must be', { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0.05 } }],
    ['linearConfiguration can only be used', { strategy: 'BLUE_GREEN', linearConfiguration: {} }],
    [
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
      { strategy: 'BLUE_GREEN' },
      () => ({ loadBalancers: shop.behind(shop.blue).loadBalancers }),
    ],
    [
      'Must be RuleArn for ALB or ListenerArn for NLB. Got: arn:aws:elasticloadbalancing',
      { strategy: 'BLUE_GREEN' },
      () => advanced({ productionListenerRule: shop.listener.arn }),
    ],
    [
      'The following rules cannot be used as both production and test listener rules',
      { strategy: 'BLUE_GREEN' },
      () => advanced({ testListenerRule: shop.rules.production }),
    ],
    [
      'PAUSE cannot be used at the stage TEST_TRAFFIC_SHIFT',
      { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['TEST_TRAFFIC_SHIFT'] }] },
    ],
    [
      'roleArn must be provided',
      { lifecycleHooks: [{ hookTargetArn: 'arn:x', lifecycleStages: ['PRE_SCALE_UP'] }] },
    ],
  ])('%s', async (words, deploymentConfiguration, more = () => ({})) => {
    const made = shop.create('wrong', {
      taskDefinition: await shop.listening('v1'),
      deploymentConfiguration,
      ...more(),
    })
    await expect(made).rejects.toThrow(words)
  })

  const advanced = (changes: object) => ({
    loadBalancers: [
      {
        ...balancer,
        targetGroupArn: shop.blue,
        advancedConfiguration: { ...shop.advanced, ...changes },
      },
    ],
  })
})
