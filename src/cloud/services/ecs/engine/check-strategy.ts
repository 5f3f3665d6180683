/** What ECS asks of a deployment strategy: its numbers, its hooks, and the load balancers that it shifts. */
import type { Input } from '../../../kernel/api.ts'
import { invalid } from '../kinds.ts'
import type { Settings } from '../state.ts'

type How = NonNullable<Input<'ecs', 'CreateService'>['deploymentConfiguration']>
type Hook = NonNullable<How['lifecycleHooks']>[number]
type LoadBalancer = NonNullable<Settings['loadBalancers']>[number]

const isTenth = (value: number): boolean => Math.abs(value * 10 - Math.round(value * 10)) < 1e-9

/** Errors: InvalidParameterException, in AWS's words where these are known ("Troubleshooting blue/green deployments"). */
export function checkStrategy({ deploymentConfiguration: how = {}, loadBalancers = [] }: Settings): void {
  const { strategy = 'ROLLING' } = how
  if (how.linearConfiguration && strategy !== 'LINEAR')
    throw invalid('linearConfiguration can only be used with the LINEAR deployment strategy.')
  if (how.canaryConfiguration && strategy !== 'CANARY')
    throw invalid('canaryConfiguration can only be used with the CANARY deployment strategy.')
  checkEarlySuccess(how, strategy)
  checkNumbers(how)
  for (const hook of how.lifecycleHooks ?? []) checkHook(hook)
  checkBalancers(loadBalancers, strategy)
}

/** AWS: of rolling deployments alone, and no less than has to be healthy anyway (DeploymentEarlySuccessCriteria). */
function checkEarlySuccess(
  { earlySuccessCriteria: one, minimumHealthyPercent = 100 }: How,
  strategy: string,
) {
  if (!one?.enable) return
  if (strategy !== 'ROLLING')
    throw invalid('earlySuccessCriteria can only be used with the ROLLING deployment strategy.')
  if (one.healthyPercent === undefined || one.sourceServiceRevisionCleanup === undefined)
    throw invalid('earlySuccessCriteria takes healthyPercent and sourceServiceRevisionCleanup.')
  if (one.healthyPercent < minimumHealthyPercent)
    throw invalid(
      'The healthyPercent of earlySuccessCriteria must be greater than or equal to minimumHealthyPercent.',
    )
}

function checkNumbers({ bakeTimeInMinutes: bake = 0, linearConfiguration, canaryConfiguration }: How): void {
  if (bake < 0 || bake > 1_440) throw invalid('bakeTimeInMinutes must be between 0 and 1440.')
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {}
  if (stepPercent < 3 || stepPercent > 100 || !isTenth(stepPercent))
    throw invalid('stepPercent must be a multiple of 0.1 between 3.0 and 100.0.')
  const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {}
  if (canaryPercent < 0.1 || canaryPercent > 100 || !isTenth(canaryPercent))
    throw invalid('canaryPercent must be a multiple of 0.1 between 0.1 and 100.0.')
  for (const [name, minutes] of Object.entries({ stepBakeTimeInMinutes, canaryBakeTimeInMinutes }))
    if (minutes < 0 || minutes > 1_440) throw invalid(`${name} must be between 0 and 1440.`)
}

/** AWS: a pause cannot stand where traffic is shifted ("Deployment lifecycle stages"). */
function checkHook({ targetType = 'AWS_LAMBDA', hookTargetArn, roleArn, lifecycleStages }: Hook): void {
  if (!lifecycleStages?.length) throw invalid('lifecycleStages must be provided for each lifecycle hook.')
  if (targetType === 'PAUSE') {
    const wrong = lifecycleStages.find((stage) => /^(TEST|PRODUCTION)_TRAFFIC_SHIFT$/.test(stage))
    if (wrong) throw invalid(`Lifecycle hooks of the type PAUSE cannot be used at the stage ${wrong}.`)
    return
  }
  if (!hookTargetArn) throw invalid('hookTargetArn must be provided for each lifecycle hook.')
  if (!roleArn) throw invalid('roleArn must be provided for each lifecycle hook.')
}

function checkBalancers(all: readonly LoadBalancer[], strategy: string): void {
  const advanced = all.filter(({ advancedConfiguration }) => advancedConfiguration)
  if (strategy !== 'ROLLING' && advanced.length < all.length)
    throw invalid(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    )
  if (advanced.length && advanced.length < all.length)
    throw invalid('Either all or none of the provided loadBalancers must have advancedConfiguration defined')
  for (const { advancedConfiguration: one = {} } of advanced) {
    for (const name of ['alternateTargetGroupArn', 'productionListenerRule', 'roleArn'] as const)
      if (!one[name]) throw invalid(`${name} must be provided in advancedConfiguration.`)
    checkRule('productionListenerRule', one.productionListenerRule)
    checkRule('testListenerRule', one.testListenerRule)
    if (one.productionListenerRule === one.testListenerRule)
      throw invalid(
        `The following rules cannot be used as both production and test listener rules: ${one.testListenerRule}`,
      )
  }
}

function checkRule(name: string, arn: string | undefined): void {
  if (arn === undefined || /:listener-rule\/app\/|:listener\/net\//.test(arn)) return
  throw invalid(
    `${name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
  )
}
