/** A container shop with a load balancer of two target groups, and what tests of services behind it need. */
import { callerOf, makeBalancer, makeGroup, makeListener } from '../elasticloadbalancing/shop.ts'
import { IMAGE, openContainerShop } from './container-shop.ts'

const CHECKS = { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, UnhealthyThresholdCount: 2 }

export async function openBalancedShop(options: { readonly data?: string } = {}) {
  const shop = await openContainerShop(options)
  const elb = callerOf(shop, () => shop.clock.now())
  const balancer = await makeBalancer(elb, 'front')
  const blue = await makeGroup(elb, 'blue', CHECKS)
  const green = await makeGroup(elb, 'green', CHECKS)
  for (const TargetGroupArn of [blue, green])
    await elb('ModifyTargetGroupAttributes', {
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '2' }],
    })
  const forward = {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: blue, Weight: 100 },
        { TargetGroupArn: green, Weight: 0 },
      ],
    },
  }
  const listener = await makeListener(elb, balancer, forward)

  /** Registers a revision of `web` that listens; gives its ARN. */
  const listening = (tag: string, variables: Record<string, string> = {}) =>
    shop.register(`${IMAGE}:${tag}`, undefined, {
      portMappings: [{ containerPort: 8080 }],
      environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
    })

  const behind = (targetGroupArn: string) => ({
    loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 8080 }],
  })

  /** States of the targets of a group. */
  async function states(TargetGroupArn: string): Promise<string[]> {
    const { TargetHealthDescriptions: all } = await elb('DescribeTargetHealth', { TargetGroupArn })
    return all.map((one: { TargetHealth: { State: string } }) => one.TargetHealth.State)
  }

  /** What the listener answers. */
  const ask = async (): Promise<string> => (await fetch(listener.address)).text()

  return { ...shop, elb, balancer, blue, green, forward, listener, listening, behind, states, ask }
}

export type BalancedShop = Awaited<ReturnType<typeof openBalancedShop>>
