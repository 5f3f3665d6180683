/** The policy types that are carried out, with their limits and the policy that AWS attaches everywhere. */
import type { PolicyKind } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import type { ControlPolicyType, PolicyRecord } from '../state.ts'

interface PolicyTypeRules {
  readonly kind: PolicyKind
  /** Characters of a document, white space included. */
  readonly maxSize: number
  readonly maxInOrganization: number
  /** Policies of the type on one target, AWS's own included. */
  readonly maxPerTarget: number
  /** Attached to every target when the type is enabled. */
  readonly fullAccess: PolicyRecord
  /** AWS: FullAWSAccess may give way to another policy, RCPFullAWSAccess never. */
  readonly fullAccessStays: boolean
}

const statement = (more: string): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",${more}"Action":"*","Resource":"*"}]}`

/** AWS: in May 2026 ten service control policies per target and 10,240 characters took the place of 5 and 5,120. */
export const policyTypes: Readonly<Record<ControlPolicyType, PolicyTypeRules>> = {
  SERVICE_CONTROL_POLICY: {
    kind: 'scp',
    maxSize: 10_240,
    maxInOrganization: 10_000,
    maxPerTarget: 10,
    fullAccess: {
      id: 'p-FullAWSAccess',
      type: 'SERVICE_CONTROL_POLICY',
      name: 'FullAWSAccess',
      description: 'Allows access to every operation',
      content: statement(''),
      tags: {},
    },
    fullAccessStays: false,
  },
  RESOURCE_CONTROL_POLICY: {
    kind: 'rcp',
    maxSize: 5_120,
    maxInOrganization: 1_000,
    maxPerTarget: 5,
    fullAccess: {
      id: 'p-RCPFullAWSAccess',
      type: 'RESOURCE_CONTROL_POLICY',
      name: 'RCPFullAWSAccess',
      description: 'Allows access to every resource',
      content: statement('"Principal":"*",'),
      tags: {},
    },
    fullAccessStays: true,
  },
}

export const fullAccessPolicies: readonly PolicyRecord[] = Object.values(policyTypes).map(
  (rules) => rules.fullAccess,
)

export const isAwsManaged = ({ id }: { readonly id: string }): boolean =>
  fullAccessPolicies.some((one) => one.id === id)

/** Gives a type that is carried out. Errors: UnsupportedPolicyType naming any other one that AWS has. */
export function controlPolicyType(type: string): ControlPolicyType {
  if (Object.hasOwn(policyTypes, type)) return type as ControlPolicyType
  throw new AwsError(
    'UnsupportedPolicyType',
    `The embedded cloud does not support policies of the type ${type}; it has SERVICE_CONTROL_POLICY and RESOURCE_CONTROL_POLICY.`,
    { status: 501 },
  )
}
