/** Pipelines that deploy services by CodeDeploy: with exactly the permissions that the action needs, and what it refuses. */
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PipelineDeclaration } from '../../../src/model/index.ts'
import { pipelineNeeds } from '../../../src/pipeline/index.ts'
import { HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from '../codepipeline/declarations.ts'
import { compare, grants } from '../codepipeline/need-checks.ts'
import { REGION } from '../codepipeline/workshop.ts'
import { IMAGE } from '../ecs/container-shop.ts'
import { ALL_EVENTS } from './deploy-shop.ts'
import { openServiceShop } from './service-shop.ts'

let shop: Awaited<ReturnType<typeof openServiceShop>>
let key: string

beforeAll(async () => {
  shop = await openServiceShop()
  await shop.bucket('artifacts', REGION, [])
  await shop.bucket('drops')
  key = await shop.key(REGION, [])
  await shop.group('web', { autoRollbackConfiguration: { enabled: true, events: ALL_EVENTS } })
})

const APPSPEC = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: web
          ContainerPort: 80
`

const files = (more: Record<string, string> = {}) => ({
  'appspec.yaml': APPSPEC,
  'taskdef.json': JSON.stringify({
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: shop.executionRole,
    containerDefinitions: [{ name: 'web', image: '<IMAGE1_NAME>', portMappings: [{ containerPort: 80 }] }],
  }),
  'imageDetail.json': JSON.stringify({ ImageURI: `${IMAGE}:v2` }),
  ...more,
})

/** Makes a pipeline that deploys what was put, runs it, and gives how the action ended. */
async function deploy(name: string, content: Record<string, string>, more: Record<string, string> = {}) {
  const kept = Object.entries(content).filter(([, text]) => text !== '')
  const Body = zipSync(Object.fromEntries(kept.map(([file, text]) => [file, Buffer.from(text)])))
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const role = `arn:aws:iam::${HUB}:role/${name}`
  const deployer = `arn:aws:iam::${HUB}:role/${name}-deployer`
  const declared = pipelineOf(
    name,
    role,
    'artifacts',
    [
      [s3Source('drops')],
      [
        action('Deploy', ['Deploy', 'CodeDeployToECS'], {
          configuration: {
            ApplicationName: 'shop',
            DeploymentGroupName: 'web',
            TaskDefinitionTemplateArtifact: 'SourceOutput',
            AppSpecTemplateArtifact: 'SourceOutput',
            Image1ArtifactName: 'SourceOutput',
            Image1ContainerName: 'IMAGE1_NAME',
            ...more,
          },
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
  await shop.role(`${name}-deployer`, `arn:aws:iam::${HUB}:root`, grants(needs, deployer))
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: declared }))
  const last = async () => (await shop.runs(name)).at(-1)!
  while ((await last())?.status === 'InProgress' || !(await last())) await shop.clock.pass(1 / 600, 100)
  await shop.cloud.settled()
  return { run: await last(), needs }
}

describe('a pipeline', () => {
  it('deploys the image of the artifact, with what the action needs and no more', async () => {
    const before = shop.cloud.trail.entries().length
    const { run, needs } = await deploy('shipping', files())
    expect(run).toMatchObject({ status: 'Succeeded', id: expect.stringMatching(/^d-/) })
    const { taskDefinition } = await shop.describe('web')
    expect(taskDefinition).toMatch(/web:3$/)
    expect(await shop.traffic()).toEqual({ blue: 0, green: 100 })
    const trail = shop.cloud.trail.entries().slice(before)
    expect(compare(needs, trail)).toEqual({ ungranted: [], unused: [] })
  })

  it.each([
    [
      'imageDetail.json',
      'Exception while trying to read the image artifact file from the artifact: SourceOutput.',
    ],
    ['taskdef.json', 'Exception while trying to read the task definition artifact file from: SourceOutput'],
    ['appspec.yaml', 'Exception while trying to read the AppSpec artifact file from: SourceOutput'],
  ])('says that there is no %s', async (file, message) => {
    const { run } = await deploy(`no-${file.split('.')[0]!.toLowerCase()}`, files({ [file]: '' }))
    expect(run).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining(message) },
    })
  })

  it('fails with the reason of the deployment', async () => {
    const { run } = await deploy(
      'hooked',
      files({ 'appspec.yaml': `${APPSPEC}Hooks:\n  - AfterInstall: absent\n` }),
    )
    expect(run).toMatchObject({
      status: 'Failed',
      error: {
        code: 'JobFailed',
        message: expect.stringMatching(/^Deployment d-\w+ failed: HOOK_EXECUTION_FAILURE/),
      },
    })
    await shop.pass(3)
    expect(await shop.taskSets()).toHaveLength(1)
  })
})
