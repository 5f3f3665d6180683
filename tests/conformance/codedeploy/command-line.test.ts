/** The aws CLI deploys a service by CodeDeploy. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, hasCli } from '../command-line.ts'
import { openServiceShop, serviceSpec } from './service-shop.ts'

describe.skipIf(!hasCli)('the aws CLI', async () => {
  const shop = hasCli ? await openServiceShop() : undefined
  const { aws, folder } = shop ? commandLine(shop.cloud) : ({} as ReturnType<typeof commandLine>)

  it('creates deployments, looks at them and their targets, and stops them', async () => {
    await shop!.group('web', {
      deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    })
    writeFileSync(
      join(folder, 'revision.json'),
      JSON.stringify({ revisionType: 'AppSpecContent', appSpecContent: { content: serviceSpec(shop!.two) } }),
    )
    const of = ['--application-name', 'shop', '--deployment-group-name', 'web']
    const made = await aws('deploy', 'create-deployment', ...of, '--revision', 'file://revision.json')
    const { deploymentId } = JSON.parse(made) as { deploymentId: string }
    await shop!.pass(12)
    const [targetId] = (
      JSON.parse(await aws('deploy', 'list-deployment-targets', '--deployment-id', deploymentId)) as {
        targetIds: string[]
      }
    ).targetIds
    const target = JSON.parse(
      await aws('deploy', 'get-deployment-target', '--deployment-id', deploymentId, '--target-id', targetId!),
    )
    expect(target.deploymentTarget.ecsTarget).toMatchObject({
      targetId: 'main:web',
      status: 'InProgress',
      taskSetsInfo: [{ trafficWeight: 90 }, { trafficWeight: 10 }],
    })
    await aws('deploy', 'stop-deployment', '--deployment-id', deploymentId, '--auto-rollback-enabled')
    await shop!.pass(12)
    const told = JSON.parse(await aws('deploy', 'get-deployment', '--deployment-id', deploymentId))
    expect(told.deploymentInfo).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'MANUAL_STOP' },
    })
  })

  it('has no instances to register', async () => {
    await expect(
      aws(
        'deploy',
        'register-on-premises-instance',
        '--instance-name',
        'a',
        '--iam-user-arn',
        'arn:aws:iam::111111111111:user/a',
      ),
    ).rejects.toThrow(/RegisterOnPremisesInstance/)
  })
})
