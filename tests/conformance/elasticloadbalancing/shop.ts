/** A load balancer with two groups of targets, each a small server of the test's, registered in the private network. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import { HUB, type TestCloud } from '../cloud.ts'
import { rootCaller } from '../modelled-client.ts'

const scope = { account: HUB, region: 'us-east-1' }

/** Starts a server, and gives the port it listens on. */
export async function listening(listener: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

/** Has a server answer under an address of the private network. */
export async function runAt(
  { cloud }: TestCloud,
  { ip, port }: { ip: string; port: number },
  listener: RequestListener,
): Promise<() => void> {
  const { port: real } = await listening(listener)
  return cloud.part(privateNetwork).register({ ...scope, ip, port }, { kind: 'port', port: real })
}

export const callerOf = (test: TestCloud, now?: () => number) =>
  rootCaller(test.cloud, 'elasticloadbalancing', { now })

type Call = ReturnType<typeof callerOf>

export async function makeBalancer(call: Call, Name: string, more: object = {}): Promise<string> {
  const { LoadBalancers } = await call('CreateLoadBalancer', {
    Name,
    Subnets: ['subnet-1a', 'subnet-1b'],
    ...more,
  })
  return LoadBalancers[0].LoadBalancerArn
}

export async function makeGroup(call: Call, Name: string, more: object = {}): Promise<string> {
  const { TargetGroups } = await call('CreateTargetGroup', {
    Name,
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    ...more,
  })
  return TargetGroups[0].TargetGroupArn
}

export async function makeListener(
  call: Call,
  LoadBalancerArn: string,
  action: object,
  more: object = {},
): Promise<{ arn: string; address: string }> {
  const { Listeners } = await call('CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [action],
    ...more,
  })
  const arn = Listeners[0].ListenerArn
  return { arn, address: await addressOf(call, arn) }
}

/** Where a listener is reached on this machine. */
export async function addressOf(call: Call, ListenerArn: string): Promise<string> {
  const { Attributes } = await call('DescribeListenerAttributes', { ListenerArn })
  return Attributes.find(({ Key }: { Key: string }) => Key === 'crossdock.address').Value
}

export type Share = readonly [group: string, weight: number]

export const forwardTo = (...groups: readonly Share[]) => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: groups.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
  },
})

/** Asks until all targets of a group are in a state. */
export async function reaches(call: Call, TargetGroupArn: string, state: string): Promise<void> {
  for (;;) {
    const { TargetHealthDescriptions: all } = await call('DescribeTargetHealth', { TargetGroupArn })
    if (all.every((one: { TargetHealth: { State: string } }) => one.TargetHealth.State === state)) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
