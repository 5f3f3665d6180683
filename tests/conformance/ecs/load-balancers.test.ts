/** Services behind load balancers: targets of tasks, their health, and what is refused. */
import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { makeGroup } from '../elasticloadbalancing/shop.ts'
import { type BalancedShop, openBalancedShop } from './balanced-shop.ts'

let shop: BalancedShop

beforeAll(async () => {
  shop = await openBalancedShop()
})

const messages = async (name: string) =>
  (await shop.describe(name)).events!.map(({ message }) => message).reverse()

describe('a service behind a load balancer', () => {
  it('registers its tasks, is steady when they are healthy, and answers at the listener', async () => {
    const taskDefinition = await shop.listening('v1')
    const { service } = await shop.create('web', { taskDefinition, ...shop.behind(shop.blue) })
    expect(service).toMatchObject(shop.behind(shop.blue))
    await shop.pass(0.5)
    expect(await shop.describe('web')).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'IN_PROGRESS' }],
    })
    await shop.pass(3)
    expect(await shop.states(shop.blue)).toEqual(['healthy', 'healthy'])
    expect(await shop.describe('web')).toMatchObject({ deployments: [{ rolloutState: 'COMPLETED' }] })
    expect(await messages('web')).toEqual(
      expect.arrayContaining([
        `(service web) registered 1 targets in (target-group ${shop.blue})`,
        '(service web) has reached a steady state.',
      ]),
    )
    expect(await shop.ask()).toContain('app:v1@sha256:')
  })

  it('takes old tasks off before it stops them', async () => {
    const before = (await shop.describe('web')).deployments![0]!.id
    await shop.update('web', { taskDefinition: await shop.listening('v2') })
    const seen = new Set<string>()
    for (let half = 0; half < 20; half++) {
      await shop.pass(0.5)
      for (const state of await shop.states(shop.blue)) seen.add(state)
      expect(await shop.ask()).toMatch(/app:v[12]@sha256:/)
    }
    expect([...seen]).toContain('draining')
    expect(await shop.states(shop.blue)).toEqual(['healthy', 'healthy'])
    expect(await shop.ask()).toContain('app:v2@sha256:')
    expect(await messages('web')).toEqual(
      expect.arrayContaining([
        `(service web, taskSet ${before}) has begun draining connections on 1 tasks.`,
        `(service web) deregistered 1 targets in (target-group ${shop.blue})`,
      ]),
    )
  })

  it('is kept by the circuit breaker from tasks that are never healthy', async () => {
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } }
    const good = (await shop.describe('web')).taskDefinition
    const taskDefinition = await shop.listening('v1', { CROSSDOCK_SIMULATED_STATUS: '503' })
    await shop.update('web', { taskDefinition, deploymentConfiguration })
    await shop.pass(45)
    expect(await shop.describe('web')).toMatchObject({ taskDefinition: good, runningCount: 2 })
    const told = await messages('web')
    expect(told).toContainEqual(
      expect.stringMatching(
        /^\(service web\) \(task \w{32}\) \(port 8080\) is unhealthy in \(target-group .*\) due to \(reason .+\)$/,
      ),
    )
    const stopped = await shop.tasks('web', 'STOPPED')
    expect(stopped.map(({ stoppedReason }) => stoppedReason)).toContain(
      `Task failed ELB health checks in (target-group ${shop.blue})`,
    )
    expect(await shop.ask()).toContain('app:v2@sha256:')
  })

  it('says why a target cannot be registered', async () => {
    const taskDefinition = await shop.listening('v1')
    const group = await makeGroup(shop.elb, 'passing')
    await shop.elb('ModifyListener', {
      ListenerArn: shop.listener.arn,
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [...shop.forward.ForwardConfig.TargetGroups, { TargetGroupArn: group, Weight: 0 }],
          },
        },
      ],
    })
    await shop.create('lost', { taskDefinition, ...shop.behind(group) })
    await shop.elb('ModifyListener', {
      ListenerArn: shop.listener.arn,
      DefaultActions: [shop.forward],
    })
    await shop.elb('DeleteTargetGroup', { TargetGroupArn: group })
    await shop.pass(2)
    expect(await messages('lost')).toContainEqual(
      expect.stringMatching(
        /^\(service lost\) failed to register targets in \(target-group .*passing.*\) with \(error .+\)$/,
      ),
    )
    const [stopped] = await shop.tasks('lost', 'STOPPED')
    expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart' })
  })
})

describe('what is refused', () => {
  const missing = `arn:aws:elasticloadbalancing:us-east-1:${HUB}:targetgroup/none/0123456789abcdef`

  it.each<[string, () => Promise<object> | object]>([
    ['The container other does not exist in the task definition.', () => ({ containerName: 'other' })],
    ['The container web did not have a container port 81 defined.', () => ({ containerPort: 81 })],
    [`The specified target group ${missing} does not exist.`, () => ({ targetGroupArn: missing })],
    [
      'does not have an associated load balancer.',
      async () => ({ targetGroupArn: await makeGroup(shop.elb, 'alone') }),
    ],
  ])('%s', async (words, more) => {
    const [one] = shop.behind(shop.blue).loadBalancers
    const made = shop.create('wrong', {
      taskDefinition: await shop.listening('v1'),
      loadBalancers: [{ ...one, ...(await more()) }],
    })
    await expect(made).rejects.toThrow(words)
  })

  it('a definition without the port that the service is registered with', async () => {
    const update = shop.ecs.send(
      new UpdateServiceCommand({
        cluster: 'main',
        service: 'web',
        taskDefinition: await shop.register('nginx:1'),
      }),
    )
    await expect(update).rejects.toThrow('did not have a container port 8080 defined')
  })
})
