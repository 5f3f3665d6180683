/** Functions as targets, connections of network load balancers, permissions, and what a restart leaves. */

import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, describe, expect, it } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { newFolder, startOnCopy } from '../interrupted.ts'
import { invoke, makeFunction, makeRole } from '../lambda/functions.ts'
import { ModelledClient } from '../modelled-client.ts'
import { callerOf, forwardTo, makeBalancer, makeGroup, makeListener, reaches, runAt } from './shop.ts'

const test = await startTestCloud({ data: newFolder() })
const call = callerOf(test)
const balancer = await makeBalancer(call, 'web')
const scope = { account: HUB, region: 'us-east-1' }

describe('a function', async () => {
  const lambda = test.client(LambdaClient)
  const { FunctionArn: fn = '' } = await makeFunction(
    lambda,
    'web',
    await makeRole(test, 'web'),
    `export const handler = async (event) => {
      if (event.path === '/throws') throw new Error('no')
      if (event.path === '/nothing') return { text: 'no status' }
      const headers = { 'Content-Type': 'application/json', Connection: 'close' }
      return { statusCode: 201, statusDescription: '201 Created', headers, multiValueHeaders: { 'X-Own': ['a', 'b'] },
        isBase64Encoded: true, body: Buffer.from(JSON.stringify(event)).toString('base64') }
    }`,
  )
  const group = await makeGroup(call, 'functions', {
    ...{ TargetType: 'lambda', Protocol: undefined, Port: undefined, VpcId: undefined },
  })
  const register = () => call('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: fn }] })

  it('is registered once load balancers may invoke it', async () => {
    await expect(register()).rejects.toThrow(
      `elasticloadbalancing principal does not have permission to invoke ${fn} from target group ${group}`,
    )
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'web',
        StatementId: 'elb',
        Action: 'lambda:InvokeFunction',
        Principal: 'elasticloadbalancing.amazonaws.com',
        SourceArn: group,
        SourceAccount: HUB,
      }),
    )
    await register()
    const { TargetHealthDescriptions: all } = await call('DescribeTargetHealth', { TargetGroupArn: group })
    expect(all[0]).toMatchObject({ Target: { Id: fn }, TargetHealth: { Reason: 'Target.NotInUse' } })
  })

  it("answers AWS's event", async () => {
    const { address } = await makeListener(call, balancer, forwardTo([group, 1]))
    const response = await fetch(`${address}/a?x=1&x=2`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/plain', 'x-two': 'b' },
    })
    expect([response.status, response.statusText]).toEqual([201, 'Created'])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({
      requestContext: { elb: { targetGroupArn: group } },
      httpMethod: 'POST',
      path: '/a',
      queryStringParameters: { x: '2' },
      headers: { 'x-two': 'b', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': '80' },
      body: 'hello',
      isBase64Encoded: false,
    })
    expect((await fetch(`${address}/throws`)).status).toBe(502)
    expect((await fetch(`${address}/nothing`)).status).toBe(502)
    expect((await fetch(address, { method: 'POST', body: 'x'.repeat(1_048_577) })).status).toBe(413)
    await call('ModifyTargetGroupAttributes', {
      TargetGroupArn: group,
      Attributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
    })
    const many = await fetch(`${address}/a?x=1&x=2`)
    expect(many.headers.get('x-own')).toBe('a, b')
    expect(await many.json()).toMatchObject({ multiValueQueryStringParameters: { x: ['1', '2'] } })
  })
})

describe('a function that calls a load balancer', () => {
  it('reaches it by its DNS name', async () => {
    const lambda = test.client(LambdaClient)
    const own = await makeBalancer(call, 'called')
    const { LoadBalancers } = await call('DescribeLoadBalancers', { LoadBalancerArns: [own] })
    const Actions = { StatusCode: '200', ContentType: 'text/plain', MessageBody: 'by its name' }
    await makeListener(call, own, { Type: 'fixed-response', FixedResponseConfig: Actions })
    await makeFunction(
      lambda,
      'caller',
      await makeRole(test, 'caller'),
      'export const handler = async ({ url }) => (await fetch(url)).text()',
    )
    const { result } = await invoke(lambda, 'caller', { url: `http://${LoadBalancers[0].DNSName}/` })
    expect(result).toBe('by its name')
  })
})

describe('a network load balancer', () => {
  it('hands connections through', async () => {
    const echo = createServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    afterAll(() => void echo.close())
    const { port } = echo.address() as AddressInfo
    test.cloud.part(privateNetwork).register({ ...scope, ip: '10.0.0.9', port: 5432 }, { kind: 'port', port })
    const net = await makeBalancer(call, 'net', { Type: 'network' })
    const group = await makeGroup(call, 'database', { Protocol: 'TCP', Port: 5432 })
    await call('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: '10.0.0.9' }] })
    const { address } = await makeListener(call, net, forwardTo([group, 1]), { Protocol: 'TCP', Port: 5432 })
    await reaches(call, group, 'healthy')
    const heard = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write('select 1'))
      socket.on('error', reject).once('data', (data) => {
        socket.destroy()
        resolve(String(data))
      })
    })
    expect(heard).toBe('select 1')
  })
})

describe('permissions', async () => {
  const userOf = async (UserName: string, Statement: object[], world = test) => {
    const iam = world.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName }))
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    const credentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    }
    const client = new ModelledClient('elasticloadbalancing', {
      ...{ endpoint: world.cloud.endpoint, region: 'us-east-1', credentials },
    })
    return (operation: string, input: object) => client.call(operation, input)
  }

  it('are those of the resource, and to shift traffic takes no more than the listener', async () => {
    const group = await makeGroup(call, 'shifted')
    const { arn } = await makeListener(call, balancer, forwardTo([group, 1]), { Port: 90 })
    const other = await makeListener(call, balancer, forwardTo([group, 1]), { Port: 91 })
    const deployer = await userOf('deployer', [
      { Effect: 'Allow', Action: 'elasticloadbalancing:ModifyListener', Resource: arn },
    ])
    await deployer('ModifyListener', { ListenerArn: arn, DefaultActions: [forwardTo([group, 10])] })
    await expect(deployer('ModifyListener', { ListenerArn: other.arn })).rejects.toThrow(
      `is not authorized to perform: elasticloadbalancing:ModifyListener on resource: ${other.arn}`,
    )
    await expect(deployer('DescribeListeners', { ListenerArns: [arn] })).rejects.toThrow('not authorized')
  })

  it('to tag in the course of a creation are limited by it', async () => {
    const maker = await userOf('maker', [
      { Effect: 'Allow', Action: 'elasticloadbalancing:CreateTargetGroup', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'elasticloadbalancing:AddTags',
        Resource: '*',
        Condition: { StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateTargetGroup' } },
      },
    ])
    const Tags = [{ Key: 'a', Value: 'b' }]
    const made = await maker('CreateTargetGroup', { Name: 'tagged', TargetType: 'lambda', Tags })
    const [{ TargetGroupArn }] = made.TargetGroups as { TargetGroupArn: string }[] as [
      { TargetGroupArn: string },
    ]
    await expect(maker('AddTags', { ResourceArns: [TargetGroupArn], Tags })).rejects.toThrow('not authorized')
  })

  it('of whoever makes the first load balancer include the service-linked role', async () => {
    const fresh = await startTestCloud()
    const first = await userOf(
      'first',
      [{ Effect: 'Allow', Action: 'elasticloadbalancing:CreateLoadBalancer', Resource: '*' }],
      fresh,
    )
    const input = { Name: 'first', Subnets: ['subnet-1a', 'subnet-1b'] }
    await expect(first('CreateLoadBalancer', input)).rejects.toThrow('iam:CreateServiceLinkedRole')
    await makeBalancer(callerOf(fresh), 'root')
    await first('CreateLoadBalancer', input)
    const role = `arn:aws:iam::${HUB}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`
    expect(fresh.cloud.directory.role(role)).toBeDefined()
  })
})

describe('after a restart', () => {
  it('listeners listen where they did, targets are checked anew and drain on', async () => {
    const group = await makeGroup(call, 'kept')
    await call('RegisterTargets', {
      TargetGroupArn: group,
      Targets: [{ Id: '10.0.1.1' }, { Id: '10.0.1.2' }],
    })
    const { arn, address } = await makeListener(call, balancer, forwardTo([group, 1]), { Port: 99 })
    await call('DeregisterTargets', { TargetGroupArn: group, Targets: [{ Id: '10.0.1.2' }] })
    await test.cloud.settled()
    // The first cloud still listens, so the next one takes another port for as long.
    const next = await startOnCopy(test.cloud)
    await next.cloud.settled()
    await runAt(next, { ip: '10.0.1.1', port: 80 }, (_, response) => response.end('still here'))
    const again = callerOf(next)
    const { Attributes } = await again('DescribeListenerAttributes', { ListenerArn: arn })
    const moved = Attributes.find(({ Key }: { Key: string }) => Key === 'crossdock.address').Value
    expect(moved).not.toBe(address)
    expect(await (await fetch(moved)).text()).toBe('still here')
    const { TargetHealthDescriptions: all } = await again('DescribeTargetHealth', { TargetGroupArn: group })
    expect(all.map((one: { TargetHealth: { State: string } }) => one.TargetHealth.State)).toContain(
      'draining',
    )
  })
})
