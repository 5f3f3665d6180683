/** Roles that SAM makes for what it runs. */
import type { RolePolicies } from './policies.ts'
import type { Properties } from './properties.ts'

/** Gives the document that lets a service use a role. */
export const assumedBy = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
})

interface RoleParts {
  readonly trust: unknown
  readonly policies: RolePolicies
  readonly path?: unknown
  readonly boundary?: unknown
  readonly tags?: readonly unknown[]
}

export const roleProperties = ({ trust, policies, path, boundary, tags }: RoleParts): Properties => ({
  AssumeRolePolicyDocument: trust,
  ManagedPolicyArns: policies.managed.length > 0 ? policies.managed : undefined,
  Path: path,
  Policies: policies.inline.length > 0 ? policies.inline : undefined,
  PermissionsBoundary: boundary,
  Tags: tags?.length ? tags : undefined,
})

/** Gives an inline policy of one statement. */
export const allowing = (PolicyName: string, Action: string, Resource: unknown): Properties => ({
  PolicyName,
  PolicyDocument: { Statement: [{ Action, Effect: 'Allow', Resource }] },
})

/** Gives the policies of several sources, managed ones once each. */
export function joined(...all: readonly RolePolicies[]): RolePolicies {
  const managed = all.flatMap((one) => one.managed)
  const texts = managed.map((one) => JSON.stringify(one))
  return {
    managed: managed.filter((_, index) => texts.indexOf(texts[index]!) === index),
    inline: all.flatMap((one) => one.inline),
  }
}

export const NO_POLICIES: RolePolicies = { managed: [], inline: [] }
