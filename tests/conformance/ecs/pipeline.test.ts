/** Pipelines that deploy ECS services: across accounts, with exactly the permissions that the action needs. */
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { CreateRepositoryCommand, ECRClient, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { zipSync } from 'fflate'
import { beforeAll, expect, it } from 'vitest'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { DEV, HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { compare, grants } from '../codepipeline/need-checks.ts'
import { openWorkshop, REGION, type Workshop } from '../codepipeline/workshop.ts'
import { pushImage } from '../ecr/images.ts'
import { IMAGE, NETWORK, PULL } from './container-shop.ts'

let shop: Workshop
let ecs: ECSClient
let ecr: ECRClient
let key: string

/** The hub has the images and the pipelines, the other account the services. */
beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts', REGION, [DEV])
  await shop.bucket('drops')
  key = await shop.key(REGION, [DEV])
  ecs = shop.client(ECSClient, { account: DEV })
  ecr = shop.client(ECRClient)
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  for (const tag of ['v1', 'v2']) await pushImage(ecr, { repositoryName: 'app' }, tag, tag)
  await letIn()
  const executionRoleArn = await shop.role('execution', 'ecs-tasks.amazonaws.com', [{ Action: PULL }], DEV)
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }))
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn,
      containerDefinitions: [{ name: 'web', image: `${IMAGE}:v1` }],
    }),
  )
})

async function letIn(account = DEV): Promise<void> {
  const Statement = [{ Effect: 'Allow', Principal: { AWS: account }, Action: PULL.slice(1) }]
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement })
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'app', policyText }))
}

/** Makes a service and a pipeline that deploys it, runs that, and gives how the action ended. */
async function deploy(
  name: string,
  images: unknown,
  { file = 'imagedefinitions.json', before = async () => {} } = {},
) {
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'main',
      serviceName: name,
      taskDefinition: 'web:1',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    }),
  )
  await expect
    .poll(async () => (await service(name)).deployments?.[0]?.rolloutState, { timeout: 5000 })
    .toBe('COMPLETED')
  const Body = zipSync({ [file]: Buffer.from(typeof images === 'string' ? images : JSON.stringify(images)) })
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const role = `arn:aws:iam::${HUB}:role/${name}`
  const deployer = `arn:aws:iam::${DEV}:role/${name}-deployer`
  const configuration = { ClusterName: 'main', ServiceName: name }
  const declared = pipelineOf(
    name,
    role,
    'artifacts',
    [
      [s3Source('drops')],
      [
        action('Deploy', ['Deploy', 'ECS'], {
          configuration,
          roleArn: deployer,
          inputArtifacts: [{ name: 'SourceOutput' }],
        }),
      ],
    ],
    { artifactStore: { type: 'S3', location: 'artifacts', encryptionKey: { id: key, type: 'KMS' } } },
  )
  const needs = pipelineNeeds(declared as PipelineDeclaration, {
    account: HUB,
    region: REGION,
    artifactBucketKeyArn: () => key,
    project: () => undefined,
  })
  await shop.role(name, 'codepipeline.amazonaws.com', grants(needs, role))
  await shop.role(`${name}-deployer`, `arn:aws:iam::${HUB}:root`, grants(needs, deployer), DEV)
  await before()
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declared }))
  await shop.cloud.settled()
  return { run: (await shop.runs(name)).at(-1)!, needs }
}

async function service(name: string) {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: [name] }))
  return services![0]!
}

it('deploys the images that the file names, with what the action needs and no more', async () => {
  const before = shop.cloud.trail.entries().length
  const { run, needs } = await deploy('shop', [{ name: 'web', imageUri: `${IMAGE}:v2` }])
  expect(run).toMatchObject({ action: 'Deploy', status: 'Succeeded', id: 'shop' })
  expect(await service('shop')).toMatchObject({
    taskDefinition: expect.stringMatching(/task-definition\/web:2$/),
    runningCount: 1,
    deployments: [{ rolloutState: 'COMPLETED' }],
  })
  expect(compare(needs, shop.cloud.trail.entries().slice(before))).toEqual({ ungranted: [], unused: [] })
}, 20_000)

it('fails with the reason when the circuit breaker rolls back', async () => {
  const { run } = await deploy('broken', [{ name: 'web', imageUri: `${IMAGE}:none` }])
  expect(run.status).toBe('Failed')
  expect(run.error?.message).toMatch(
    /deployment failed: tasks failed to start\. .*CannotPullContainerError: .*app:none: not found/,
  )
  await expect.poll(async () => (await service('broken')).taskDefinition, { timeout: 5000 }).toMatch(/web:1$/)
}, 20_000)

it.each<[string, unknown, string, string | undefined]>([
  ['nofile', [], 'Did not find the image definition file imagedefinitions.json', 'imageDetail.json'],
  ['nojson', '[{', 'The image definition file imagedefinitions.json contains invalid JSON format', undefined],
  [
    'nocontainer',
    [{ name: 'other', imageUri: 'x' }],
    'The AWS ECS container other does not exist',
    undefined,
  ],
])(
  '%s fails in AWS’s words',
  async (name, images, words, file) => {
    const { run } = await deploy(name, images, { file })
    expect(run.error?.message).toContain(words)
  },
  20_000,
)

it('fails where the repository lets the account in no longer', async () => {
  const before = () => letIn(HUB)
  const { run } = await deploy('shut', [{ name: 'web', imageUri: `${IMAGE}:v2` }], { before })
  expect(run.error?.message).toMatch(/CannotPullContainerError: .*failed to resolve ref .*ecr:BatchGetImage/)
}, 20_000)
