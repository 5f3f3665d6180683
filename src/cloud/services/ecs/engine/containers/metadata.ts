/** What a container asks of 169.254.170.2: the task role's credentials, and what its task is. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AssumedRole, Context } from '../../../../kernel/context.ts'
import { clusterArn } from '../../kinds.ts'
import { type Container, type Task, type TaskDefinition, tasks } from '../../state.ts'
import { asTask } from '../identity.ts'

/** Milliseconds before their end at which credentials are made anew. */
const EARLY = 900_000

/** AWS: the address of the agent, which SDKs know. */
export const METADATA = { host: '169.254.170.2', port: 80 } as const

export interface MetadataOptions {
  readonly ctx: Context
  readonly task: Task
  readonly definition: TaskDefinition
  /** Absent where the task has no role. */
  readonly role?: string
  /** What is behind `/v2/credentials/`: only the task's own containers know it. */
  readonly word: string
}

/** Gives a server that listens nowhere: connections are handed to it. */
export function metadataServer(options: MetadataOptions): Server {
  let current: Promise<AssumedRole> | undefined
  const credentials = async (role: string) => {
    const { ctx, task } = options
    const known = await current?.catch(() => undefined)
    if (!known || known.credentials.expiration.getTime() - EARLY < ctx.cloud.clock.now())
      current = ctx.assumeRole(role, { by: asTask(ctx, task), sessionName: task.id })
    return (await current!).credentials
  }
  return createServer((request, response) => {
    answer(options, request.url ?? '/', credentials)
      .then(([status, body]) => send(response, status, body))
      .catch((error) => send(response, 400, { code: error.code ?? 'Error', message: error.message }))
  })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

type Answer = readonly [status: number, body: unknown]

async function answer(
  options: MetadataOptions,
  url: string,
  credentials: (role: string) => Promise<AssumedRole['credentials']>,
): Promise<Answer> {
  const { ctx, role, word } = options
  if (role && url === `/v2/credentials/${word}`) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credentials(role)
    return [
      200,
      {
        RoleArn: role,
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration: expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
      },
    ]
  }
  const [, id, what = ''] = /^\/v4\/([^/]+)(?:\/(.*))?$/.exec(url) ?? []
  const task = ctx.table(tasks).get(options.task.arn) ?? options.task
  const container = task.containers.find((one) => one.id === id)
  if (!container) return [404, { message: `V4 container metadata handler: unable to find ${url}` }]
  if (what === '') return [200, describeContainer(options, task, container)]
  if (what === 'task') return [200, describeTask(options, task)]
  return [
    404,
    { message: `the embedded cloud has no ${what} of containers: ask for the container or its task` },
  ]
}

/** AWS: "Amazon ECS task metadata endpoint version 4 for tasks on Fargate". */
function describeContainer({ ctx, definition }: MetadataOptions, task: Task, one: Container) {
  const given = definition.definition.containerDefinitions?.find(({ name }) => name === one.name)
  return {
    DockerId: one.id,
    Name: one.name,
    DockerName: one.name,
    Image: one.image,
    ImageID: one.digest,
    Labels: {
      ...given?.dockerLabels,
      'com.amazonaws.ecs.cluster': clusterArn(ctx, task.cluster),
      'com.amazonaws.ecs.container-name': one.name,
      'com.amazonaws.ecs.task-arn': task.arn,
      'com.amazonaws.ecs.task-definition-family': definition.family,
      'com.amazonaws.ecs.task-definition-version': String(definition.revision),
    },
    DesiredStatus: task.desired,
    KnownStatus: one.exitCode === undefined ? 'RUNNING' : 'STOPPED',
    ExitCode: one.exitCode,
    Limits: { CPU: given?.cpu ?? 0, Memory: given?.memory },
    Type: 'NORMAL',
    ContainerARN: `${task.arn.replace(':task/', ':container/')}/${one.id}`,
    Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: [task.attachment.ip] }],
  }
}

function describeTask(options: MetadataOptions, task: Task) {
  const { ctx, definition } = options
  const { cpu = '0', memory = '0' } = definition.definition
  return {
    Cluster: clusterArn(ctx, task.cluster),
    TaskARN: task.arn,
    Family: definition.family,
    Revision: String(definition.revision),
    ServiceName: task.group.startsWith('service:') ? task.group.slice(8) : undefined,
    DesiredStatus: task.desired,
    KnownStatus: task.status,
    Limits: { CPU: Number.parseFloat(cpu) / 1024, Memory: Number.parseFloat(memory) },
    AvailabilityZone: `${ctx.region}a`,
    LaunchType: 'FARGATE',
    PullStartedAt: task.pullStarted && new Date(task.pullStarted).toISOString(),
    PullStoppedAt: task.pullStopped && new Date(task.pullStopped).toISOString(),
    Containers: task.containers.map((one) => describeContainer(options, task, one)),
  }
}
