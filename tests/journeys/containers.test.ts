/** A commit becomes a container: built by docker in CodeBuild, pushed to ECR, deployed by the ECS action, and it answers. */

import { readFileSync } from 'node:fs'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline'
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it, vi } from 'vitest'
import { privateNetwork } from '../../src/cloud/kernel/private-network.ts'
import { pack } from '../../src/cloud/machine/archive.ts'
import { HUB } from '../conformance/cloud.ts'
import { environment } from '../conformance/codebuild/builder.ts'
import { action, pipelineOf, s3Source } from '../conformance/codepipeline/declarations.ts'
import { openWorkshop, REGION } from '../conformance/codepipeline/workshop.ts'
import { NETWORK, PULL } from '../conformance/ecs/container-shop.ts'
import { BUSYBOX, builderMissing, busyboxLayer, pushLayers, skippedFor } from '../containers/images.ts'

const missing = builderMissing()
const WAIT = { timeout: 50_000, interval: 50 }

const DOCKERFILE = `FROM scratch
COPY busybox /bin/sh
COPY busybox /bin/httpd
COPY index.html /www/index.html
CMD ["/bin/httpd", "-f", "-p", "8080", "-h", "/www"]
`

const BUILDSPEC = JSON.stringify({
  version: 0.2,
  phases: {
    pre_build: {
      commands: [
        'REGISTRY=$AWS_ACCOUNT_ID.dkr.ecr.$AWS_REGION.amazonaws.com',
        'aws ecr get-login-password | docker login --username AWS --password-stdin $REGISTRY',
      ],
    },
    build: { commands: ['docker build -t $REGISTRY/app:$CODEBUILD_BUILD_NUMBER .'] },
    post_build: {
      commands: [
        'docker push $REGISTRY/app:$CODEBUILD_BUILD_NUMBER',
        `printf '[{"name":"web","imageUri":"%s"}]' $REGISTRY/app:$CODEBUILD_BUILD_NUMBER > imagedefinitions.json`,
      ],
    },
  },
  artifacts: { files: ['imagedefinitions.json'] },
})

describe.skipIf(missing)(`a commit that becomes a container${skippedFor(missing)}`, () => {
  it('answers on a loopback port with what was committed', async () => {
    const shop = await furnished()
    await shop.commit('hello')
    const pipeline = pipelineOf('web', shop.role, 'artifacts', [
      [s3Source('drops')],
      [
        action('Build', ['Build', 'CodeBuild'], {
          configuration: { ProjectName: 'app' },
          inputArtifacts: [{ name: 'SourceOutput' }],
          outputArtifacts: [{ name: 'Built' }],
        }),
      ],
      [
        action('Deploy', ['Deploy', 'ECS'], {
          configuration: { ClusterName: 'main', ServiceName: 'web' },
          inputArtifacts: [{ name: 'Built' }],
        }),
      ],
    ])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    await vi.waitFor(async () => {
      const { pipelineExecutionSummaries: [run] = [] } = await shop.codepipeline.send(
        new ListPipelineExecutionsCommand({ pipelineName: 'web' }),
      )
      expect([run?.status, run?.statusSummary]).toEqual(['Succeeded', undefined])
    }, WAIT)
    expect(await shop.answer()).toBe('hello\n')
  }, 60_000)
})

async function furnished() {
  const shop = await openWorkshop({ containers: 'auto' })
  const [ecs, ecr] = [shop.client(ECSClient), shop.client(ECRClient)]
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await pushLayers(ecr, 'app', 'first', [busyboxLayer()], { Cmd: ['/bin/httpd', '-f', '-p', '8080'] })
  const role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'kms:*', 'codebuild:*', 'ecs:*', 'iam:PassRole'] },
  ])
  const serviceRole = await shop.role('build', 'codebuild.amazonaws.com', [
    { Action: ['logs:*', 's3:*', 'kms:*', 'ecr:*'] },
  ])
  await shop.client(CodeBuildClient).send(
    new CreateProjectCommand({
      name: 'app',
      serviceRole,
      source: { type: 'CODEPIPELINE', buildspec: BUILDSPEC },
      artifacts: { type: 'CODEPIPELINE' },
      environment: { ...environment([{ name: 'AWS_ACCOUNT_ID', value: HUB }]), privilegedMode: true },
    }),
  )
  const executionRoleArn = await shop.role('execution', 'ecs-tasks.amazonaws.com', [{ Action: PULL }])
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }))
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn,
      containerDefinitions: [
        {
          name: 'web',
          image: `${HUB}.dkr.ecr.${REGION}.amazonaws.com/app:first`,
          portMappings: [{ containerPort: 8080 }],
          stopTimeout: 2,
        },
      ],
    }),
  )
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    }),
  )

  async function commit(text: string): Promise<void> {
    const Body = await pack([
      { name: 'Dockerfile', content: Buffer.from(DOCKERFILE) },
      { name: 'busybox', content: readFileSync(BUSYBOX), mode: 0o755 },
      { name: 'index.html', content: Buffer.from(`${text}\n`) },
    ])
    await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  }

  /** What the service's one task answers. */
  async function answer(): Promise<string> {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'main', serviceName: 'web' }))
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: taskArns }))
    const ip = tasks![0]!.containers![0]!.networkInterfaces![0]!.privateIpv4Address!
    const endpoint = shop.cloud.part(privateNetwork).find({ account: HUB, region: REGION, ip, port: 8080 })
    if (endpoint?.kind !== 'port') throw new Error('no container answers')
    return (await fetch(`http://127.0.0.1:${endpoint.port}/`)).text()
  }

  return { ...shop, role, commit, answer }
}
