/** A rolling deployment of an ECS service to the images that an artifact names. */
import { formatArn, readJson } from '../../../../model/index.ts'
import type { Input, Output } from '../../../kernel/api.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { open } from '../../../machine/archive.ts'
import { watch } from '../stack-actions/watch-stack.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner } from './runner.ts'

type Service = NonNullable<Output<'ecs', 'DescribeServices'>['services']>[number]

/** Minutes. AWS: "Amazon Elastic Container Service deploy action reference". */
const LONGEST = 60

interface ImageDefinition {
  readonly name: string
  readonly imageUri: string
}

const refused = (message: string): ActionFailure => new ActionFailure(message, { code: 'ConfigurationError' })

/**
 * AWS: the new revision is made of the one that the service uses, whatever newer ones there are; nobody says in which
 * order the calls are made.
 */
export const ecs: Runner = {
  id: 'Deploy/ECS',
  run: async (job) => {
    const minutes = Number(job.configuration.DeploymentTimeout || LONGEST)
    job.expire(job.started + minutes * 60_000, `The deployment did not become stable in ${minutes} minutes`)
    const images = await imageDefinitions(job)
    const service = await describe(job)
    if (service?.status !== 'ACTIVE')
      throw refused(
        `The service ${job.configuration.ServiceName} of the cluster ${job.configuration.ClusterName} does not exist or is not ACTIVE.`,
      )
    const taskDefinition = await register(job, service, images)
    const { ClusterName: cluster, ServiceName: name = '' } = job.configuration
    const { service: updated } = await job.call('ecs', 'UpdateService', {
      cluster,
      service: name,
      taskDefinition,
    })
    job.show(externalOf(job))
    return stable(job, updated?.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? '')
  },
}

async function describe(job: ActionJob): Promise<Service | undefined> {
  const { ClusterName: cluster, ServiceName: name = '' } = job.configuration
  return (await job.call('ecs', 'DescribeServices', { cluster, services: [name] })).services?.[0]
}

async function imageDefinitions(job: ActionJob): Promise<ImageDefinition[]> {
  const { FileName: file = 'imagedefinitions.json' } = job.configuration
  const [artifact] = job.inputs
  const files = await open(await job.read(artifact!)).catch((error: Error) => {
    throw new ActionFailure(`The artifact ${artifact!.name} is no zip archive: ${error.message}`)
  })
  const found = files.get(file.replace(/^\.?\//, ''))
  if (!found)
    throw refused(
      `Did not find the image definition file ${file} in the input artifacts ZIP file. Verify the file is stored in your pipeline's Amazon S3 artifact bucket: ${artifact!.bucket} key: ${artifact!.key}`,
    )
  const wrong = () => refused(`The image definition file ${file} contains invalid JSON format`)
  let given: unknown
  try {
    given = readJson(Buffer.from(found.content).toString())
  } catch {
    throw wrong()
  }
  if (!Array.isArray(given) || !given.length || !given.every(isImage)) throw wrong()
  return given
}

const isImage = (value: unknown): value is ImageDefinition => {
  const { name, imageUri } = (value ?? {}) as Record<string, unknown>
  return typeof name === 'string' && typeof imageUri === 'string'
}

async function register(
  job: ActionJob,
  service: Service,
  images: readonly ImageDefinition[],
): Promise<string> {
  const { taskDefinition: now = {}, tags = [] } = await job.call('ecs', 'DescribeTaskDefinition', {
    taskDefinition: service.taskDefinition ?? '',
    include: ['TAGS'],
  })
  const containers = now.containerDefinitions ?? []
  const unknown = images.find(({ name }) => !containers.some((one) => one.name === name))
  if (unknown) throw refused(`The AWS ECS container ${unknown.name} does not exist`)
  const containerDefinitions = containers.map((one) => {
    const image = images.find(({ name }) => name === one.name)?.imageUri
    return image === undefined ? one : { ...one, image }
  })
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _attributes,
    compatibilities: _compatibilities,
    registeredAt: _at,
    deregisteredAt: _until,
    deleteRequestedAt: _deleted,
    registeredBy: _by,
    ...kept
  } = now
  // AWS: what begins with `aws:` nobody but AWS puts on anything.
  const own = tags.filter(({ key = '' }) => !key.startsWith('aws:'))
  const given = {
    ...kept,
    family: now.family ?? '',
    containerDefinitions,
    ...(own.length ? { tags: own } : {}),
  }
  const { taskDefinition } = await job.call(
    'ecs',
    'RegisterTaskDefinition',
    // What was registered once may be registered again: the client's type of an answer only says less.
    given as Input<'ecs', 'RegisterTaskDefinition'>,
  )
  return taskDefinition?.taskDefinitionArn ?? ''
}

/** AWS: a service that went back to the revision before is stable too, and that is no success. */
async function stable(job: ActionJob, id: string): Promise<Outcome> {
  const { account, region, configuration } = job
  const arn = formatArn(
    'ecs',
    region,
    account,
    `service/${configuration.ClusterName}/${configuration.ServiceName}`,
  )
  const { seen } = await watch(
    job,
    serviceChanged,
    (told) => told.service === arn,
    () => describe(job),
    (service) => (isOver(service, id) ? { seen: service } : undefined),
  )
  const external = externalOf(job)
  if (seen?.deployments?.some((one) => one.id === id && one.rolloutState === 'COMPLETED')) return { external }
  throw new ActionFailure(failureOf(seen, id), { external })
}

/** AWS: one deployment, and as many tasks that run as there should be. */
function isOver(service: Service | undefined, id: string): boolean {
  if (service?.status !== 'ACTIVE') return true
  const { deployments = [], runningCount, desiredCount } = service
  const own = deployments.find((one) => one.id === id)
  if (!own || own.rolloutState === 'FAILED') return true
  return deployments.length === 1 && runningCount === desiredCount && own.rolloutState === 'COMPLETED'
}

/** A deployment that failed is gone when its service has gone back; its events stay. */
function failureOf(service: Service | undefined, id: string): string {
  if (service?.status !== 'ACTIVE') return 'The service is no longer ACTIVE'
  const messages = service.events?.map(({ message = '' }) => message) ?? []
  const failed = messages.find((one) => one.includes(`(deployment ${id}) deployment failed`))
  if (!failed) return 'The deployment was replaced by another one before it became stable'
  const why = messages.slice(messages.indexOf(failed)).find((one) => one.includes('failed to start:'))
  return [failed, why].filter(Boolean).join(' ')
}

const externalOf = ({ region, configuration }: ActionJob) => {
  const { ClusterName: cluster = '', ServiceName: name = '' } = configuration
  return {
    id: name,
    url: `https://console.aws.amazon.com/ecs/v2/clusters/${cluster}/services/${name}/deployments?region=${region}`,
  }
}
