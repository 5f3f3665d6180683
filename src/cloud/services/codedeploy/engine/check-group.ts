/** What a deployment group may say. */
import { AwsError } from '../../../../model/index.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import type { GroupSettings, Platform } from '../state.ts'

/** AWS: "CodeDeploy quotas": alarms of a group, and topics of its triggers. */
const ALARMS = 10
const TRIGGERS = 10
/** Minutes: 2 days. */
const LONGEST_WAIT = 2880

/** Members that are for instances: nothing here would read them. */
const OF_INSTANCES = [
  'ec2TagFilters',
  'ec2TagSet',
  'onPremisesInstanceTagFilters',
  'onPremisesTagSet',
  'autoScalingGroups',
  'outdatedInstancesStrategy',
  'terminationHookEnabled',
]

const error = (code: string, message: string): AwsError => new AwsError(`${code}Exception`, message)

/** Errors: AWS's for settings that do not fit; UnsupportedParameter for those of instances. */
export function checkGroup(input: GroupSettings, platform: Platform): void {
  const given = Object.fromEntries(
    Object.entries(input).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  )
  refuseUnsupported(given, OF_INSTANCES)
  checkStyle(input, platform)
  checkAlarmConfiguration(input.alarmConfiguration)
  checkRollback(input.autoRollbackConfiguration)
  checkTriggers(input)
  if (platform === 'ECS') checkEcs(input)
  else checkLambda(input)
}

function checkStyle({ deploymentStyle }: GroupSettings, platform: Platform): void {
  const { deploymentType = 'IN_PLACE', deploymentOption = 'WITHOUT_TRAFFIC_CONTROL' } = deploymentStyle ?? {}
  if (deploymentType !== 'BLUE_GREEN' || deploymentOption !== 'WITH_TRAFFIC_CONTROL')
    throw error(
      'InvalidDeploymentStyle',
      `For ${platform} deployment groups, the deployment type must be BLUE_GREEN and the deployment option must be WITH_TRAFFIC_CONTROL`,
    )
}

/** Errors: InvalidAlarmConfigException, AlarmsLimitExceededException. */
export function checkAlarmConfiguration(given: GroupSettings['alarmConfiguration']): void {
  const names = (given?.alarms ?? []).map(({ name = '' }) => name)
  if (names.length > ALARMS)
    throw error('AlarmsLimitExceeded', `A deployment group may have ${ALARMS} alarms`)
  if (names.some((name) => name === '' || name.length > 255))
    throw error('InvalidAlarmConfig', 'The name of an alarm must have 1 to 255 characters')
  if (new Set(names).size < names.length)
    throw error('InvalidAlarmConfig', 'Two alarms with the same name have been specified')
  if (given?.enabled && !names.length)
    throw error('InvalidAlarmConfig', 'Alarms are enabled, but the list of alarms is empty')
}

/** Errors: InvalidAutoRollbackConfigException. */
export function checkRollback(given: GroupSettings['autoRollbackConfiguration']): void {
  if (given?.enabled && !given.events?.length)
    throw error('InvalidAutoRollbackConfig', 'Auto rollback is enabled, but no events are listed')
}

function checkTriggers({ triggerConfigurations = [] }: GroupSettings): void {
  if (triggerConfigurations.length > TRIGGERS)
    throw error('TriggerTargetsLimitExceeded', `A deployment group may have ${TRIGGERS} triggers`)
  for (const { triggerName, triggerTargetArn, triggerEvents } of triggerConfigurations) {
    if (!triggerName || !triggerEvents?.length || !/^arn:[\w-]+:sns:/.test(triggerTargetArn ?? ''))
      throw error('InvalidTriggerConfig', 'A trigger must have a name, events, and the ARN of an SNS topic')
    const ofInstances = triggerEvents.find((event) => event.startsWith('Instance'))
    if (ofInstances)
      throw new AwsError(
        'UnsupportedParameter',
        `The embedded cloud has no instances, and tells no trigger of ${ofInstances}.`,
        { status: 501 },
      )
  }
}

function checkLambda(input: GroupSettings): void {
  if (input.ecsServices?.length)
    throw error('InvalidECSService', 'For Lambda deployment groups, ECS services must not be specified')
  if (input.loadBalancerInfo)
    throw error(
      'InvalidLoadBalancerInfo',
      'For Lambda deployment groups, load balancers must not be specified',
    )
  if (input.blueGreenDeploymentConfiguration)
    throw error(
      'InvalidBlueGreenDeploymentConfiguration',
      'For Lambda deployment groups, blueGreenDeploymentConfiguration must not be specified',
    )
}

function checkEcs(input: GroupSettings): void {
  const services = input.ecsServices ?? []
  if (services.length !== 1 || !services[0]?.clusterName || !services[0].serviceName)
    throw error('InvalidECSService', 'For ECS deployment groups, one cluster and service must be specified')
  checkPair(input.loadBalancerInfo)
  checkBlueGreen(input.blueGreenDeploymentConfiguration)
}

function checkPair(given: GroupSettings['loadBalancerInfo']): void {
  const pairs = given?.targetGroupPairInfoList ?? []
  const [pair] = pairs
  if (!pair || pairs.length > 1 || given?.elbInfoList?.length || given?.targetGroupInfoList?.length)
    throw error(
      'InvalidLoadBalancerInfo',
      'For ECS deployment groups, one pair of target groups must be specified',
    )
  const names = (pair.targetGroups ?? []).map(({ name }) => name)
  if (names.length !== 2 || !names.every(Boolean) || names[0] === names[1])
    throw error('InvalidTargetGroupPair', 'A pair of target groups must have two of them')
  const [production, test] = [
    pair.prodTrafficRoute?.listenerArns ?? [],
    pair.testTrafficRoute?.listenerArns ?? [],
  ]
  if (production.length !== 1)
    throw error('InvalidTargetGroupPair', 'One listener of production traffic must be specified')
  if (test.length > 1 || test[0] === production[0])
    throw error('InvalidTargetGroupPair', 'The listener of test traffic must be one, and another')
}

function checkBlueGreen(given: GroupSettings['blueGreenDeploymentConfiguration']): void {
  const invalid = (message: string) => error('InvalidBlueGreenDeploymentConfiguration', message)
  const { deploymentReadyOption: ready, terminateBlueInstancesOnDeploymentSuccess: end } = given ?? {}
  if (!ready?.actionOnTimeout || !end?.action)
    throw invalid(
      'For ECS deployment groups, deploymentReadyOption and terminateBlueInstancesOnDeploymentSuccess must be specified',
    )
  if (given?.greenFleetProvisioningOption)
    throw invalid('For ECS deployment groups, greenFleetProvisioningOption must not be specified')
  if (end.action === 'KEEP_ALIVE')
    throw invalid('For ECS deployment groups, the action on the original task set must be TERMINATE')
  if (ready.actionOnTimeout === 'CONTINUE_DEPLOYMENT' && ready.waitTimeInMinutes)
    throw invalid('A wait needs the action STOP_DEPLOYMENT')
  for (const minutes of [ready.waitTimeInMinutes ?? 0, end.terminationWaitTimeInMinutes ?? 0])
    if (minutes < 0 || minutes > LONGEST_WAIT) throw invalid(`A wait must be 0 to ${LONGEST_WAIT} minutes`)
}
