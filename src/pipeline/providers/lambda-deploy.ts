/** Deployment of new code to a Lambda function. */
import { formatArn, type Need } from '../../model/index.ts'
import { computeLogNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'
import { parseStrategy } from '../traffic-shift.ts'

/**
 * AWS: "AWS Lambda deploy action reference" lists the calls; the Service Authorization Reference has what is asked of a
 * version or an alias authorized on the ARN with it, and all else on the function's. The log group of the page's policy is
 * named after the region, and is no group that CodePipeline writes to: what an action goes on without.
 */
export const lambdaDeploy: ActionProvider = {
  type: awsAction('Deploy', 'Lambda'),
  inputs: between(0, 1),
  outputs: between(0, 0),
  configuration: {
    FunctionName: { required: true, names: 'function' },
    FunctionAlias: {},
    PublishedTargetVersion: {},
    DeployStrategy: {},
    Alarms: {},
  },
  variables: ['FunctionVersion'],
  pipelineType: 'V2',
  check: ({ configuration = {}, inputArtifacts = [] }) =>
    problemsOf(configuration, inputArtifacts.length > 0),
  needs: (around) => {
    const { action, role, account, region, value, reads } = around
    const name = value('FunctionName')
    const because = `to deploy the function ${name}`
    const inputs = action.inputArtifacts ?? []
    return [
      ...functionNeeds(around, because),
      ...alarmsOf(value('Alarms')).flatMap((alarm) =>
        needAll(
          role,
          ['cloudwatch:DescribeAlarms'],
          formatArn('cloudwatch', region, account, `alarm:${alarm}`),
          because,
        ),
      ),
      ...optionally(computeLogNeeds(around)),
      ...inputs.flatMap((one) => reads(role, one.name, because)),
    ]
  },
}

/** New code is published as a version; with an alias that is moved, and what stands behind it is asked for. */
function functionNeeds(
  { action, role, account, region, value }: ActionSurroundings,
  because: string,
): Need[] {
  const { FunctionAlias, PublishedTargetVersion } = action.configuration ?? {}
  const resource = formatArn('lambda', region, account, `function:${value('FunctionName')}`)
  const version = PublishedTargetVersion ? value('PublishedTargetVersion') : '*'
  const publishes = (action.inputArtifacts ?? []).length > 0
  return [
    ...needAll(role, ['lambda:GetFunctionConfiguration'], `${resource}:${version}`, because),
    ...(publishes
      ? needAll(
          role,
          ['lambda:GetFunctionConfiguration', 'lambda:PublishVersion', 'lambda:UpdateFunctionCode'],
          resource,
          because,
        )
      : []),
    ...(FunctionAlias
      ? [
          ...needAll(role, ['lambda:GetAlias', 'lambda:UpdateAlias'], resource, because),
          ...needAll(
            role,
            ['lambda:GetProvisionedConcurrencyConfig'],
            `${resource}:${value('FunctionAlias')}`,
            because,
          ),
        ]
      : []),
  ]
}

/** AWS: alarms of one deployment. */
export const DEPLOYMENT_ALARMS = 10

function problemsOf(configuration: Readonly<Record<string, string>>, hasInput: boolean): string[] {
  const { DeployStrategy: strategy, PublishedTargetVersion: version, FunctionAlias: alias } = configuration
  const problems: string[] = []
  if (!hasInput && !version)
    problems.push('an input artifact is required unless PublishedTargetVersion is given')
  for (const key of ['DeployStrategy', 'PublishedTargetVersion'])
    if (configuration[key] && !alias) problems.push(`${key} is only available with FunctionAlias`)
  if (strategy && !strategy.includes('#{')) {
    const read = parseStrategy(strategy)
    if ('problem' in read) problems.push(`DeployStrategy ${read.problem}`)
  }
  const alarms = alarmsOf(configuration.Alarms ?? '')
  if (alarms.length > DEPLOYMENT_ALARMS)
    problems.push(`Alarms names ${alarms.length} alarms, ${DEPLOYMENT_ALARMS} are the most`)
  return problems
}

/** Gives the alarms that a deployment watches. AWS: a list between commas, of ten at most. */
export const alarmsOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
