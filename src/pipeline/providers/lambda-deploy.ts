/** Deployment of new code to a Lambda function. */
import { formatArn } from '../../model/index.ts'
import { computeLogNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'

const OPERATIONS = [
  'lambda:GetAlias',
  'lambda:GetFunctionConfiguration',
  'lambda:GetProvisionedConcurrencyConfig',
  'lambda:PublishVersion',
  'lambda:UpdateAlias',
  'lambda:UpdateFunctionCode',
]

/**
 * AWS: "AWS Lambda deploy action reference": the alarms one by one. The log group of its policy is named after the region, and
 * is no group that CodePipeline writes to: what an action goes on without.
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
  refusedLocally: true,
  check: ({ configuration = {}, inputArtifacts = [] }) => {
    const problems: string[] = []
    const { DeployStrategy: strategy, PublishedTargetVersion: version } = configuration
    if (!inputArtifacts.length && !version)
      problems.push('an input artifact is required unless PublishedTargetVersion is given')
    if (
      strategy &&
      !/^(AllAtOnce|Canary\d+Percent\d+Minutes?|Linear\d+PercentEvery\d+Minutes?)$/.test(strategy)
    )
      problems.push(
        `DeployStrategy "${strategy}" is none of AllAtOnce, Canary…Percent…Minutes, Linear…PercentEvery…Minutes`,
      )
    return problems
  },
  needs: (around) => {
    const { action, role, account, region, value, reads } = around
    const name = value('FunctionName')
    const because = `to deploy the function ${name}`
    const resource = formatArn('lambda', region, account, `function:${name}`)
    return [
      ...needAll(role, OPERATIONS, resource, because),
      ...alarmsOf(value('Alarms')).flatMap((alarm) =>
        needAll(
          role,
          ['cloudwatch:DescribeAlarms'],
          formatArn('cloudwatch', region, account, `alarm:${alarm}`),
          because,
        ),
      ),
      ...optionally(computeLogNeeds(around)),
      ...(action.inputArtifacts ?? []).flatMap((one) => reads(role, one.name, because)),
    ]
  },
}

/** AWS: a list between commas, of ten at most. */
const alarmsOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
