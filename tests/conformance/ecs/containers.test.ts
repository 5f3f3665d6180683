/** Tasks in containers of this machine: what they find there, what they say, and how they end. Skipped where none can run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import {
  builderMissing,
  busyboxLayer,
  containersMissing,
  filesLayer,
  pushLayers,
  skippedFor,
} from '../../containers/images.ts'
import { HUB } from '../cloud.ts'
import { openWorkshop, REGION } from '../codepipeline/workshop.ts'
import { NETWORK, PULL } from './container-shop.ts'

const missing = containersMissing()
const IMAGE = `${HUB}.dkr.ecr.${REGION}.amazonaws.com/app`
const S3_SCRIPT = join(import.meta.dirname, '..', '..', 'containers', 's3.sh')
const WAIT = { timeout: 20_000, interval: 30 }

/** Serves its folder, and ends when it is asked to. */
const SERVE = 'httpd -f -p 8080 -h /www & trap "echo ending; exit 0" TERM; echo up; wait'

describe.skipIf(missing)(`containers${skippedFor(missing)}`, () => {
  let shop: Awaited<ReturnType<typeof openShop>>
  beforeAll(async () => {
    shop = await openShop()
  })

  it('answer on their port, and end as they are asked to', async () => {
    const { tasks } = await shop.service('web', [
      { name: 'web', command: ['/bin/sh', '-c', SERVE], portMappings: [{ containerPort: 8080 }] },
    ])
    const [task] = await tasks(2)
    expect(await shop.answer(task!)).toBe('hello\n')
    await shop.ecs.send(new DeleteServiceCommand({ cluster: 'main', service: 'web', force: true }))
    const ended = await shop.stopped(task!.taskArn!)
    expect(ended.containers![0]!.exitCode).toBe(0)
    expect(shop.endpointOf(task!)).toBeUndefined()
    expect(await shop.log('web')).toContain('ending')
  })

  it('have their variables and secrets, and read no more than their role may', async () => {
    const task = await shop.run({
      name: 'env',
      environment: [{ name: 'PLAIN', value: 'a b' }],
      secrets: [
        { name: 'PARAMETER', valueFrom: '/app/parameter' },
        { name: 'PART', valueFrom: `${shop.secret}:password::` },
      ],
      command: ['/bin/sh', '-c', 'echo "$PLAIN|$PARAMETER|$PART|$OF_IMAGE|$AWS_REGION|$(pwd)|$(id -u)"'],
      user: 'app',
      workingDirectory: '/work',
    })
    const ended = await shop.stopped(task)
    expect(ended).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    })
    expect(await shop.log('env')).toBe(`a b|from ssm|s3cret|image|${REGION}|/work|1000`)
    const denied = await shop.run({ name: 'denied', secrets: [{ name: 'S', valueFrom: '/other' }] })
    const { stopCode, stoppedReason } = await shop.stopped(denied)
    expect(stopCode).toBe('TaskFailedToStart')
    expect(stoppedReason).toMatch(
      /^ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: .*AccessDeniedException/,
    )
  })

  it('tell of themselves at the metadata endpoint', async () => {
    const task = await shop.run({
      name: 'meta',
      command: ['/bin/sh', '-c', 'wget -qO- $ECS_CONTAINER_METADATA_URI_V4/task'],
    })
    await shop.stopped(task)
    expect(JSON.parse(await shop.log('meta'))).toMatchObject({
      TaskARN: task,
      Family: 'meta',
      Containers: [{ Name: 'meta', Image: `${IMAGE}:v1` }],
    })
  })

  it('use the role of their task, and may do what it may', async () => {
    const bucket = await shop.bucket('of-tasks')
    const layers = [busyboxLayer(), filesLayer({ 's3.sh': readFileSync(S3_SCRIPT, 'utf8') })]
    await pushLayers(shop.ecr, 'app', 's3', layers, {
      Env: ['PATH=/bin'],
      Entrypoint: ['/bin/sh', '-c'],
    })
    const Resource = `arn:aws:s3:::${bucket}/by-task`
    const taskRoleArn = await shop.role('task', 'ecs-tasks.amazonaws.com', [
      { Action: ['s3:PutObject', 's3:GetObject'], Resource },
    ])
    const command = [
      [`PUT /${bucket}/by-task written`, `GET /${bucket}/by-task`, `GET /${bucket}/other`]
        .map((call) => `sh /s3.sh ${call}; echo`)
        .join('; '),
    ]
    const task = await shop.run({ name: 'role', image: `${IMAGE}:s3`, command }, { taskRoleArn })
    const { containers } = await shop.stopped(task)
    const log = await shop.log('role')
    expect(log).toMatch(
      new RegExp(
        `^\\s*written\n.*<Message>User: arn:aws:sts::${HUB}:assumed-role/task/\\w{32} is not authorized to perform: s3:GetObject `,
        's',
      ),
    )
    expect(containers![0]!.exitCode).toBe(0)
  })

  it('reach nothing of this machine but the cloud', async () => {
    const other = (await import('node:http'))
      .createServer((_, response) => response.end('open'))
      .listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const task = await shop.run({
      name: 'out',
      command: [
        '/bin/sh',
        '-c',
        `wget -qO- http://127.0.0.1:${port}/ || wget -qO- $AWS_ENDPOINT_URL/ || echo answered`,
      ],
    })
    await shop.stopped(task)
    other.close()
    const log = await shop.log('out')
    expect(log).not.toContain('open')
    expect(log).toMatch(/can't connect.*\n.*server returned error/)
  })

  it('fail a deployment when they crash, in AWS’s words', async () => {
    await shop.service('crash', [{ name: 'crash', command: ['/bin/sh', '-c', 'echo broken; exit 3'] }])
    const stopped = await vi.waitFor(async () => {
      const listed = await shop.ecs.send(
        new ListTasksCommand({ cluster: 'main', serviceName: 'crash', desiredStatus: 'STOPPED' }),
      )
      expect(listed.taskArns!.length).toBeGreaterThan(0)
      return shop.stopped(listed.taskArns![0]!)
    }, WAIT)
    expect(stopped).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 3, lastStatus: 'STOPPED' }],
    })
    const { services } = await shop.ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['crash'] }),
    )
    expect(services![0]!.deployments![0]!.failedTasks).toBeGreaterThan(0)
    expect(services![0]!.events!.map(({ message }) => message).join('\n')).not.toContain('simulated')
    await shop.ecs.send(new DeleteServiceCommand({ cluster: 'main', service: 'crash', force: true }))
  })

  it('wait for each other, and are seen to be healthy', async () => {
    const first = { name: 'first', essential: false, command: ['/bin/sh', '-c', 'sleep 0.2; echo first'] }
    const healthCheck = { command: ['CMD-SHELL', 'test -e /tmp/ready'], interval: 5, retries: 1 }
    const { tasks } = await shop.service('chain', [
      first,
      {
        name: 'second',
        command: ['/bin/sh', '-c', 'echo second; touch /tmp/ready; sleep 100'],
        dependsOn: [{ containerName: 'first', condition: 'SUCCESS' }],
        healthCheck,
      },
    ])
    const [task] = await tasks(1)
    await vi.waitFor(async () => {
      const { tasks: now } = await shop.ecs.send(
        new DescribeTasksCommand({ cluster: 'main', tasks: [task!.taskArn!] }),
      )
      expect(now![0]).toMatchObject({ healthStatus: 'HEALTHY', lastStatus: 'RUNNING' })
      expect(now![0]!.containers![0]).toMatchObject({ name: 'first', exitCode: 0, lastStatus: 'STOPPED' })
    }, WAIT)
    await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: task!.taskArn }))
    await shop.ecs.send(new DeleteServiceCommand({ cluster: 'main', service: 'chain', force: true }))
  })

  it('are simulated where the definition asks for what is not carried out, and say so', async () => {
    const { tasks } = await shop.service('mounts', [
      { name: 'mounts', readonlyRootFilesystem: true, portMappings: [{ containerPort: 80 }] },
    ])
    await tasks(1)
    const { services } = await shop.ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['mounts'] }),
    )
    expect(services![0]!.events!.map(({ message }) => message).join('\n')).toContain(
      'no container runs: the embedded cloud does not carry out readonlyRootFilesystem of the container mounts',
    )
  })
})

const withoutPodman = missing ?? builderMissing()

describe.skipIf(withoutPodman)(`containers of Podman's${skippedFor(withoutPodman)}`, () => {
  it('answer, and are ended when they take more memory than they may', async () => {
    const shop = await openShop('podman')
    const fills = 'x=x; while :; do x=$x$x; done'
    const full = await shop.run({ name: 'full', memory: 16, command: ['/bin/sh', '-c', fills] })
    const web = { name: 'web', command: ['/bin/sh', '-c', SERVE], portMappings: [{ containerPort: 8080 }] }
    const { tasks } = await shop.service('web', [web])
    const [task] = await tasks(2)
    expect(await shop.answer(task!)).toBe('hello\n')
    const ended = await shop.stopped(full)
    expect(ended.containers![0]).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    })
  }, 60_000)
})

async function openShop(containers: 'unshare' | 'podman' = 'unshare') {
  const shop = await openWorkshop({ containers })
  const ecs = shop.client(ECSClient)
  const ecr = shop.client(ECRClient)
  const logs = shop.client(CloudWatchLogsClient)
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  const config = { Cmd: ['/bin/sleep', '100'], Env: ['OF_IMAGE=image', 'PATH=/bin'] }
  await pushLayers(ecr, 'app', 'v1', [busyboxLayer(), filesLayer({ 'www/index.html': 'hello\n' })], config)
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'app' }))
  const Name = '/app/parameter'
  await shop
    .client(SSMClient)
    .send(new PutParameterCommand({ Name, Type: 'SecureString', Value: 'from ssm' }))
  const SecretString = '{"password":"s3cret"}'
  const { ARN: secret } = await shop
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: 'app', SecretString }))
  const executionRoleArn = await shop.role('execution', 'ecs-tasks.amazonaws.com', [
    { Action: [...PULL, 'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue'] },
    { Action: 'ssm:GetParameters', Resource: `arn:aws:ssm:${REGION}:${HUB}:parameter/app/*` },
  ])
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }))

  async function register(
    family: string,
    containers: readonly ContainerDefinition[],
    more: object = {},
  ): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        executionRoleArn,
        ...more,
        containerDefinitions: containers.map((one) => ({
          image: `${IMAGE}:v1`,
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': 'app', 'awslogs-region': REGION, 'awslogs-stream-prefix': family },
          },
          ...one,
        })),
      }),
    )
    return taskDefinition!.taskDefinitionArn!
  }

  const place = { cluster: 'main', launchType: 'FARGATE', networkConfiguration: NETWORK } as const

  async function service(serviceName: string, containers: readonly ContainerDefinition[]) {
    const taskDefinition = await register(serviceName, containers)
    await ecs.send(new CreateServiceCommand({ ...place, serviceName, taskDefinition, desiredCount: 2 }))
    /** Waits for so many tasks that run; gives them. */
    const tasks = (count: number) =>
      vi.waitFor(async () => {
        const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'main', serviceName }))
        const { tasks: all } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: taskArns }))
        const running = all!.filter(({ lastStatus }) => lastStatus === 'RUNNING')
        expect(running.length).toBeGreaterThanOrEqual(count)
        return running
      }, WAIT)
    return { tasks }
  }

  /** Runs a task of one container; gives its ARN. */
  async function run(container: ContainerDefinition, more: object = {}): Promise<string> {
    const taskDefinition = await register(container.name!, [container], more)
    const { tasks } = await ecs.send(new RunTaskCommand({ ...place, taskDefinition }))
    return tasks![0]!.taskArn!
  }

  const stopped = (arn: string) =>
    vi.waitFor(async () => {
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: [arn] }))
      expect(tasks![0]!.lastStatus).toBe('STOPPED')
      return tasks![0]!
    }, WAIT)

  const endpointOf = (task: Task) => {
    const ip = task.containers![0]!.networkInterfaces![0]!.privateIpv4Address!
    return shop.cloud.part(privateNetwork).find({ account: HUB, region: REGION, ip, port: 8080 })
  }

  /** What a task answers on its loopback port. */
  async function answer(task: Task): Promise<string> {
    const endpoint = endpointOf(task)
    if (endpoint?.kind !== 'port') throw new Error('no container answers')
    return (await fetch(`http://127.0.0.1:${endpoint.port}/`)).text()
  }

  async function log(prefix: string): Promise<string> {
    const { events } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: 'app', logStreamNamePrefix: `${prefix}/` }),
    )
    return events!.map(({ message }) => message).join('\n')
  }

  return { ...shop, ecs, ecr, secret, service, run, stopped, endpointOf, answer, log }
}
