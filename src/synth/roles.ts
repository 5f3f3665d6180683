/** Roles: who may assume them, from the needs to assume them; what they may do, from their own needs. */
import { expandText, type FleetIam } from '../fleet/index.ts'
import {
  type ConditionBlock,
  type Intrinsic,
  type Need,
  type NeedOrigin,
  type PolicyStatement,
  parseArn,
  principalName,
  rootArn,
  type TemplateResource,
} from '../model/index.ts'
import type { NeedsIndex } from './needs-index.ts'
import { policy, policyParts } from './policy-parts.ts'
import { compact, resource } from './resource.ts'
import { type Grant, mergeNeeds, sidOf, statementOf, substitute } from './statements.ts'

export interface RoleDetails {
  readonly description: string
  readonly iam: FleetIam
  /** Resources known only in the stack that the role stands in. */
  readonly known?: ReadonlyMap<string, unknown>
  /** Conditions that a grant carries besides its context. */
  readonly narrow?: (grant: Grant) => ConditionBlock | undefined
  /** Tells an origin shorter, for the id of its statement. */
  readonly called?: (origin: NeedOrigin, grant: Grant) => NeedOrigin
  readonly statements?: readonly PolicyStatement[]
  /** Statements of the trust policy, beside those that needs to assume the role take. */
  readonly trusted?: readonly PolicyStatement[]
  readonly managedPolicies?: readonly string[]
}

/** Gives the role with exactly the permissions that the needs name. */
export function roleFromNeeds(arn: string, needs: NeedsIndex, details: RoleDetails): TemplateResource {
  return roleResource(arn, needs, details, statementsOf(arn, needs, details), [])
}

/**
 * Gives the same for a role whose permissions have no bound: what its inline policy has no room for stands in managed
 * policies that belong to it.
 */
export function roleOfAnySize(
  id: string,
  arn: string,
  needs: NeedsIndex,
  details: RoleDetails,
): Record<string, TemplateResource> {
  const { inline, managed } = policyParts(statementsOf(arn, needs, details))
  const resources: Record<string, TemplateResource> = {}
  for (const [index, statements] of managed.entries())
    resources[`${id}Policy${index + 2}`] = resource('AWS::IAM::ManagedPolicy', {
      ManagedPolicyName: `${principalName(arn)}-${index + 2}`,
      Path: details.iam.path,
      Description: `${details.description}: part ${index + 2}`,
      PolicyDocument: details.known ? substitute(policy(statements), details.known) : policy(statements),
    })
  const attached = Object.keys(resources).map((policyId) => ({ Ref: policyId }))
  resources[id] = roleResource(arn, needs, details, inline, attached)
  return resources
}

/** Gives the statements that grant a role exactly its needs. */
export function neededStatements(
  arn: string,
  needs: NeedsIndex,
  { narrow, called }: Pick<RoleDetails, 'narrow' | 'called'> = {},
): PolicyStatement[] {
  const taken = new Set<string>()
  return mergeNeeds(needs.of(arn)).map((grant) =>
    statementOf(grant, sidOf(grant, taken, called), { conditions: narrow?.(grant) }),
  )
}

function statementsOf(arn: string, needs: NeedsIndex, details: RoleDetails): PolicyStatement[] {
  return [...neededStatements(arn, needs, details), ...(details.statements ?? [])]
}

function roleResource(
  arn: string,
  needs: NeedsIndex,
  details: RoleDetails,
  inline: readonly PolicyStatement[],
  attached: readonly Intrinsic[],
): TemplateResource {
  const { path, boundary, tags } = details.iam
  const managedPolicies = [...(details.managedPolicies ?? []), ...attached]
  return resource(
    'AWS::IAM::Role',
    compact({
      RoleName: principalName(arn),
      Path: path,
      Description: details.description,
      PermissionsBoundary: boundary && expandText(boundary, { account: parseArn(arn)!.account }),
      AssumeRolePolicyDocument: policy([...(details.trusted ?? []), ...trustStatements(needs.toAssume(arn))]),
      ManagedPolicyArns: managedPolicies.length ? managedPolicies : undefined,
      Policies: inline.length
        ? [
            {
              PolicyName: 'crossdock',
              PolicyDocument: details.known ? substitute(policy(inline), details.known) : policy(inline),
            },
          ]
        : undefined,
      Tags: Object.keys(tags).length
        ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
        : undefined,
    }),
  )
}

/** Says what is done to a resource of a stack in one word, whatever the phase; and when AWS lets nobody name any. */
export function sayManage(origin: NeedOrigin, { resources: [resource] }: Grant): NeedOrigin {
  if (origin.kind !== 'resource' || origin.phase === 'pass' || origin.phase === 'refer') return origin
  const { kind, stack, logicalId } = origin
  return resource === '*' || logicalId === undefined
    ? { kind, stack, phase: 'manage' }
    : { kind, stack, logicalId, phase: 'manage' }
}

/**
 * Gives the statements of a role's trust policy from the needs to assume it. A role of another account is trusted through its
 * account's root narrowed by aws:PrincipalArn.
 * AWS: a role ARN as principal must exist when the policy is written, and stops to match when it is made anew.
 */
export function trustStatements(assumed: readonly Need[]): PolicyStatement[] {
  const taken = new Set<string>()
  const principals = [...new Set(assumed.map((need) => need.principal))]
  return principals.flatMap((principal) => {
    const account = parseArn(principal)?.account
    return mergeNeeds(assumed.filter((need) => need.principal === principal)).map((grant) =>
      statementOf(grant, sidOf(grant, taken), {
        resource: null,
        principal: account ? { AWS: rootArn(account) } : { Service: principal },
        conditions: account ? { ArnEquals: { 'aws:PrincipalArn': principal } } : undefined,
      }),
    )
  })
}
