/** Roles: who may assume them, from the needs to assume them; what they may do, from their own needs. */
import {
  type ConditionBlock,
  type Need,
  type PolicyDocument,
  type PolicyStatement,
  parseArn,
  principalName,
  rootArn,
  type TemplateResource,
} from '../model/index.ts'
import { ROLE_PATH } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { compact, resource } from './resource.ts'
import { type Grant, mergeNeeds, sidOf, statementOf, substitute } from './statements.ts'

export interface RoleDetails {
  readonly description: string
  /** Resources known only in the stack that the role stands in. */
  readonly known?: ReadonlyMap<string, unknown>
  /** Conditions that a grant carries besides its context. */
  readonly narrow?: (grant: Grant) => ConditionBlock | undefined
  /** Says a reason shorter, for the id of its statement. */
  readonly called?: (because: string) => string
  readonly statements?: readonly PolicyStatement[]
  readonly managedPolicies?: readonly string[]
}

/** Gives the role with exactly the permissions that the needs name. */
export function roleFromNeeds(arn: string, needs: NeedsIndex, details: RoleDetails): TemplateResource {
  const taken = new Set<string>()
  const statements = [
    ...mergeNeeds(needs.of(arn)).map((grant) =>
      statementOf(grant, sidOf(grant, taken, details.called), {
        conditions: details.narrow?.(grant),
      }),
    ),
    ...(details.statements ?? []),
  ]
  return resource(
    'AWS::IAM::Role',
    compact({
      RoleName: principalName(arn),
      Path: ROLE_PATH,
      Description: details.description,
      AssumeRolePolicyDocument: trustPolicy(needs.toAssume(arn)),
      ManagedPolicyArns: details.managedPolicies?.length ? details.managedPolicies : undefined,
      Policies: statements.length
        ? [
            {
              PolicyName: 'crossdock',
              PolicyDocument: details.known
                ? substitute(policy(statements), details.known)
                : policy(statements),
            },
          ]
        : undefined,
    }),
  )
}

/** Says what is done to a resource of a stack in one word, whatever the phase. */
export const sayManage = (because: string): string =>
  because.replace(/^to \w+ (\w+ in the stack )/, 'to manage $1')

/** Gives a policy document of statements. */
export const policy = (statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})

/**
 * Gives the trust policy of a role from the needs to assume it. A role of another account is trusted through its
 * account's root narrowed by aws:PrincipalArn.
 * AWS: a role ARN as principal must exist when the policy is written, and stops to match when it is made anew.
 */
function trustPolicy(assumed: readonly Need[]): PolicyDocument {
  const taken = new Set<string>()
  const principals = [...new Set(assumed.map((need) => need.principal))]
  return policy(
    principals.flatMap((principal) => {
      const account = parseArn(principal)?.account
      return mergeNeeds(assumed.filter((need) => need.principal === principal)).map((grant) =>
        statementOf(grant, sidOf(grant, taken), {
          resource: null,
          principal: account ? { AWS: rootArn(account) } : { Service: principal },
          conditions: account ? { ArnEquals: { 'aws:PrincipalArn': principal } } : undefined,
        }),
      )
    }),
  )
}
