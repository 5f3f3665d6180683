/** Termination protection of deployed stacks: CodePipeline's action cannot set it, so a function of their account does. */
import { deployedStack, type Fleet, type FleetPipeline, type FleetStep, stackName } from '../fleet/index.ts'
import {
  type ActionDeclaration,
  formatArn,
  type Need,
  type OthersNeeds,
  type TemplateResource,
} from '../model/index.ts'
import { provider, reason } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { placeIn } from './outputs.ts'
import { resource } from './resource.ts'
import { roleFromNeeds } from './roles.ts'
import { placeScope, type StageScope } from './scopes.ts'

/** A stack that is protected, and the region of its account in which the function stands. */
interface ProtectedStack {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly home: string
  /** The first that deploys it, and the action that protects it there. */
  readonly stage: string
  readonly action: string
}

/**
 * Says which stack is to be protected, and reports for the action.
 * AWS: the runtime has the SDK, and a job is reported in the region of the function ("Invoke an AWS Lambda function in a
 * pipeline").
 */
const CODE = `const { CloudFormationClient, UpdateTerminationProtectionCommand } = require('@aws-sdk/client-cloudformation')
const { CodePipelineClient, PutJobFailureResultCommand, PutJobSuccessResultCommand } = require('@aws-sdk/client-codepipeline')

exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  const pipelines = new CodePipelineClient({})
  try {
    const { stack, region } = JSON.parse(data.actionConfiguration.configuration.UserParameters)
    const stacks = new CloudFormationClient({ region })
    await stacks.send(new UpdateTerminationProtectionCommand({ StackName: stack, EnableTerminationProtection: true }))
  } catch (error) {
    const failureDetails = { type: 'JobFailed', message: String(error.message).slice(0, 5000) }
    await pipelines.send(new PutJobFailureResultCommand({ jobId, failureDetails }))
    return
  }
  await pipelines.send(new PutJobSuccessResultCommand({ jobId }))
}
`

/** Whether a step deploys a stack that is protected. */
export const isProtected = (step: FleetStep): boolean =>
  step.kind === 'deploy' && deployedStack(step.deploy.configuration)?.terminationProtection === true

/** Gives every protected stack of a pipeline, each once. */
function protectedStacks(fleet: Fleet, pipeline: FleetPipeline): ProtectedStack[] {
  const found = new Map<string, ProtectedStack>()
  for (const stage of pipeline.stages)
    for (const step of stage.steps.flat()) {
      const stack = step.kind === 'deploy' && deployedStack(step.deploy.configuration)
      if (!stack || !isProtected(step)) continue
      for (const place of stage.places) {
        const name = stackName(stack, placeScope(fleet, pipeline, place))
        const { account, region, home } = place
        const key = `${account} ${region} ${name}`
        const action = actionName(name, placeIn(stage, place))
        if (!found.has(key)) found.set(key, { name, account, region, home, stage: stage.name, action })
      }
    }
  return [...found.values()]
}

const actionName = (stack: string, place: string): string => `protect-${stack}-${place}`

/** Gives the regions in which functions of a pipeline stand: their actions need artifact stores there. */
export const protectionRegions = (fleet: Fleet, pipeline: FleetPipeline): string[] =>
  protectedStacks(fleet, pipeline).map(({ home }) => home)

/** Gives the action that protects what a step has deployed in a place; none where that is not asked for. */
export function protectionAction(
  step: FleetStep,
  scope: StageScope,
  {
    home,
    place,
    pipeline,
    names,
  }: {
    readonly home: string
    readonly place: string
    readonly pipeline: FleetPipeline
    readonly names: Names
  },
): ActionDeclaration[] {
  if (step.kind !== 'deploy' || !isProtected(step)) return []
  const stack = stackName(deployedStack(step.deploy.configuration)!, scope)
  return [
    {
      name: actionName(stack, place),
      actionTypeId: provider.lambdaInvoke.type,
      configuration: {
        FunctionName: names.protectionFunction(pipeline.id),
        UserParameters: JSON.stringify({ stack, region: scope.region }),
      },
      roleArn: names.roleArn(scope.account, pipeline.id, 'deploy'),
      region: home,
    },
  ]
}

const logGroupOf = (name: string): string => `/aws/lambda/${name}`

/** Gives what the functions need for each action that invokes them; AWS goes on without their logs. */
export function protectionNeeds(fleet: Fleet, pipeline: FleetPipeline, names: Names): OthersNeeds[] {
  const called = names.protectionFunction(pipeline.id)
  return protectedStacks(fleet, pipeline).map(({ name, account, region, home, stage, action }) => {
    const principal = names.roleArn(account, pipeline.id, 'protect')
    const why = reason({
      kind: 'stack',
      stack: name,
      purpose: `to protect the stack ${name} from being deleted`,
    })
    const streams = formatArn('logs', home, account, `log-group:${logGroupOf(called)}:log-stream:*`)
    return {
      stage,
      action,
      needs: [
        {
          principal,
          action: 'cloudformation:UpdateTerminationProtection',
          resource: formatArn('cloudformation', region, account, `stack/${name}/*`),
          ...why,
        },
        ...['logs:CreateLogStream', 'logs:PutLogEvents'].map(
          (call): Need => ({ principal, action: call, resource: streams, optional: true, ...why }),
        ),
      ],
    }
  })
}

/** Gives the functions of a pipeline with their roles, one for each account. */
export const protectionFunctions = (fleet: Fleet, pipeline: FleetPipeline, names: Names) =>
  protectedStacks(fleet, pipeline).map(({ account }) => ({
    name: names.protectionFunction(pipeline.id),
    account,
    role: names.roleArn(account, pipeline.id, 'protect'),
  }))

/** Gives the function, its role and its log group, where stacks of the account are protected. */
export function protectionResources(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  account: string,
  needs: NeedsIndex,
): Record<string, TemplateResource> {
  if (!protectedStacks(fleet, pipeline).some((one) => one.account === account)) return {}
  const name = names.protectionFunction(pipeline.id)
  return {
    ProtectionLog: resource('AWS::Logs::LogGroup', { LogGroupName: logGroupOf(name), RetentionInDays: 30 }),
    ProtectionRole: roleFromNeeds(names.roleArn(account, pipeline.id, 'protect'), needs, {
      description: `What protects the stacks of ${pipeline.id} from being deleted`,
      iam: fleet.iam,
    }),
    ProtectionFunction: resource(
      'AWS::Lambda::Function',
      {
        FunctionName: name,
        Description: `Protects the stacks of ${pipeline.id} from being deleted`,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['ProtectionRole', 'Arn'] },
        Timeout: 60,
        Code: { ZipFile: CODE },
      },
      { DependsOn: ['ProtectionLog'] },
    ),
  }
}
