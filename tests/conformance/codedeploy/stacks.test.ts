/** Stacks that make applications, groups and configurations, and that move an alias by them. */
import { describe, expect, it } from 'vitest'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { openDeployShop } from './deploy-shop.ts'

const shop = await openDeployShop()
const stacks = driveStacks(shop.test)

const template = (version: string, more: { config?: string; hook?: string; alarms?: string[] } = {}) => ({
  Resources: {
    App: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
    Config: {
      Type: 'AWS::CodeDeploy::DeploymentConfig',
      Properties: {
        ComputePlatform: 'Lambda',
        TrafficRoutingConfig: {
          Type: 'TimeBasedCanary',
          TimeBasedCanary: { CanaryPercentage: '25', CanaryInterval: 1 },
        },
      },
    },
    Group: {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: { Ref: 'App' },
        ServiceRoleArn: shop.roleArn,
        DeploymentConfigName: more.config ?? { Ref: 'Config' },
        DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
        AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] },
        ...(more.alarms && {
          AlarmConfiguration: { Enabled: 'true', Alarms: more.alarms.map((Name) => ({ Name })) },
        }),
        Tags: [{ Key: 'team', Value: 'web' }],
      },
    },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: 'worker', FunctionVersion: version, Name: 'staged' },
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: 'App' },
          DeploymentGroupName: { Ref: 'Group' },
          ...(more.hook && { BeforeAllowTrafficHook: more.hook }),
        },
      },
    },
  },
  Outputs: { App: { Value: { Ref: 'App' } }, Group: { Value: { Ref: 'Group' } } },
})

describe('an alias with an update policy', () => {
  it('is made at once, and moved by a deployment', async () => {
    const first = (await shop.alias()).version!
    const made = await stacks.create('staged', template(first))
    expect(made.StackStatus).toBe('CREATE_COMPLETE')
    const [App, Group] = ['App', 'Group'].map(
      (key) => made.Outputs?.find((one) => one.OutputKey === key)?.OutputValue,
    )
    const all = () => shop.deploy('ListDeployments', { applicationName: App, deploymentGroupName: Group })
    expect(await all()).toEqual({ deployments: [] })
    const second = await shop.publish()
    const updated = await shop.passUntil(stacks.update('staged', template(second)))
    expect(updated.StackStatus).toBe('UPDATE_COMPLETE')
    const { deployments } = await all()
    expect(deployments).toHaveLength(1)
    expect(await shop.look(deployments[0])).toMatchObject({ status: 'Succeeded' })
    expect(await shop.alias('staged')).toEqual({ version: second })
  })

  it('fails the update when its hook says no, and stays where it was', async () => {
    const { version } = await shop.alias('staged')
    const third = await shop.publish()
    const failed = await shop.passUntil(stacks.update('staged', template(third, { hook: 'absent' })))
    expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
    expect(await shop.alias('staged')).toEqual({ version })
  })

  it('has no other policy, and none that says too little', async () => {
    const wrong = template('1') as { Resources: { Live: { UpdatePolicy: object } } }
    wrong.Resources.Live.UpdatePolicy = { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a' } }
    await expect(stacks.create('wrong', wrong as never)).rejects.toThrow(
      'UpdatePolicy of Live: Property DeploymentGroupName cannot be empty.',
    )
    wrong.Resources.Live.UpdatePolicy = { AutoScalingRollingUpdate: {} }
    await expect(stacks.create('wrong', wrong as never)).rejects.toThrow('AutoScalingRollingUpdate')
  })
})
