/** A cloud with a function of two versions behind an alias, a role for CodeDeploy, and clients that sign by its clock. */

import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateAliasCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import type { CloudOptions } from '../../../src/cloud/index.ts'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { makeFunction, makeRole } from '../lambda/functions.ts'
import { rootCaller } from '../modelled-client.ts'

export const ALL_EVENTS = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST']

export const appSpec = (current: string, target: string, hooks: readonly object[] = []): string =>
  JSON.stringify({
    version: 0.0,
    Resources: [
      {
        worker: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: 'worker', Alias: 'live', CurrentVersion: current, TargetVersion: target },
        },
      },
    ],
    ...(hooks.length && { Hooks: hooks }),
  })

/** The source of a hook that says `status`, or throws, or says nothing. */
export const hookSource = (status: 'Succeeded' | 'Failed' | 'throws' | 'silent'): string => `
import { Hash } from '@smithy/hash-node'
import { SignatureV4 } from '@smithy/signature-v4'

const { AWS_ENDPOINT_URL, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId } = process.env
const { AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env

export const handler = async (event) => {
  if ('${status}' === 'throws') throw new Error('the check is broken')
  if ('${status}' === 'silent') return
  const credentials = { accessKeyId, secretAccessKey, sessionToken }
  const signer = new SignatureV4({ service: 'codedeploy', region, credentials, sha256: Hash.bind(null, 'sha256') })
  const { hostname, port } = new URL(AWS_ENDPOINT_URL)
  const { headers, body } = await signer.sign({
    method: 'POST', protocol: 'http:', hostname, port: Number(port), path: '/', query: {},
    headers: {
      host: hostname + ':' + port,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus',
    },
    body: JSON.stringify({
      deploymentId: event.DeploymentId,
      lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
      status: '${status}',
    }),
  })
  const answer = await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(await answer.text())
}
`

export async function openDeployShop(options: CloudOptions = {}) {
  const clock = new HandClock()
  const test = await startTestCloud({ clock, ...options })
  const deploy = rootCaller(test.cloud, 'codedeploy', { now: () => clock.now() })
  const cloudwatch = rootCaller(test.cloud, 'cloudwatch', { now: () => clock.now() })
  const lambda = test.client(LambdaClient)
  const iam = test.client(IAMClient)
  const runtime = await makeRole(test, 'runtime')
  const states: string[] = []
  test.cloud.bus.listen((event: CloudEvent) => {
    if (event.source === 'aws.codedeploy') states.push((event.detail as { state: string }).state)
  })

  async function role(name: string, actions: readonly string[]): Promise<string> {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }]
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    )
    return Role!.Arn!
  }

  const roleArn = await role('deployer', [
    'lambda:GetAlias',
    'lambda:UpdateAlias',
    'lambda:InvokeFunction',
    'cloudwatch:DescribeAlarms',
    'sns:Publish',
  ])

  const fn = (name: string, source: string, as = runtime) => makeFunction(lambda, name, as, source)
  /** A role for functions. */
  const functionRole = (name: string, actions: readonly string[]) =>
    makeRole(test, name, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
    })
  const settled = () => test.cloud.settled()

  /** Makes a version of the function that is like no other. */
  async function publish(): Promise<string> {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'worker', Description: String(Math.random()) }),
    )
    await settled()
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: 'worker' }))
    await settled()
    return Version!
  }

  await fn('worker', 'export const handler = () => 1')
  await settled()
  const first = await publish()
  await lambda.send(new CreateAliasCommand({ FunctionName: 'worker', Name: 'live', FunctionVersion: first }))
  await deploy('CreateApplication', { applicationName: 'shop', computePlatform: 'Lambda' })

  const group = (deploymentGroupName: string, more: object = {}) =>
    deploy('CreateDeploymentGroup', {
      applicationName: 'shop',
      deploymentGroupName,
      serviceRoleArn: roleArn,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ...more,
    })

  async function begin(deploymentGroupName: string, content: string, more: object = {}): Promise<string> {
    const { deploymentId } = await deploy('CreateDeployment', {
      applicationName: 'shop',
      deploymentGroupName,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
      ...more,
    })
    await settled()
    return deploymentId
  }

  const look = async (deploymentId: string) =>
    (await deploy('GetDeployment', { deploymentId })).deploymentInfo

  const alias = async (Name = 'live') => {
    const { FunctionVersion, RoutingConfig } = await lambda.send(
      new GetAliasCommand({ FunctionName: 'worker', Name }),
    )
    return { version: FunctionVersion, ...RoutingConfig?.AdditionalVersionWeights }
  }

  /** Leads the alias to one version. */
  const point = (FunctionVersion: string) =>
    lambda.send(
      new UpdateAliasCommand({
        FunctionName: 'worker',
        Name: 'live',
        FunctionVersion,
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    )

  /** Lets time pass until something has come to its end; no faster than functions run, where a pause is given. */
  async function passUntil<T>(work: Promise<T>, pause = 0): Promise<T> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    work.then(end, end)
    while (!isOver) {
      await clock.pass(1 / 60)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    return work
  }

  async function pass(minutes: number): Promise<void> {
    await clock.pass(minutes)
    await settled()
  }

  return {
    test,
    clock,
    deploy,
    cloudwatch,
    lambda,
    iam,
    role,
    roleArn,
    fn,
    functionRole,
    publish,
    group,
    begin,
    look,
    alias,
    point,
    pass,
    passUntil,
    states,
    settled,
    HUB,
  }
}
