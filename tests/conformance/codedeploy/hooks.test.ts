/** Functions that are told of lifecycle events, and what becomes of deployments that they do not let through. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ALL_EVENTS, appSpec, hookSource, openDeployShop } from './deploy-shop.ts'

const shop = await openDeployShop()
const { deploy, begin, look, alias, publish } = shop

beforeAll(async () => {
  const writes = 'logs:*'
  const may = await shop.functionRole('hook', [writes, 'codedeploy:PutLifecycleEventHookExecutionStatus'])
  const mayNot = await shop.functionRole('mute', [writes])
  await shop.fn('yes', hookSource('Succeeded'), may)
  await shop.fn('no', hookSource('Failed'), may)
  await shop.fn('throws', hookSource('throws'), may)
  await shop.fn('silent', hookSource('silent'), may)
  await shop.fn('denied', hookSource('Succeeded'), mayNot)
  await shop.settled()
  await shop.group('checked', { autoRollbackConfiguration: { enabled: true, events: ALL_EVENTS } })
})

async function deployWith(hooks: object[]) {
  const from = (await alias()).version!
  const to = await publish()
  return { from, to, id: await begin('checked', appSpec(from, to, hooks)) }
}

const eventsOf = async (deploymentId: string) => {
  const { deploymentTarget } = await deploy('GetDeploymentTarget', { deploymentId, targetId: 'worker:live' })
  const { lifecycleEvents } = deploymentTarget.lambdaTarget
  return (
    lifecycleEvents as { lifecycleEventName: string; status: string; diagnostics?: { message: string } }[]
  ).map(({ lifecycleEventName, status, diagnostics }) => [lifecycleEventName, status, diagnostics?.message])
}

describe('a hook', () => {
  it('that says yes lets the deployment go on', async () => {
    const { id, to } = await deployWith([{ BeforeAllowTraffic: 'yes' }, { AfterAllowTraffic: 'yes' }])
    expect(await look(id)).toMatchObject({ status: 'Succeeded' })
    expect(await alias()).toEqual({ version: to })
    expect((await eventsOf(id)).map(([, status]) => status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded'])
  })

  it('that says no before the traffic leaves it where it was', async () => {
    const { id, from } = await deployWith([{ BeforeAllowTraffic: 'no' }])
    const failed = await look(id)
    expect(failed).toMatchObject({
      status: 'Failed',
      errorInformation: {
        code: 'HOOK_EXECUTION_FAILURE',
        message: 'One of the lifecycle event validation functions failed.',
      },
    })
    expect(await alias()).toEqual({ version: from })
    expect(await eventsOf(id)).toEqual([
      ['BeforeAllowTraffic', 'Failed', 'The function no said that the event failed.'],
      ['AllowTraffic', 'Skipped', undefined],
      ['AfterAllowTraffic', 'Skipped', undefined],
    ])
  })

  it('that says no after the traffic has it led back', async () => {
    const { id, from } = await deployWith([{ AfterAllowTraffic: 'no' }])
    const failed = await look(id)
    expect(failed).toMatchObject({
      status: 'Failed',
      rollbackInfo: { rollbackDeploymentId: expect.any(String) },
    })
    expect(await alias()).toEqual({ version: from })
  })

  it('that fails is not waited for', async () => {
    const { id } = await deployWith([{ BeforeAllowTraffic: 'throws' }])
    expect(await look(id)).toMatchObject({ status: 'Failed' })
    expect((await eventsOf(id))[0]![2]).toContain('the check is broken')
  })

  it('that may not tell its answer fails the deployment with the denial', async () => {
    const { id } = await deployWith([{ BeforeAllowTraffic: 'denied' }])
    expect(await look(id)).toMatchObject({ status: 'Failed' })
    expect((await eventsOf(id))[0]![2]).toContain('codedeploy:PutLifecycleEventHookExecutionStatus')
  })

  it('that the role may not invoke, or that is not there, fails the deployment', async () => {
    const { id } = await deployWith([{ BeforeAllowTraffic: 'absent' }])
    expect(await look(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'HOOK_EXECUTION_FAILURE' },
    })
    const roleArn = await shop.role('narrow', ['lambda:GetAlias'])
    await shop.group('narrow', { serviceRoleArn: roleArn })
    const from = (await alias()).version!
    const denied = await begin('narrow', appSpec(from, await publish(), [{ BeforeAllowTraffic: 'yes' }]))
    expect(await look(denied)).toMatchObject({
      status: 'Failed',
      errorInformation: {
        code: 'IAM_ROLE_PERMISSIONS',
        message: expect.stringContaining(
          'permission to perform operations in the following AWS service: AWSLambda',
        ),
      },
    })
  })

  it('that says nothing is waited for one hour', async () => {
    const { id } = await deployWith([{ BeforeAllowTraffic: 'silent' }])
    expect(await look(id)).toMatchObject({ status: 'InProgress' })
    await expect(
      deploy('PutLifecycleEventHookExecutionStatus', {
        deploymentId: id,
        lifecycleEventHookExecutionId: 'another',
        status: 'Succeeded',
      }),
    ).rejects.toMatchObject({ name: 'InvalidLifecycleEventHookExecutionIdException' })
    await shop.pass(59)
    expect(await look(id)).toMatchObject({ status: 'InProgress' })
    await shop.pass(1)
    expect(await look(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'HOOK_EXECUTION_FAILURE' },
    })
  })
})
