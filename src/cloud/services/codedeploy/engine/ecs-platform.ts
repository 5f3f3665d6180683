/** Deployments of ECS services: a second task set takes the traffic of the first. */
import type { Output } from '../../../kernel/api.ts'
import type { Deployment, EcsSpec, TaskSets } from '../state.ts'
import { DeploymentFailure } from './failure.ts'
import { testListener } from './lifecycle.ts'
import { leadsTo, leadTraffic } from './listeners.ts'
import type { PlatformWork } from './platform.ts'
import type { Run, Step } from './run.ts'

type Service = NonNullable<Output<'ecs', 'DescribeServices'>['services']>[number]
type TaskSet = NonNullable<Service['taskSets']>[number]

const MINUTE = 60_000
/** AWS: "This time out period is 60 minutes." */
const PATIENCE = 60

const ECS = {
  title: 'AmazonECS',
  code: 'ECS_UPDATE_ERROR',
  begins: 'The ECS service cannot be updated due to an unexpected error: ',
} as const
const LOOKING = { ...ECS, code: 'INVALID_ECS_SERVICE' } as const
const GROUPS = {
  title: 'AmazonElasticLoadBalancing',
  code: 'ELASTIC_LOAD_BALANCING_INVALID',
  begins: 'The ELB could not be updated due to the following error: ',
} as const

/** AWS: AWSCodeDeployRoleForECS has what is called: nothing else of ECS and of load balancers. */
export const ecsPlatform: PlatformWork = {
  prepare,
  doEvent: (run, event) => (event === 'Install' ? install(run) : allowTestTraffic(run)),
  weigh: async (run, percent) => {
    const sets = setsOf(run)
    await leadTraffic(run, listenersOf(run.deployment).production, sets, percent)
    if (percent === 100) await makePrimary(run, sets.green!)
  },
  // AWS: "A rollback is not possible at this point" of BeforeInstall.
  canTakeBack: ({ taskSets }) => taskSets?.green !== undefined,
  finish: terminate,
  takeBack,
}

function specOf({ deployment }: Run): EcsSpec {
  if (deployment.spec?.platform === 'ECS') return deployment.spec
  throw new Error(`the deployment ${deployment.id} has no AppSpec of a service`)
}

function setsOf({ deployment }: Run): TaskSets {
  if (deployment.taskSets) return deployment.taskSets
  throw new Error(`the deployment ${deployment.id} knows no task sets`)
}

const serviceOf = ({ settings }: Deployment) => {
  const [{ clusterName, serviceName = '' } = {}] = settings.ecsServices ?? []
  return { cluster: clusterName ?? '', service: serviceName }
}

function listenersOf({ settings }: Deployment) {
  const [pair] = settings.loadBalancerInfo?.targetGroupPairInfoList ?? []
  return {
    production: pair?.prodTrafficRoute?.listenerArns?.[0] ?? '',
    test: testListener(settings),
    names: (pair?.targetGroups ?? []).map(({ name = '' }) => name),
  }
}

/** Gives the service as it is. Errors: DeploymentFailure. */
export async function serviceNow(run: Run): Promise<Service> {
  const { cluster, service } = serviceOf(run.deployment)
  const { services = [] } = await run.call(
    'ecs',
    'DescribeServices',
    { cluster, services: [service] },
    LOOKING,
  )
  const [found] = services
  if (found?.status === 'ACTIVE' && found.deploymentController?.type === 'CODE_DEPLOY') return found
  throw new DeploymentFailure(
    'INVALID_ECS_SERVICE',
    found?.status === 'ACTIVE'
      ? "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
      : `The ECS service ${service} of the cluster ${cluster} does not exist or is not ACTIVE.`,
  )
}

/**
 * AWS: the target group of the service's PRIMARY task set is that of the original, the other one of the pair that of the
 * replacement; the listener must lead to the first.
 */
async function prepare(run: Run): Promise<void> {
  const service = await serviceNow(run)
  const blue = service.taskSets?.find(({ status }) => status === 'PRIMARY')
  const { names, production } = listenersOf(run.deployment)
  const { TargetGroups = [] } = await run.call(
    'elasticloadbalancing',
    'DescribeTargetGroups',
    { Names: names },
    GROUPS,
  )
  const arns = TargetGroups.map(({ TargetGroupArn = '' }) => TargetGroupArn)
  const blueGroup = blue?.loadBalancers?.[0]?.targetGroupArn ?? ''
  const greenGroup = arns.find((arn) => arn !== blueGroup)
  if (!blue?.id || !arns.includes(blueGroup) || !greenGroup)
    throw new DeploymentFailure(
      'INVALID_ECS_SERVICE',
      "The primary task set of the ECS service has none of the target groups of the deployment group's pair.",
    )
  if (!(await leadsTo(run, production, blueGroup)))
    throw new DeploymentFailure(
      GROUPS.code,
      `${GROUPS.begins}Primary taskset target group must be behind listener ${production}`,
    )
  const desired = service.desiredCount ?? 0
  run.save({ taskSets: { blue: blue.id, blueGroup, greenGroup, desired } })
}

/**
 * AWS: the second target group needs no listener before ("Tutorial: Creating a Service Using a Blue/Green Deployment"), though
 * ECS takes none without a load balancer, and targets are checked only where a rule leads to them: so the listener leads to it
 * with a weight of 0 first.
 */
async function install(run: Run): Promise<Step> {
  const sets = setsOf(run)
  if (!sets.green) {
    await leadTraffic(run, listenersOf(run.deployment).production, sets, 0)
    run.save({ taskSets: { ...sets, green: await createTaskSet(run, sets) } })
  }
  const { green } = setsOf(run)
  const found = (await serviceNow(run)).taskSets?.find(({ id }) => id === green)
  if (found?.stabilityStatus === 'STEADY_STATE') return 'on'
  const started = run.deployment.events.find(({ name }) => name === 'Install')?.started ?? 0
  const until = started + PATIENCE * MINUTE
  if (run.ctx.cloud.clock.now() < until) return { until }
  throw new DeploymentFailure(
    'TIMEOUT',
    `The deployment timed out while waiting for the replacement task set to become healthy. This time out period is ${PATIENCE} minutes.`,
  )
}

/** AWS: what the AppSpec does not say of the tasks is as in the original task set. */
async function createTaskSet(run: Run, { blue, greenGroup }: TaskSets): Promise<string> {
  const spec = specOf(run)
  const { id } = run.deployment
  const before: TaskSet = (await serviceNow(run)).taskSets?.find((one) => one.id === blue) ?? {}
  const strategy = spec.strategy ?? before.capacityProviderStrategy
  const { taskSet } = await run.call(
    'ecs',
    'CreateTaskSet',
    {
      ...serviceOf(run.deployment),
      externalId: id,
      clientToken: id,
      taskDefinition: spec.taskDefinition,
      networkConfiguration: spec.network ?? (before.networkConfiguration as EcsSpec['network']),
      ...(strategy?.length
        ? { capacityProviderStrategy: strategy as EcsSpec['strategy'] }
        : { launchType: before.launchType }),
      platformVersion: spec.platformVersion ?? before.platformVersion,
      loadBalancers: [
        { targetGroupArn: greenGroup, containerName: spec.container, containerPort: spec.port },
      ],
      scale: { unit: 'PERCENT', value: 100 },
    },
    ECS,
  )
  return taskSet?.id ?? ''
}

async function allowTestTraffic(run: Run): Promise<Step> {
  const { test } = listenersOf(run.deployment)
  if (test) await leadTraffic(run, test, setsOf(run), 100)
  return 'on'
}

async function makePrimary(run: Run, primaryTaskSet: string): Promise<void> {
  await run.call('ecs', 'UpdateServicePrimaryTaskSet', { ...serviceOf(run.deployment), primaryTaskSet }, ECS)
}

/** One that is gone already, as a kill may leave it, is removed. */
async function remove(run: Run, taskSet: string): Promise<void> {
  const { taskSets = [] } = await serviceNow(run)
  if (taskSets.some(({ id }) => id === taskSet))
    await run.call('ecs', 'DeleteTaskSet', { ...serviceOf(run.deployment), taskSet, force: true }, ECS)
}

/** AWS: the original task set is kept for the termination wait, in which the deployment is still in progress. */
async function terminate(run: Run): Promise<Step> {
  const { deployment, ctx } = run
  const { terminationWaitTimeInMinutes = 0 } =
    deployment.settings.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {}
  const now = ctx.cloud.clock.now()
  const terminateAt = deployment.terminateAt ?? now + terminationWaitTimeInMinutes * MINUTE
  if (deployment.terminateAt === undefined) run.save({ terminateAt })
  if (now < terminateAt) return { until: terminateAt }
  await remove(run, setsOf(run).blue)
  return 'on'
}

/** AWS: "rollbacks by rerouting traffic from the replacement task set to the original task set". */
async function takeBack(run: Run): Promise<Step> {
  const sets = setsOf(run)
  const { production, test } = listenersOf(run.deployment)
  for (const listener of [production, ...(test ? [test] : [])]) await leadTraffic(run, listener, sets, 0)
  if (run.deployment.weight === 100) await makePrimary(run, sets.blue)
  await remove(run, sets.green!)
  return 'on'
}
