/** Deployment configurations, AWS's and the account's own. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { configurationKind } from '../kinds.ts'
import type { Configuration, Platform } from '../state.ts'
import { builtInConfiguration, OF_INSTANCES } from './built-in-configurations.ts'

/** Errors: DeploymentConfigDoesNotExistException; UnsupportedParameter for those of instances. */
export function findConfiguration(ctx: Context, name: string): Configuration {
  if (OF_INSTANCES.includes(name))
    throw new AwsError(
      'UnsupportedParameter',
      `${name} deploys to instances, which the embedded cloud does not have. Name a configuration of Lambda or ECS.`,
      { status: 501 },
    )
  return builtInConfiguration(name) ?? configurationKind.find(ctx, name)
}

/** As `findConfiguration`, for a group. Errors: InvalidDeploymentConfigNameException for another compute platform. */
export function configurationFor(ctx: Context, name: string, platform: Platform): Configuration {
  const found = findConfiguration(ctx, name)
  if (found.platform === platform) return found
  throw new AwsError(
    'InvalidDeploymentConfigNameException',
    `The deployment configuration ${name} is for the compute platform ${found.platform}; the application is for ${platform}`,
  )
}
