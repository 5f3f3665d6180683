/** The execution policy of CloudFormation for each stack that a fleet's pipelines deploy. */
import { type Fleet, FleetErrors } from '../fleet/index.ts'
import type { Arn, Need, PolicyDocument, PolicyStatement } from '../model/index.ts'
import { artifactPrefix, reason } from '../pipeline/index.ts'
import { Applications } from './application.ts'
import { Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { sayManage } from './roles.ts'
import { mergeNeeds, sidOf, statementOf } from './statements.ts'
import { synthesize } from './synthesize.ts'

/** What CloudFormation may do for one stack of one pipeline in one account and region. */
export interface ExecutionPolicy {
  /** The CodePipeline pipeline's name. */
  readonly pipeline: string
  /** The fleet's key for it, where there is a fleet. */
  readonly id?: string
  /** Undefined for a stack that no fleet file speaks of. */
  readonly environment?: string
  readonly account: string
  readonly region: string
  readonly stack: string
  /** The role that CloudFormation acts as; it holds the policies of all stacks of the pipeline in the account. */
  readonly role: Arn
  readonly policy: PolicyDocument
  /** ARNs of managed policies that the fleet file adds. */
  readonly managedPolicies: readonly Arn[]
  /** Resource types of the template whose permissions are not known, so that the policy lacks them. */
  readonly unknownTypes: readonly string[]
}

/** A call that a run made, as the embedded cloud's trail tells it. */
export interface RecordedCall {
  readonly action: string
  readonly resource: Arn
  /** The role's ARN for a session. */
  readonly principal: Arn
  readonly region: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
  readonly decision: { readonly effect: string }
}

/**
 * Gives the policies, computed from the application's templates beside the fleet file.
 * Throws: FleetErrors as `synthesize` does.
 */
export function executionPolicies(fleet: Fleet): ExecutionPolicy[] {
  const { pipelines } = synthesize(fleet)
  const names = new Names(fleet)
  const applications = new Applications(fleet, names)
  const policies = fleet.pipelines.flatMap((pipeline) => {
    const declared = pipelines.find(({ id }) => id === pipeline.id)!
    const own = new Set(declared.applications?.flatMap(({ needs }) => needs))
    return applications.stacks(pipeline).map((stack): ExecutionPolicy => {
      const { role, deploy, scope, needs, unknownTypes } = stack
      const permissions = deploy.permissions ?? []
      const code = declared.needs.filter(
        (need) => need.principal === role && !own.has(need) && isIn(scope.region, need),
      )
      return {
        pipeline: declared.declaration.name,
        id: pipeline.id,
        environment: scope.environment,
        account: scope.account,
        region: scope.region,
        stack: stack.name,
        role,
        policy: policyOf(
          [...needs.filter(({ principal }) => principal === role), ...code],
          permissions.filter((one) => typeof one !== 'string'),
        ),
        managedPolicies: permissions.filter((one) => typeof one === 'string'),
        unknownTypes,
      }
    })
  })
  if (applications.errors.length) throw new FleetErrors(applications.errors)
  return policies
}

/** Whether a need is one of an action in a region: there are the artifacts that it works with. */
const isIn = (region: string, { origin }: Need): boolean =>
  origin?.kind === 'action' && origin.region === region

/** Gives the same policies from what CloudFormation's roles really called; names that are made up become patterns. */
export function recordedPolicies(fleet: Fleet, calls: readonly RecordedCall[]): ExecutionPolicy[] {
  return executionPolicies(fleet).map((computed) => ({
    ...computed,
    managedPolicies: [],
    unknownTypes: [],
    policy: policyOf(
      calls
        .filter(
          ({ principal, region, decision }) =>
            principal === computed.role && region === computed.region && decision.effect === 'allowed',
        )
        .map((call) => needOf(call, computed)),
      [],
    ),
  }))
}

function needOf(
  { action, resource, principal, context }: RecordedCall,
  { pipeline, stack }: ExecutionPolicy,
): Need {
  const service = context['iam:PassedToService']
  const purpose = `to call ${action.split(':')[0]} for the stack ${stack}`
  return {
    principal,
    action,
    resource: patternOf(resource, pipeline),
    ...(action === 'iam:PassRole' && service && { context: { 'iam:PassedToService': service } }),
    ...reason({ kind: 'stack', stack, purpose }),
  }
}

/** AWS: twelve characters that CloudFormation puts behind a name, and the last part of an artifact's key, are random. */
function patternOf(resource: Arn, pipeline: string): string {
  const [, artifact] = /^arn:aws:s3:::[^/]+\/[^/]+\/([^/]+)\/[^/]+$/.exec(resource) ?? []
  if (artifact && resource.includes(`/${artifactPrefix(pipeline, artifact)}/`))
    return resource.replace(/[^/]+$/, '*')
  return resource.replace(/-[A-Z0-9]{12}(?=$|[/:])/, '-*')
}

/** Gives the policy that grants a stack's role exactly its needs. */
export const executionPolicy = (needs: readonly Need[]): PolicyDocument => policyOf(needs, [])

function policyOf(needs: readonly Need[], statements: readonly PolicyStatement[]): PolicyDocument {
  const taken = new Set<string>()
  return policy([
    ...mergeNeeds(needs).map((grant) => statementOf(grant, sidOf(grant, taken, sayManage))),
    ...statements,
  ])
}
