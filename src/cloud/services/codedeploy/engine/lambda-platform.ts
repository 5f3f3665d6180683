/** Deployments of Lambda functions: an alias is moved from one version to another. */
import type { LambdaSpec } from '../state.ts'
import { DeploymentFailure } from './failure.ts'
import type { PlatformWork } from './platform.ts'
import type { Run } from './run.ts'

const LAMBDA = { title: 'AWSLambda', code: 'INVALID_LAMBDA_FUNCTION' } as const

export const lambdaPlatform: PlatformWork = {
  prepare: async (run) => {
    const spec = specOf(run)
    const { FunctionVersion: version, RoutingConfig } = await run.call(
      'lambda',
      'GetAlias',
      { FunctionName: spec.function, Name: spec.alias },
      LAMBDA,
    )
    const others = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})
    // AWS: "currentversion: the version of the Lambda function to which traffic currently points".
    if (version !== spec.current || others.length)
      throw new DeploymentFailure(
        'INVALID_LAMBDA_CONFIGURATION',
        `The alias ${spec.alias} of the function ${spec.function} points to ${[version, ...others].map((one) => `version ${one}`).join(' and ')}, and not to version ${spec.current} alone, which CurrentVersion names.`,
      )
  },
  // All that is CodeDeploy's own in these deployments is the traffic.
  doEvent: async () => 'on',
  weigh: async (run, percent) => {
    const { current, version } = specOf(run)
    if (percent === 100) await point(run, version, {})
    else await point(run, current, { [version]: percent / 100 })
  },
  canTakeBack: () => true,
  finish: async () => 'on',
  takeBack: async (run) => {
    await point(run, specOf(run).current, {})
    return 'on'
  },
}

function specOf({ deployment }: Run): LambdaSpec {
  if (deployment.spec?.platform === 'Lambda') return deployment.spec
  throw new Error(`the deployment ${deployment.id} has no AppSpec of a function`)
}

async function point(run: Run, version: string, weights: Record<string, number>): Promise<void> {
  const spec = specOf(run)
  await run.call(
    'lambda',
    'UpdateAlias',
    {
      FunctionName: spec.function,
      Name: spec.alias,
      FunctionVersion: version,
      RoutingConfig: { AdditionalVersionWeights: weights },
    },
    LAMBDA,
  )
}
