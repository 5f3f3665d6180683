/** What is asked of a service, and what of it the embedded cloud does not carry out. */
import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { invalid } from '../kinds.ts'
import type { Settings } from '../state.ts'

type Asked = Partial<Input<'ecs', 'CreateService'>> &
  Partial<Pick<Input<'ecs', 'UpdateService'>, 'forceNewDeployment'>>

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

/** Members that say something only with EC2, Service Connect and the like; of stacks see `template/types/carried-out/`. */
const UNSUPPORTED = [
  'serviceRegistries',
  'role',
  'placementConstraints',
  'placementStrategy',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'monitoring',
  'enableExecuteCommand',
]

const refused = (what: string, instead: string): AwsError =>
  new AwsError('UnsupportedParameter', `The embedded cloud does not support ${what}; ${instead}.`, {
    status: 501,
  })

/** Errors: UnsupportedParameter, and InvalidParameterException for percentages that no deployment could keep. */
export function checkSettings(asked: Asked): void {
  const given = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => !isEmpty(value) && value !== false),
  )
  if (asked.serviceConnectConfiguration?.enabled === false) delete given.serviceConnectConfiguration
  refuseUnsupported(given, UNSUPPORTED)
  const { schedulingStrategy = 'REPLICA', deploymentController, deploymentConfiguration: how = {} } = asked
  if (schedulingStrategy !== 'REPLICA')
    throw refused('the scheduling strategy DAEMON', 'Fargate has REPLICA alone')
  const controller = deploymentController?.type ?? 'ECS'
  if (controller !== 'ECS' && how.deploymentCircuitBreaker?.enable)
    throw invalid('The deployment circuit breaker can only be used with the ECS deployment controller.')
  if (controller !== 'ECS' && (how.strategy ?? 'ROLLING') !== 'ROLLING')
    throw invalid(
      `The deployment strategy ${how.strategy} can only be used with the ECS deployment controller.`,
    )
  if (controller !== 'ECS' && how.alarms?.enable)
    throw invalid('Deployment alarms can only be used with the ECS deployment controller.')
  checkThreshold(how)
  checkPercentages(how)
}

function checkThreshold({
  deploymentCircuitBreaker: breaker,
}: NonNullable<Settings['deploymentConfiguration']>) {
  const { type, value = 0 } = breaker?.thresholdConfiguration ?? {}
  if (type === undefined || (value >= 1 && (type === 'COUNT' || value <= 100))) return
  throw invalid(`The value ${value} is not valid for a threshold of the type ${type}.`)
}

function checkPercentages({
  minimumHealthyPercent = 100,
  maximumPercent = 200,
}: NonNullable<Settings['deploymentConfiguration']>): void {
  if (minimumHealthyPercent < 0 || maximumPercent < 0)
    throw invalid('Both maximumPercent and minimumHealthyPercent must be positive.')
  if (maximumPercent < minimumHealthyPercent)
    throw invalid('maximumPercent must be greater than or equal to minimumHealthyPercent.')
  if (maximumPercent <= 100 && minimumHealthyPercent >= 100)
    throw invalid(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    )
}

const NAMES = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'loadBalancers',
  'healthCheckGracePeriodSeconds',
  'enableECSManagedTags',
  'propagateTags',
  'availabilityZoneRebalancing',
] as const satisfies readonly (keyof Settings)[]

/** Gives the settings with those that are asked for. AWS: of the deployment's configuration, too, what is not said stays. */
export function joinSettings(before: Settings, asked: Asked): Settings {
  const changed = Object.fromEntries(
    NAMES.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])),
  )
  const { deploymentConfiguration: how } = asked
  return {
    ...before,
    ...(changed as Settings),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      ...kept(before.deploymentConfiguration, how?.strategy),
      ...how,
    },
  }
}

/** What stays of a configuration: the steps of a strategy go with it. */
function kept(how: Settings['deploymentConfiguration'], strategy: string | undefined) {
  if (strategy === undefined || strategy === how?.strategy) return how
  return { ...how, linearConfiguration: undefined, canaryConfiguration: undefined }
}

/** AWS: these begin a deployment; numbers, percentages, tags and capacity providers do not (UpdateService). */
const ROLLED = ['platformVersion', 'networkConfiguration', 'loadBalancers'] as const

export const takesNewTasks = (before: Settings, after: Settings): boolean =>
  ROLLED.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
