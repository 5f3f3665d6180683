/** Functions that are asked at the stages of a deployment, and roles that ECS takes on for it. */

import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import {
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { userWith } from '../ecr/callers.ts'
import { makeFunction, makeRole } from '../lambda/functions.ts'
import { openShiftingShop, type ShiftingShop } from './shifting-shop.ts'

let shop: ShiftingShop
let roleArn: string
let execution: string

beforeAll(async () => {
  shop = await openShiftingShop()
  roleArn = await shop.role('hooks', 'ecs.amazonaws.com', [{ Action: 'lambda:InvokeFunction' }])
  execution = await makeRole(shop, 'execution-of-hooks')
  await shop.shifting('web', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 })
})

/** Makes a function that answers by its event; gives the hook that asks it at stages. */
async function hook(name: string, body: string, lifecycleStages: string[], more: object = {}) {
  const source = `export const handler = async (event) => { ${body} }`
  const { FunctionArn } = await makeFunction(shop.client(LambdaClient), name, execution, source)
  return { hookTargetArn: FunctionArn, roleArn, lifecycleStages, ...more } as never
}

let version = 1
/** Deploys the other version with hooks. */
async function deploy(...lifecycleHooks: never[]): Promise<void> {
  version = 3 - version
  await shop.update('web', {
    taskDefinition: await shop.listening(`v${version}`),
    deploymentConfiguration: { lifecycleHooks },
  })
}

const because = (words: string) => `Service deployment rolled back because ${words}`

describe('a function at a stage', () => {
  it('is told what AWS tells it, asked again while it is in progress, and gets its details back', async () => {
    const body = `
      const { hookDetails, executionDetails: { productionTrafficWeights: weights, targetServiceRevisionArn: target } } = event
      if (event.lifecycleStage !== 'PRODUCTION_TRAFFIC_SHIFT') return { hookStatus: 'FAILED' }
      if (!event.resourceArn.includes(':service-deployment/main/web/')) return { hookStatus: 'FAILED' }
      if (weights[target] !== 100 || Object.keys(weights).length !== 2) return { hookStatus: 'FAILED' }
      if (hookDetails.bucket !== 'b') return { hookStatus: 'FAILED' }
      if (hookDetails.asked) return { hookStatus: 'SUCCEEDED' }
      return { hookStatus: 'IN_PROGRESS', callBackDelay: 20, hookDetails: { asked: true } }`
    await deploy(await hook('watcher', body, ['PRODUCTION_TRAFFIC_SHIFT'], { hookDetails: { bucket: 'b' } }))
    await shop.pass(10)
    expect(await shop.newest('web')).toMatchObject({
      lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ targetType: 'AWS_LAMBDA', status: 'IN_PROGRESS' }],
    })
    await shop.pass(20)
    expect(await shop.newest('web')).toMatchObject({
      status: 'SUCCESSFUL',
      lifecycleHookDetails: [{ status: 'SUCCEEDED' }],
    })
    expect(await shop.ask()).toContain('app:v2@')
  })

  it('that says no has the deployment rolled back before anybody was sent there', async () => {
    const no = await hook('refusing', `return { hookStatus: 'FAILED' }`, ['POST_TEST_TRAFFIC_SHIFT'])
    await deploy(no)
    await shop.pass(10)
    expect(await shop.newest('web')).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: because(
        `POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-east-1:${HUB}:function:refusing returned FAILED status.`,
      ),
    })
    expect(await shop.ask()).toContain('app:v2@')
    const messages = (await shop.describe('web')).events!.map(({ message }) => message)
    expect(messages).toContainEqual(
      expect.stringMatching(
        /deployment failed: Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT/,
      ),
    )
    version = 2
  })

  it('that answers nothing of use does as well', async () => {
    await deploy(await hook('throwing', `throw new Error('down')`, ['PRE_SCALE_UP']))
    await shop.pass(5)
    expect((await shop.newest('web')).statusReason).toBe(
      because(
        `PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:us-east-1:${HUB}:function:throwing due to HookStatus must not be null`,
      ),
    )
    version = 2
  })

  it('that its time runs out for is taken as its hook says', async () => {
    const patient = await hook('patient', `return { hookStatus: 'IN_PROGRESS' }`, ['POST_SCALE_UP'], {
      timeoutConfiguration: { timeoutInMinutes: 1, action: 'CONTINUE' },
    })
    await deploy(patient)
    await shop.pass(70)
    expect(await shop.newest('web')).toMatchObject({
      status: 'SUCCESSFUL',
      lifecycleHookDetails: [{ status: 'TIMED_OUT', timeoutAction: 'CONTINUE' }],
    })
  })

  it('that the role may not call is told with the denial', async () => {
    const iam = shop.client(IAMClient)
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'hooks', PolicyName: 'p' }))
    await deploy(await hook('uncalled', `return { hookStatus: 'SUCCEEDED' }`, ['POST_SCALE_UP']))
    await shop.pass(10)
    expect((await shop.newest('web')).statusReason).toMatch(
      /POST_SCALE_UP lifecycle hook\(s\) failed\. ECS was unable to invoke hook target .*:uncalled due to User: .*assumed-role\/hooks\/ECS-Lambda-Execution is not authorized to perform: lambda:InvokeFunction/,
    )
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
    })
    await iam.send(new PutRolePolicyCommand({ RoleName: 'hooks', PolicyName: 'p', PolicyDocument }))
    version = 3 - version
  })
})

describe('roles', () => {
  it('are handed over to ECS by whoever names them', async () => {
    const update = { Effect: 'Allow', Action: 'ecs:UpdateService', Resource: '*' }
    const credentials = await userWith(shop, HUB, 'updater', update)
    const client = shop.client(ECSClient, { credentials })
    const change = new UpdateServiceCommand({
      cluster: 'main',
      service: 'web',
      loadBalancers: shop.loadBalancers,
    })
    await expect(client.send(change)).rejects.toThrow('iam:PassRole')
  })

  it('that may not change the rule fail the stage that shifts traffic', async () => {
    const iam = shop.client(IAMClient)
    await iam.send(
      new DetachRolePolicyCommand({
        RoleName: 'infrastructure',
        PolicyArn: 'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
      }),
    )
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'elasticloadbalancing:Describe*',
            'elasticloadbalancing:RegisterTargets',
            'elasticloadbalancing:DeregisterTargets',
          ],
          Resource: '*',
        },
      ],
    })
    await iam.send(new PutRolePolicyCommand({ RoleName: 'infrastructure', PolicyName: 'p', PolicyDocument }))
    const before = await shop.ask()
    await deploy()
    await shop.pass(10)
    expect((await shop.newest('web')).statusReason).toMatch(
      /TEST_TRAFFIC_SHIFT lifecycle hook\(s\) failed\. User: .*assumed-role\/infrastructure\/ECSNetworkingWithELB is not authorized to perform: elasticloadbalancing:ModifyRule/,
    )
    expect((await shop.ask()).split('\n')[3]).toBe(before.split('\n')[3])
  })
})
