/** AWS::ECS::Service: a stack waits until the service is steady, and until it has drained when it is deleted. */
import type { Output } from '../../../kernel/api.ts'
import {
  handlerFailure,
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { userTags } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { asInput } from './spelling.ts'
import { newTags, retag } from './tags.ts'

const TYPE = 'AWS::ECS::Service'

type Service = NonNullable<Output<'ecs', 'DescribeServices'>['services']>[number]
type Deployment = NonNullable<Output<'ecs', 'DescribeServiceDeployments'>['serviceDeployments']>[number]

/** What only a new service is told. */
const ONCE = ['DeploymentController', 'LaunchType', 'Role', 'SchedulingStrategy', 'ServiceName', 'Tags']

/** What an update sets back to when a property is taken out of the template; AWS leaves the number of tasks alone. */
const DEFAULTS: Properties = {
  DeploymentConfiguration: {
    DeploymentCircuitBreaker: { Enable: false, Rollback: false },
    MaximumPercent: 200,
    MinimumHealthyPercent: 100,
  },
  EnableECSManagedTags: false,
  EnableExecuteCommand: false,
  HealthCheckGracePeriodSeconds: 0,
  LoadBalancers: [],
  PlacementConstraints: [],
  PlacementStrategies: [],
  PlatformVersion: 'LATEST',
  PropagateTags: 'NONE',
  ServiceRegistries: [],
}

const placeOf = (arn: string) => {
  const [, cluster = '', service = ''] = /:service\/([^/]+)\/(.+)$/.exec(arn) ?? []
  return { cluster, service }
}

const outcome = (arn: string) => ({
  physicalId: arn,
  attributes: { ServiceArn: arn, Name: placeOf(arn).service },
})

async function describe(arn: string, call: ReadContext['call']): Promise<Service | undefined> {
  const { cluster, service } = placeOf(arn)
  const asked = call('ecs', 'DescribeServices', { cluster, services: [service] })
  return (await unlessAbsent(asked, 'ClusterNotFoundException'))?.services?.[0]
}

const omitted = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))

/** Gives the ARN of the newest deployment of a service; undefined where it has had none. */
async function newest(arn: string, rc: ReadContext): Promise<string | undefined> {
  const { serviceDeployments = [] } = await rc.call('ecs', 'ListServiceDeployments', placeOf(arn))
  return serviceDeployments[0]?.serviceDeploymentArn
}

interface Seen {
  readonly service?: Service
  /** The deployment that the stack has begun. */
  readonly deployment?: Deployment
}

/**
 * Waits until what was asked of a service has come about; `before` is its newest deployment until then. AWS: a
 * deployment that failed fails the resource, also where the service went back to what it was.
 */
async function untilSteady(rc: ResourceContext, arn: string, before?: string): Promise<void> {
  const last = await newest(arn, rc)
  const begun = last === before ? undefined : last
  const look = async (call: ReadContext['call']): Promise<Seen> => {
    const service = await describe(arn, call)
    if (begun === undefined) return { service }
    const asked = { serviceDeploymentArns: [begun] }
    const { serviceDeployments } = await call('ecs', 'DescribeServiceDeployments', asked)
    return { service, deployment: serviceDeployments?.[0] }
  }
  const { failure } = await rc.watch(serviceChanged, ({ service }) => service === arn, look, verdict)
  if (failure) throw failure
}

function verdict({ service, deployment }: Seen): { readonly failure?: Error } | undefined {
  if (service?.status !== 'ACTIVE')
    return { failure: handlerFailure('The service is no longer ACTIVE.', 'NotStabilized') }
  const { status = 'SUCCESSFUL' } = deployment ?? {}
  if (status === 'PENDING' || status === 'IN_PROGRESS') return undefined
  if (status !== 'SUCCESSFUL') return { failure: failureOf(deployment!) }
  // AWS: whoever else deploys by task sets says when it is steady.
  if ((service.deploymentController?.type ?? 'ECS') !== 'ECS') return {}
  const { deployments = [], runningCount, desiredCount } = service
  const isSteady =
    deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED' && runningCount === desiredCount
  return isSteady ? {} : undefined
}

/** AWS: of the circuit breaker these very words, which say nothing of why; the service's events do. */
const failureOf = ({ deploymentCircuitBreaker: breaker, statusReason = '' }: Deployment) =>
  handlerFailure(
    breaker?.status === 'TRIGGERED'
      ? "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."
      : statusReason,
    'GeneralServiceException',
  )

function changesOf(properties: Properties, previous: Properties): Record<string, unknown> {
  const { ForceNewDeployment: force, ...wanted } = omitted(properties, [...ONCE, 'Cluster'])
  const gone = Object.entries(DEFAULTS).filter(
    ([name]) => Object.hasOwn(previous, name) && !Object.hasOwn(properties, name),
  )
  const isForced =
    force?.EnableForceNewDeployment === true &&
    JSON.stringify(force) !== JSON.stringify(previous.ForceNewDeployment)
  return {
    ...asInput(TYPE, { ...Object.fromEntries(gone), ...wanted }),
    ...(isForced ? { forceNewDeployment: true } : {}),
  }
}

export const service = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { service: made } = await rc.call('ecs', 'CreateService', {
      ...asInput(TYPE, { DesiredCount: 1, ...omitted(properties, ['Tags', 'ForceNewDeployment']) }),
      serviceName: properties.ServiceName ?? rc.generateName(),
      ...newTags(userTags(properties, rc)),
    } as never)
    const arn = made?.serviceArn ?? ''
    rc.made(arn)
    await untilSteady(rc, arn)
    return outcome(arn)
  },
  update: async (arn, properties, previous, rc) => {
    const before = await newest(arn, rc)
    await rc.call('ecs', 'UpdateService', {
      ...placeOf(arn),
      ...changesOf(properties, previous),
    } as never)
    await retag(arn, properties, previous, rc)
    await untilSteady(rc, arn, before)
    return outcome(arn)
  },
  read: async (arn, rc) => {
    const found = await describe(arn, rc.call)
    return found?.status === 'ACTIVE' ? outcome(found.serviceArn ?? arn) : undefined
  },
  delete: async (arn, _properties, rc) => {
    const found = await describe(arn, rc.call)
    if (found?.status === 'ACTIVE') await rc.call('ecs', 'DeleteService', { ...placeOf(arn), force: true })
    await rc.watch(
      serviceChanged,
      ({ service: told }) => told === arn,
      (call) => describe(arn, call),
      (seen) => (seen?.status === 'ACTIVE' || seen?.status === 'DRAINING' ? undefined : true),
    )
  },
})
