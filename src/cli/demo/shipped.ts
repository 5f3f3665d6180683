/** What the pipelines of an example have put into the accounts: what functions and services answer, files in buckets, images of services. */
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { type PipelineDeclaration, parseArn, type Target } from '../../model/index.ts'
import { namedThings } from '../../pipeline/index.ts'
import type { Workspace } from '../workspace.ts'

export interface Shipped extends Target {
  readonly environment: string
  /** The stack, the bucket or the service. */
  readonly what: string
  /** What the stack's function or service answers, its outputs where it has none, the names of the files, or what the service runs. */
  readonly answer: unknown
  /** Set when the function failed. */
  readonly error?: string
}

interface Deployed extends Omit<Shipped, 'answer' | 'error'> {
  readonly kind: 'stack' | 'bucket' | 'service'
  /** Of a service. */
  readonly cluster?: string
}

/** Gives what every deploy of a pipeline has made, in the pipeline's order. The stack's output `FunctionName` says what to call, `Url` the load balancer to ask. */
export function shippedBy(workspace: Workspace, declaration: PipelineDeclaration): Promise<Shipped[]> {
  return Promise.all(
    deployedBy(workspace, declaration).map(async ({ kind, cluster, ...where }) => ({
      ...where,
      ...(kind === 'stack' && (await answerOf(workspace, where))),
      ...(kind === 'bucket' && { answer: await filesIn(workspace, where) }),
      ...(kind === 'service' && { answer: await imagesOf(workspace, { cluster, ...where }) }),
    })) as Promise<Shipped>[],
  )
}

function deployedBy({ fleet, hub }: Workspace, { stages }: PipelineDeclaration): Deployed[] {
  const found = new Map<string, Deployed>()
  for (const { actionTypeId, configuration, roleArn, region = hub.region } of stages
    .slice(1)
    .flatMap(({ actions }) => actions)) {
    const { stack, bucket, service, cluster } = namedThings(actionTypeId, configuration)
    const what = stack ?? bucket ?? service
    if (what === undefined) continue
    const account = parseArn(roleArn ?? '')?.account ?? hub.account
    const { name: environment = 'hub' } =
      fleet.environments.find(({ accounts }) => accounts.some((one) => one.account === account)) ?? {}
    const kind = stack !== undefined ? 'stack' : bucket !== undefined ? 'bucket' : 'service'
    const deployed = { kind, environment, what, account, region, cluster } as const
    found.set([kind, cluster, what, account, region].join(' '), deployed)
  }
  return [...found.values()]
}

async function answerOf({ accounts }: Workspace, { what, ...target }: Omit<Deployed, 'kind'>) {
  const cloudformation = await accounts.client(CloudFormationClient, target)
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: what }))
  const outputs = Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
  )
  if (outputs.FunctionName === undefined)
    return { answer: (await linesFrom(outputs.Url, accounts.endpoint)) ?? outputs }
  const lambda = await accounts.client(LambdaClient, target)
  const { Payload: answer, FunctionError: error } = await lambda.send(
    new InvokeCommand({
      FunctionName: outputs.FunctionName,
      Payload: Buffer.from(JSON.stringify({ name: target.environment })),
    }),
  )
  return { answer: JSON.parse(Buffer.from(answer ?? []).toString() || 'null'), ...(error && { error }) }
}

/** The embedded cloud answers under the DNS names of its load balancers; undefined for a URL of anything else. */
async function linesFrom(url: string | undefined, endpoint = ''): Promise<string[] | undefined> {
  if (!url || !/\.elb\.|\belb\./.test(url)) return undefined
  const { host } = new URL(url)
  const answer = await new Promise<string>((resolve, reject) => {
    get(endpoint, { headers: { host } }, (response) => text(response).then(resolve, reject)).on(
      'error',
      reject,
    )
  })
  return answer.trimEnd().split('\n')
}

async function filesIn({ accounts }: Workspace, { what, ...target }: Omit<Deployed, 'kind'>) {
  const client = await accounts.client(S3Client, target)
  const names: string[] = []
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: what }))
    names.push(...Contents.map(({ Key }) => Key!))
  return names
}

/** The images of the containers that a service runs, and how many tasks of them there are. */
async function imagesOf({ accounts }: Workspace, { what, cluster, ...target }: Omit<Deployed, 'kind'>) {
  const client = await accounts.client(ECSClient, target)
  const { services } = await client.send(new DescribeServicesCommand({ cluster, services: [what] }))
  const { taskDefinition, runningCount } = services?.[0] ?? {}
  const found = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
  const images = found.taskDefinition?.containerDefinitions?.map(({ image }) => image)
  return { images, runningCount }
}
