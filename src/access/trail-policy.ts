/** The least a role needs, told from the calls it made in a run. */
import type { PolicyDocument, PolicyStatement } from '../model/index.ts'
import { listOf } from './lint/rule.ts'
import { textMatcher } from './text-matcher.ts'

/** One call as the embedded cloud's trail records it. */
export interface TrailCall {
  readonly action: string
  readonly resource: string
  /** The role's ARN. */
  readonly principal: string
  readonly decision: { readonly effect: string }
}

/**
 * Gives the policy that allows exactly what a role was allowed in a run. Where its present policies cover a resource
 * with a pattern, that pattern stands for it, since random parts differ from run to run.
 */
export function policyFromTrail(
  calls: readonly TrailCall[],
  role: string,
  present: readonly PolicyDocument[] = [],
): PolicyDocument {
  const patterns = present.flatMap((document) =>
    [document.Statement]
      .flat()
      .flatMap(({ Effect, Action, Resource }) =>
        Effect === 'Allow' ? [{ actions: listOf(Action), resources: listOf(Resource) }] : [],
      ),
  )
  const patternFor = (action: string, resource: string): string =>
    patterns
      .filter(({ actions }) => actions.some((one) => textMatcher(one.toLowerCase())(action.toLowerCase())))
      .flatMap(({ resources }) => resources)
      .filter((one) => typeof one === 'string' && one !== '*' && textMatcher(one)(resource))
      .sort((one, other) => other.length - one.length)[0] ?? generalized(resource)
  const byResource = new Map<string, Set<string>>()
  for (const { action, resource, principal, decision } of calls) {
    if (principal !== role || decision.effect !== 'allowed') continue
    const pattern = patternFor(action, resource)
    byResource.set(pattern, (byResource.get(pattern) ?? new Set()).add(action))
  }
  return { Version: '2012-10-17', Statement: statements(byResource) }
}

/** Random parts that AWS makes up: a stack's id. */
function generalized(resource: string): string {
  const stack = /^(arn:[^:]+:cloudformation:[^:]+:\d+:stack\/[^/]+\/).+$/.exec(resource)
  return stack ? `${stack[1]}*` : resource
}

function statements(byResource: ReadonlyMap<string, ReadonlySet<string>>): PolicyStatement[] {
  const byActions = new Map<string, { actions: string[]; resources: string[] }>()
  for (const [resource, set] of byResource) {
    const actions = [...set].sort()
    const found = byActions.get(actions.join()) ?? { actions, resources: [] }
    found.resources.push(resource)
    byActions.set(actions.join(), found)
  }
  const one = (values: readonly string[]) => (values.length === 1 ? values[0]! : values)
  return [...byActions.values()].map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: one(actions),
    Resource: one(resources.sort()),
  }))
}

/** A role that CloudFormation acts as for a pipeline's stacks. */
export interface StackRole {
  readonly pipeline: string
  readonly account: string
  readonly role: string
  readonly stacks: readonly string[]
}

/** Gives the roles of all CloudFormation actions of pipelines, each once. */
export function stackRoles(
  pipelines: readonly {
    readonly account: string
    readonly declaration: {
      readonly name: string
      readonly stages: readonly { readonly actions: readonly CloudFormationAction[] }[]
    }
  }[],
): StackRole[] {
  const roles = new Map<string, { pipeline: string; account: string; role: string; stacks: Set<string> }>()
  for (const { declaration } of pipelines)
    for (const { configuration = {}, actionTypeId } of declaration.stages.flatMap(({ actions }) => actions)) {
      const { RoleArn: role, StackName: stack = '' } = configuration
      if (actionTypeId.provider !== 'CloudFormation' || !role) continue
      const key = `${declaration.name} ${role}`
      const found = roles.get(key) ?? {
        pipeline: declaration.name,
        account: role.split(':')[4] ?? '',
        role,
        stacks: new Set<string>(),
      }
      found.stacks.add(stack)
      roles.set(key, found)
    }
  return [...roles.values()].map(({ stacks, ...rest }) => ({ ...rest, stacks: [...stacks] }))
}

interface CloudFormationAction {
  readonly actionTypeId: { readonly provider: string }
  readonly configuration?: Readonly<Record<string, string>>
}
