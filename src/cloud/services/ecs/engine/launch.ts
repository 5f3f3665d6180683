/** Where tasks run. The embedded cloud has Fargate alone: it has no container instances. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { clientError, clusterKind, definitionKind, invalid } from '../kinds.ts'
import type { NetworkConfiguration, Strategy, TaskDefinition } from '../state.ts'

export const FARGATE: readonly string[] = ['FARGATE', 'FARGATE_SPOT']

/** Errors: ClientException for a capacity provider that is none of Fargate's. */
export function checkProviders(providers: readonly string[] = []): void {
  const other = providers.find((one) => !FARGATE.includes(one))
  if (other) throw clientError(`The specified capacity provider '${other}' was not found.`)
}

/** Errors: InvalidParameterException for a capacity provider that is none of Fargate's. */
export function checkStrategy(strategy: Strategy = []): void {
  const other = strategy.find(({ capacityProvider = '' }) => !FARGATE.includes(capacityProvider))
  if (other) throw invalid(`The specified capacity provider '${other.capacityProvider}' was not found.`)
}

interface Launch {
  readonly cluster?: string
  readonly launchType?: string
  readonly capacityProviderStrategy?: Strategy
}

/**
 * Gives the strategy in effect; none means the launch type. AWS: without either the cluster's own counts, and without
 * that EC2. Errors: UnsupportedParameter for what is not Fargate.
 */
export function strategyOf(
  ctx: Context,
  { cluster, launchType, capacityProviderStrategy: own }: Launch,
): Strategy {
  if (launchType && own?.length)
    throw invalid(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    )
  checkStrategy(own)
  const strategy = own?.length ? own : launchType ? [] : clusterKind.find(ctx, cluster).strategy
  if (strategy.length || launchType === 'FARGATE') return strategy
  throw new AwsError(
    'UnsupportedParameter',
    `The embedded cloud has no container instances, so it runs no tasks of the launch type ${launchType ?? 'EC2, which is meant where none is given'}. Set launchType to FARGATE.`,
    { status: 501 },
  )
}

/** Gives a revision that tasks may be made of. Errors: ClientException, InvalidParameterException. */
export function usableDefinition(
  ctx: Context,
  named: string | undefined,
  network: NetworkConfiguration,
): TaskDefinition {
  if (!named) throw invalid('TaskDefinition can not be blank.')
  const found = definitionKind.find(ctx, named, () => clientError('TaskDefinition not found.'))
  if (found.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive')
  const { networkMode, requiresCompatibilities = [], cpu, memory } = found.definition
  if (
    networkMode !== 'awsvpc' ||
    !cpu ||
    !memory ||
    (requiresCompatibilities.length && !requiresCompatibilities.includes('FARGATE'))
  )
    throw invalid('Task definition does not support launch_type FARGATE.')
  if (!network?.awsvpcConfiguration?.subnets?.length)
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  return found
}
