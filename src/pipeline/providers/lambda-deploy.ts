/** Deployment of new code to a Lambda function. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

const OPERATIONS = [
  'lambda:GetAlias',
  'lambda:GetFunctionConfiguration',
  'lambda:GetProvisionedConcurrencyConfig',
  'lambda:PublishVersion',
  'lambda:UpdateAlias',
  'lambda:UpdateFunctionCode',
]

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
  needs: ({ action, role, account, region, value, reads }) => {
    const name = value('FunctionName')
    const because = `to deploy the function ${name}`
    const resource = formatArn('lambda', region, account, `function:${name}`)
    return [
      ...needAll(role, OPERATIONS, resource, because),
      ...(value('Alarms') ? needAll(role, ['cloudwatch:DescribeAlarms'], '*', because) : []),
      ...(action.inputArtifacts ?? []).flatMap((one) => reads(role, one.name, because)),
    ]
  },
}
