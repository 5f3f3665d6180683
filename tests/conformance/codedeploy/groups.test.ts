/** Applications, groups, configurations, revisions and tags: what is kept, and what is refused by which name. */

import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { NOTICE_SERVICE } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { modelledClient } from '../modelled-client.ts'
import { appSpec, openDeployShop } from './deploy-shop.ts'

const shop = await openDeployShop()
const { deploy, group } = shop
const refuses = (call: Promise<unknown>, name: string, message?: string | RegExp) =>
  expect(call).rejects.toMatchObject({ name, ...(message && { message: expect.stringMatching(message) }) })

describe('applications', () => {
  it('are of functions or services', async () => {
    await refuses(deploy('CreateApplication', { applicationName: 'old' }), 'UnsupportedParameter', /Server/)
    await refuses(
      deploy('CreateApplication', { applicationName: 'shop', computePlatform: 'ECS' }),
      'ApplicationAlreadyExistsException',
    )
    expect((await deploy('GetApplication', { applicationName: 'shop' })).application).toMatchObject({
      applicationName: 'shop',
      computePlatform: 'Lambda',
    })
    await refuses(
      deploy('GetApplication', { applicationName: 'none' }),
      'ApplicationDoesNotExistException',
      'No application found for name: none',
    )
  })

  it('take their groups along to another name', async () => {
    await deploy('CreateApplication', { applicationName: 'before', computePlatform: 'Lambda' })
    await group('web', { applicationName: 'before' })
    await deploy('UpdateApplication', { applicationName: 'before', newApplicationName: 'after' })
    expect(await deploy('ListDeploymentGroups', { applicationName: 'after' })).toMatchObject({
      deploymentGroups: ['web'],
    })
    await deploy('DeleteApplication', { applicationName: 'after' })
    expect((await deploy('ListApplications')).applications).toEqual(['shop'])
  })

  it('have tags, as groups have', async () => {
    const ResourceArn = `arn:aws:codedeploy:us-east-1:${HUB}:application:shop`
    await deploy('TagResource', { ResourceArn, Tags: [{ Key: 'team', Value: 'web' }] })
    expect(await deploy('ListTagsForResource', { ResourceArn })).toEqual({
      Tags: [{ Key: 'team', Value: 'web' }],
    })
    await refuses(
      deploy('ListTagsForResource', {
        ResourceArn: `arn:aws:codedeploy:us-east-1:${HUB}:deploymentconfig:x`,
      }),
      'ArnNotSupportedException',
    )
  })
})

describe('configurations', () => {
  it('are those of AWS and the own', async () => {
    const { deploymentConfigsList } = await deploy('ListDeploymentConfigs')
    expect(deploymentConfigsList).toHaveLength(17)
    const { deploymentConfigInfo } = await deploy('GetDeploymentConfig', {
      deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    })
    expect(deploymentConfigInfo).toMatchObject({
      computePlatform: 'ECS',
      trafficRoutingConfig: {
        type: 'TimeBasedLinear',
        timeBasedLinear: { linearPercentage: 10, linearInterval: 1 },
      },
    })
    const own = { deploymentConfigName: 'own', computePlatform: 'Lambda' }
    await refuses(
      deploy('CreateDeploymentConfig', {
        ...own,
        trafficRoutingConfig: {
          type: 'TimeBasedCanary',
          timeBasedCanary: { canaryPercentage: 100, canaryInterval: 5 },
        },
      }),
      'InvalidTrafficRoutingConfigurationException',
    )
    await deploy('CreateDeploymentConfig', { ...own, trafficRoutingConfig: { type: 'AllAtOnce' } })
    await group('by-own', { deploymentConfigName: 'own' })
    await refuses(
      deploy('DeleteDeploymentConfig', { deploymentConfigName: 'own' }),
      'DeploymentConfigInUseException',
    )
    await deploy('DeleteDeploymentGroup', { applicationName: 'shop', deploymentGroupName: 'by-own' })
    await deploy('DeleteDeploymentConfig', { deploymentConfigName: 'own' })
    await refuses(
      deploy('GetDeploymentConfig', { deploymentConfigName: 'own' }),
      'DeploymentConfigDoesNotExistException',
    )
  })
})

describe('groups', () => {
  it.each([
    [{ deploymentStyle: undefined }, 'InvalidDeploymentStyleException'],
    [{ deploymentConfigName: 'CodeDeployDefault.OneAtATime' }, 'UnsupportedParameter'],
    [{ deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce' }, 'InvalidDeploymentConfigNameException'],
    [{ deploymentConfigName: 'none' }, 'DeploymentConfigDoesNotExistException'],
    [{ autoRollbackConfiguration: { enabled: true } }, 'InvalidAutoRollbackConfigException'],
    [{ alarmConfiguration: { enabled: true, alarms: [] } }, 'InvalidAlarmConfigException'],
    [{ ecsServices: [{ clusterName: 'a', serviceName: 'b' }] }, 'InvalidECSServiceException'],
    [{ ec2TagFilters: [{ Key: 'a', Type: 'KEY_ONLY' }] }, 'UnsupportedParameter'],
    [
      {
        triggerConfigurations: [
          { triggerName: 'a', triggerTargetArn: 'x', triggerEvents: ['DeploymentStart'] },
        ],
      },
      'InvalidTriggerConfigException',
    ],
    [{ serviceRoleArn: `arn:aws:iam::${HUB}:role/runtime` }, 'InvalidRoleException'],
    [{ applicationName: 'none' }, 'ApplicationDoesNotExistException'],
  ])('refuse %j by name', async (settings, name) => {
    await refuses(group('refused', settings), name)
  })

  it('are changed where something is said', async () => {
    await group('changed', { alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } })
    await deploy('UpdateDeploymentGroup', {
      applicationName: 'shop',
      currentDeploymentGroupName: 'changed',
      newDeploymentGroupName: 'renamed',
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    })
    const { deploymentGroupInfo } = await deploy('GetDeploymentGroup', {
      applicationName: 'shop',
      deploymentGroupName: 'renamed',
    })
    expect(deploymentGroupInfo).toMatchObject({
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
      serviceRoleArn: shop.roleArn,
      computePlatform: 'Lambda',
    })
  })
})

describe('revisions', () => {
  const create = (revision: object) =>
    deploy('CreateDeployment', { applicationName: 'shop', deploymentGroupName: 'plain', revision })

  it('are refused where they are none', async () => {
    await group('plain')
    const s3Location = { bucket: 'b', key: 'k' }
    await refuses(
      create({ revisionType: 'S3', s3Location: { ...s3Location, bundleType: 'zip' } }),
      'InvalidRevisionException',
      'BundleType must be either YAML or JSON',
    )
    const content = (text: string) =>
      create({ revisionType: 'AppSpecContent', appSpecContent: { content: text } })
    await refuses(content('version: 0.0\nresources: []\n'), 'InvalidRevisionException', 'exactly one item')
    await refuses(content('version: 1.0'), 'InvalidRevisionException', 'must be 0.0')
    await refuses(
      content(appSpec('1', '2', [{ AfterInstall: 'check' }])),
      'InvalidRevisionException',
      'There is no hook AfterInstall of Lambda deployments',
    )
    await refuses(
      create({
        revisionType: 'AppSpecContent',
        appSpecContent: { content: appSpec('1', '2'), sha256: 'ab' },
      }),
      'InvalidRevisionException',
      'SHA256',
    )
    await refuses(
      create({ revisionType: 'GitHub', gitHubLocation: { repository: 'a/b', commitId: 'c' } }),
      'UnsupportedParameter',
    )
  })

  it('are read from a bucket with the role of the group, and told with what they were used for', async () => {
    const revision = {
      revisionType: 'S3',
      s3Location: { bucket: 'none', key: 'spec.yaml', bundleType: 'YAML' },
    }
    await deploy('RegisterApplicationRevision', { applicationName: 'shop', revision, description: 'first' })
    const { deploymentId } = await create(revision)
    await shop.settled()
    expect(await shop.look(deploymentId)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'REVISION_MISSING', message: 'The specified bucket does not exist' },
      deploymentOverview: { Skipped: 1 },
    })
    await refuses(deploy('ListDeploymentTargets', { deploymentId }), 'DeploymentNotStartedException')
    expect(await deploy('GetApplicationRevision', { applicationName: 'shop', revision })).toMatchObject({
      revisionInfo: { description: 'first', deploymentGroups: ['plain'] },
    })
    const listed = await deploy('ListApplicationRevisions', { applicationName: 'shop', deployed: 'include' })
    expect(listed.revisions).toEqual([revision])
  })
})

it('the topics of triggers are told in words and numbers', async () => {
  const sns = shop.test.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'deployments' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }))
  await group('told', {
    triggerConfigurations: [
      {
        triggerName: 'mail',
        triggerTargetArn: TopicArn,
        triggerEvents: ['DeploymentSuccess', 'DeploymentFailure'],
      },
    ],
  })
  const from = (await shop.alias()).version!
  const id = await shop.begin('told', appSpec(from, await shop.publish()))
  await shop.settled()
  const told = shop.test.cloud.trail.entries().filter(({ operation }) => operation === 'sns:Publish')
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({
    decision: { effect: 'allowed' },
    principal: expect.stringContaining('role/deployer'),
  })
  expect(id).toMatch(/^d-/)
})

it('the topics of notification rules are told of deployments of the application', async () => {
  const sns = shop.test.client(SNSClient)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }))
  const Statement = [
    { Effect: 'Allow', Principal: { Service: NOTICE_SERVICE }, Action: 'sns:Publish', Resource: TopicArn },
  ]
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement })
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
  const ends = ['started', 'succeeded', 'failed']
  await modelledClient(shop.test, 'codestar-notifications').call('CreateNotificationRule', {
    Name: 'deployments',
    DetailType: 'FULL',
    Resource: `arn:aws:codedeploy:us-east-1:${HUB}:application:shop`,
    EventTypeIds: ends.map((end) => `codedeploy-application-deployment-${end}`),
    Targets: [{ TargetType: 'SNS', TargetAddress: TopicArn }],
  })
  await group('noticed')
  await shop.begin('noticed', appSpec((await shop.alias()).version!, await shop.publish()))
  const told = shop.test.cloud.trail
    .entries()
    .filter(({ operation, principal }) => operation === 'sns:Publish' && principal?.includes(NOTICE_SERVICE))
  expect(told.map(({ decision }) => decision.effect)).toEqual(['allowed', 'allowed'])
})
