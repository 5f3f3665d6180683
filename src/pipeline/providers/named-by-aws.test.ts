/** Providers whose needs stand on a page of AWS and that no pipeline of the other tests has. */
import { describe, expect, test } from 'vitest'
import type { ActionDeclaration } from '../../model/index.ts'
import { pipelineNeeds } from '../needs.ts'
import { validateDeclaration } from '../rules.ts'
import { DEPLOY_ROLE, HOME, PROD, surroundings, withStage } from '../sample.fixture.ts'
import { findProvider } from './index.ts'

type Given = Pick<ActionDeclaration, 'configuration'> & Partial<ActionDeclaration>

const action = (category: string, provider: string, given: Given): ActionDeclaration => ({
  name: 'one',
  actionTypeId: { category, owner: 'AWS', provider, version: '1' } as ActionDeclaration['actionTypeId'],
  inputArtifacts: [{ name: 'BuildOutput' }],
  roleArn: DEPLOY_ROLE,
  ...given,
})

const pipelineWith = (one: ActionDeclaration) => ({
  ...withStage('Prod', [one]),
  pipelineType: 'V2' as const,
})

/** What the action's role needs beside its artifacts: calls on the resource's end, `?` behind what AWS goes on without. */
const needed = (one: ActionDeclaration): string[] =>
  pipelineNeeds(pipelineWith(one), surroundings)
    .filter(({ principal, action: call }) => principal === DEPLOY_ROLE && !/^(s3|kms):/.test(call))
    .map(
      ({ action: call, resource, optional }) =>
        `${call} ${resource.replace(/^arn:aws:[\w-]+:[\w-]*:\d*:/, '')}${optional ? ' ?' : ''}`,
    )

const refusals = (one: ActionDeclaration): string[] =>
  validateDeclaration(pipelineWith(one), HOME).flatMap(({ message, severity }) =>
    severity === 'error' ? message : [],
  )

const scan = (configuration: Record<string, string>, given: Partial<ActionDeclaration> = {}) =>
  action('Invoke', 'InspectorScan', { configuration, ...given })

const LOGS = [
  'logs:CreateLogGroup log-group:/aws/codepipeline/hello:log-stream:* ?',
  'logs:CreateLogStream log-group:/aws/codepipeline/hello:log-stream:* ?',
  'logs:PutLogEvents log-group:/aws/codepipeline/hello:log-stream:* ?',
]

describe('ECRBuildAndPublish', () => {
  const build = (configuration: Record<string, string>) =>
    action('Build', 'ECRBuildAndPublish', { configuration })

  test('logs in to the registry and pushes to the repository', () => {
    const one = build({ ECRRepositoryName: 'shop', ImageTags: 'a,b' })
    expect(refusals(one)).toEqual([])
    expect(needed(one)).toEqual([
      'ecr:GetAuthorizationToken *',
      'ecr:DescribeRepositories repository/shop',
      'ecr:InitiateLayerUpload repository/shop',
      'ecr:UploadLayerPart repository/shop',
      'ecr:CompleteLayerUpload repository/shop',
      'ecr:PutImage repository/shop',
      'ecr:BatchCheckLayerAvailability repository/shop',
      'ecr:GetDownloadUrlForLayer repository/shop',
      ...LOGS,
    ])
  })

  test('takes a bearer token for a public registry, which has no region', () => {
    const needs = pipelineNeeds(
      pipelineWith(build({ ECRRepositoryName: 'shop', RegistryType: 'public' })),
      surroundings,
    )
    const of = (call: string) => needs.find(({ action: name }) => name === call)?.resource
    expect(of('sts:GetServiceBearerToken')).toBe('*')
    expect(of('ecr-public:PutImage')).toBe(`arn:aws:ecr-public::${PROD}:repository/shop`)
    expect(of('ecr:PutImage')).toBeUndefined()
  })
})

describe('InspectorScan', () => {
  test('reads an image where that is scanned', () => {
    const image = scan(
      { InspectorRunMode: 'ECRImageScan', ECRRepositoryName: 'shop' },
      { inputArtifacts: [] },
    )
    expect(refusals(image)).toEqual([])
    expect(needed(image)).toEqual([
      'inspector-scan:ScanSbom *',
      'ecr:GetDownloadUrlForLayer repository/shop',
      'ecr:BatchGetImage repository/shop',
      'ecr:BatchCheckLayerAvailability repository/shop',
      ...LOGS,
    ])
    expect(needed(scan({ InspectorRunMode: 'SourceCodeScan' }))).toEqual([
      'inspector-scan:ScanSbom *',
      ...LOGS,
    ])
  })

  test('needs what it scans, and numbers', () => {
    expect(refusals(scan({ InspectorRunMode: 'ECRImageScan' }))[0]).toMatch(/ECRRepositoryName is required/)
    expect(refusals(scan({ InspectorRunMode: 'SourceCodeScan' }, { inputArtifacts: [] }))[0]).toMatch(
      /an input artifact is required/,
    )
    expect(refusals(scan({ InspectorRunMode: 'SourceCodeScan', HighThreshold: 'few' }))[0]).toMatch(
      /HighThreshold is "few"/,
    )
  })
})

describe('EC2', () => {
  const deploy = (configuration: Record<string, string>) =>
    action('Deploy', 'EC2', {
      configuration: {
        InstanceTagKey: 'Name',
        InstanceTagValue: 'web',
        InstanceType: 'EC2',
        ...configuration,
      },
    })

  test('sends commands to instances with the tag, and takes them out of their target groups', () => {
    const one = deploy({ DeploySpec: 'spec.yaml', TargetGroupNameList: 'front, back' })
    expect(refusals(one)).toEqual([])
    expect(needed(one)).toEqual(
      expect.arrayContaining([
        'ec2:DescribeInstances *',
        'ssm:CancelCommand * ?',
        'ssm:SendCommand instance/*',
        'ssm:SendCommand document/AWS-RunShellScript',
        'elasticloadbalancing:RegisterTargets targetgroup/front/*',
        'elasticloadbalancing:DeregisterTargets targetgroup/back/*',
      ]),
    )
    const sent = pipelineNeeds(pipelineWith(one), surroundings).find(
      ({ action: call, resource }) => call === 'ssm:SendCommand' && resource.includes(':ec2:'),
    )
    expect(sent?.context).toEqual({ 'aws:ResourceTag/Name': 'web' })
  })

  test('knows nodes of Systems Manager without EC2', () => {
    const calls = needed(deploy({ InstanceType: 'SSM_MANAGED_NODE', DeploySpec: 'spec.yaml' }))
    expect(calls).toContain('ssm:SendCommand managed-instance/*')
    expect(calls.join()).not.toMatch(/ec2:|elasticloadbalancing:/)
  })

  test('needs a script and where it runs, or a spec', () => {
    expect(refusals(deploy({}))).toEqual([
      expect.stringContaining('TargetDirectory is required without DeploySpec'),
      expect.stringContaining('PostScript is required without DeploySpec'),
    ])
  })
})

describe('EKS', () => {
  const deploy = (configuration: Record<string, string>) =>
    action('Deploy', 'EKS', { configuration: { ClusterName: 'main', ...configuration } })

  test('looks at the cluster and works in its network', () => {
    expect(refusals(deploy({ ManifestFiles: 'm.yaml' }))).toEqual([])
    expect(needed(deploy({ ManifestFiles: 'm.yaml' }))).toEqual(
      expect.arrayContaining([
        'eks:DescribeCluster cluster/main',
        'ec2:CreateNetworkInterface *',
        'ec2:DescribeRouteTables * ?',
      ]),
    )
  })

  test('takes manifests or a chart', () => {
    expect(refusals(deploy({ HelmReleaseName: 'r', HelmChartLocation: 'c' }))).toEqual([])
    expect(refusals(deploy({ HelmReleaseName: 'r' }))[0]).toMatch(/HelmChartLocation is required/)
    expect(refusals(deploy({}))[0]).toMatch(/ManifestFiles is required, or/)
  })
})

test('Elastic Beanstalk makes a version of the artifact and gives it to the environment', () => {
  const one = action('Deploy', 'ElasticBeanstalk', {
    configuration: { ApplicationName: 'shop', EnvironmentName: 'prod' },
  })
  expect(refusals(one)).toEqual([])
  expect(needed(one)).toEqual([
    'elasticbeanstalk:CreateApplicationVersion applicationversion/shop/*',
    'elasticbeanstalk:UpdateEnvironment environment/shop/prod',
    'elasticbeanstalk:DescribeEnvironments environment/shop/prod',
    'elasticbeanstalk:DescribeEvents environment/shop/prod',
  ])
})

test('Device Farm uploads to the project and runs its tests', () => {
  const one = action('Test', 'DeviceFarm', {
    configuration: {
      AppType: 'Android',
      ProjectId: 'p',
      App: 'a.apk',
      DevicePoolArn: 'arn:aws:devicefarm:us-west-2::devicepool:x',
      TestType: 'BUILTIN_FUZZ',
    },
  })
  expect(refusals(one)).toEqual([])
  expect(needed(one)).toEqual([
    'devicefarm:ListProjects *',
    'devicefarm:ListDevicePools project:p',
    'devicefarm:CreateUpload project:p',
    'devicefarm:ScheduleRun project:p',
    'devicefarm:GetUpload upload:p/*',
    'devicefarm:GetRun run:p/*',
  ])
})

test('Service Catalog makes a version of the product, told in the configuration or in a file', () => {
  const make = (configuration: Record<string, string>) =>
    action('Deploy', 'ServiceCatalog', { configuration: { ProductId: 'prod-x', ...configuration } })
  expect(refusals(make({ ConfigurationFilePath: 'c.json' }))).toEqual([])
  expect(refusals(make({ TemplateFilePath: 't.json', ProductVersionName: 'v' }))[0]).toMatch(
    /ProductType is required/,
  )
  expect(needed(make({ ConfigurationFilePath: 'c.json' }))).toEqual(
    expect.arrayContaining([
      'servicecatalog:CreateProvisioningArtifact product/prod-x',
      'cloudformation:ValidateTemplate *',
    ]),
  )
})

test('a function is deployed under alarms that are looked at one by one', () => {
  const one = action('Deploy', 'Lambda', {
    configuration: { FunctionName: 'f', FunctionAlias: 'live', Alarms: 'late, broken' },
  })
  expect(refusals(one)).toEqual([])
  expect(needed(one)).toEqual([
    'lambda:GetFunctionConfiguration function:f:*',
    'lambda:GetFunctionConfiguration function:f',
    'lambda:PublishVersion function:f',
    'lambda:UpdateFunctionCode function:f',
    'lambda:GetAlias function:f',
    'lambda:UpdateAlias function:f',
    'lambda:GetProvisionedConcurrencyConfig function:f:live',
    'cloudwatch:DescribeAlarms alarm:late',
    'cloudwatch:DescribeAlarms alarm:broken',
    ...LOGS,
  ])
})

test('what has ended says so', () => {
  const one = action('Deploy', 'OpsWorks', { configuration: { App: 'a', Stack: 's' } })
  expect(refusals(one)).toEqual([])
  expect(needed(one)).toContain('opsworks:CreateDeployment stack/*/')
  expect(findProvider(one.actionTypeId)?.untold?.what).toMatch(/ended OpsWorks Stacks/)
})

test('an Alexa skill needs its artifact alone, and its credentials are secrets', () => {
  const actionTypeId = {
    category: 'Deploy',
    owner: 'ThirdParty',
    provider: 'AlexaSkillsKit',
    version: '1',
  } as const
  const configuration = { ClientId: 'c', ClientSecret: 's', RefreshToken: 'r', SkillId: 'k' }
  const one = action('Deploy', 'AlexaSkillsKit', { actionTypeId, configuration, roleArn: undefined })
  expect(refusals(one)).toEqual([])
  const needs = pipelineNeeds(pipelineWith(one), surroundings)
  expect(needs.filter(({ origin }) => origin?.kind === 'action' && origin.action === 'one')).toEqual(
    expect.arrayContaining([expect.objectContaining({ action: 's3:GetObject' })]),
  )
  expect(findProvider(actionTypeId)?.configuration.RefreshToken?.secret).toBe(true)
})

test('commands read the secret whose key they name', () => {
  const actionTypeId = { category: 'Compute', owner: 'AWS', provider: 'Commands', version: '1' } as const
  const one: ActionDeclaration = {
    ...action('Compute', 'Commands', { configuration: {} }),
    actionTypeId,
    commands: ['ls'],
    environmentVariables: [{ name: 'TOKEN', value: 'apiTokens:bedrockToken', type: 'SECRETS_MANAGER' }],
  }
  expect(needed(one)).toContain('secretsmanager:GetSecretValue secret:apiTokens-??????')
})
