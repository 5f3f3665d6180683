/** What a service may be asked for under each deployment controller. */
import type { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { invalid } from '../kinds.ts'
import type { Service } from '../state.ts'

export type Controller = Service['controller']

/** What a task set has in the place of its service (page "Deploy Amazon ECS services using a third-party controller"). */
const OF_TASK_SETS = [
  'taskDefinition',
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'loadBalancers',
] as const

const isGiven = (value: unknown): boolean =>
  value !== undefined && !(Array.isArray(value) && value.length === 0)

/** Errors: what a controller of another's keeps in its task sets, or needs and has not got. */
export function checkCreation(controller: Controller, input: Input<'ecs', 'CreateService'>): void {
  if (controller === 'EXTERNAL') {
    const given = OF_TASK_SETS.find((name) => isGiven(input[name]))
    if (given)
      throw invalid(
        `${given} can not be specified for a service with the EXTERNAL deployment controller. Specify it with CreateTaskSet.`,
      )
  }
  if (controller === 'CODE_DEPLOY' && input.loadBalancers?.length !== 1)
    throw invalid(
      'A service with the CODE_DEPLOY deployment controller takes one load balancer with one target group.',
    )
}

/** How AWS names what is not to be updated, in the order in which it is looked for. */
const NOT_UPDATED: readonly (readonly [
  what: string,
  names: readonly (keyof Input<'ecs', 'UpdateService'>)[],
])[] = [
  ['task definition', ['taskDefinition']],
  ['network parameters', ['networkConfiguration', 'platformVersion']],
  ['load balancers', ['loadBalancers']],
  ['capacity providers', ['capacityProviderStrategy']],
]

/**
 * Errors: InvalidParameterException for what another controller than ECS's own changes by a task set alone.
 * AWS: number, percentages, grace period and tags are updated, and what stays the same is no update (UpdateService).
 */
export function checkUpdate(
  { controller }: Service,
  input: Input<'ecs', 'UpdateService'>,
  isSame: (name: keyof Input<'ecs', 'UpdateService'>) => boolean,
): void {
  if (controller === 'ECS') return
  const instead =
    controller === 'CODE_DEPLOY' ? 'Use AWS CodeDeploy' : 'Use CreateTaskSet and UpdateServicePrimaryTaskSet'
  const on = `on services with a ${controller} deployment controller. ${instead} to trigger a new deployment.`
  if (input.forceNewDeployment) throw invalid(`Cannot force a new deployment ${on}`)
  for (const [what, names] of NOT_UPDATED)
    if (names.some((name) => input[name] !== undefined && !isSame(name)))
      throw invalid(`Unable to update ${what} ${on}`)
}

/**
 * Gives the error where task sets are not the caller's to manage. AWS: they are nobody's with ECS's own controller, and
 * CodeDeploy's alone with CODE_DEPLOY, which does it for a deployment, as its role.
 */
export function notManaged(ctx: Context, { controller }: Service): AwsError | undefined {
  if (controller === 'EXTERNAL' || (controller === 'CODE_DEPLOY' && ctx.invokedBy !== undefined))
    return undefined
  return invalid(
    'Amazon ECS only supports task set management on services configured to use external deployment controllers.',
  )
}
