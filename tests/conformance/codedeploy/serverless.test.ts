/** SAM's DeploymentPreference: an update gives the alias its version by a deployment, under the role that SAM makes. */
import { expect, it } from 'vitest'
import { driveStacks } from '../cloudformation/stack-driver.ts'
import { hookSource, openDeployShop } from './deploy-shop.ts'

const shop = await openDeployShop()
const stacks = driveStacks(shop.test)
const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'] as const

const template = (says: number) => ({
  Transform: 'AWS::Serverless-2016-10-31',
  Globals: { Function: { Runtime: 'nodejs20.x', Handler: 'index.handler' } },
  Resources: {
    Check: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        FunctionName: 'CodeDeployHook_check',
        InlineCode: hookSource('Succeeded')
          .replace(
            "import { Hash } from '@smithy/hash-node'",
            "const { Hash } = require('@smithy/hash-node')",
          )
          .replace(
            "import { SignatureV4 } from '@smithy/signature-v4'",
            "const { SignatureV4 } = require('@smithy/signature-v4')",
          )
          .replace('export const handler =', 'exports.handler ='),
        Policies: [
          {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
                Resource: {
                  'Fn::Sub':
                    'arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:${ServerlessDeploymentApplication}/*',
                },
              },
            ],
          },
        ],
        DeploymentPreference: { Enabled: false },
      },
    },
    Hello: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        InlineCode: `exports.handler = async () => ${says}`,
        AutoPublishAlias: 'live',
        DeploymentPreference: {
          Type: 'Linear10PercentEvery1Minute',
          Hooks: { PreTraffic: { Ref: 'Check' } },
        },
      },
    },
  },
  Outputs: {
    Application: { Value: { Ref: 'ServerlessDeploymentApplication' } },
    Group: { Value: { Ref: 'HelloDeploymentGroup' } },
  },
})

it('moves the alias in parts, once its hook has said yes', async () => {
  const made = await shop.passUntil(
    stacks.create('sam', template(1), { Capabilities: [...Capabilities] }),
    20,
  )
  expect(made.StackStatus, (await stacks.events('sam')).join('\n')).toBe('CREATE_COMPLETE')
  const updated = await shop.passUntil(
    stacks.update('sam', template(2), { Capabilities: [...Capabilities] }),
    2,
  )
  expect(updated.StackStatus, (await stacks.events('sam')).join('\n')).toBe('UPDATE_COMPLETE')
  const { Application, Group } = await stacks.outputs('sam')
  const { deployments } = await shop.deploy('ListDeployments', {
    applicationName: Application,
    deploymentGroupName: Group,
  })
  expect(await shop.look(deployments[0])).toMatchObject({
    status: 'Succeeded',
    deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
  })
  const moves = shop.test.cloud.trail
    .entries()
    .filter(
      ({ action, principal }) =>
        action === 'lambda:UpdateAlias' && principal.includes('CodeDeployServiceRole'),
    )
  expect(moves).toHaveLength(10)
})
