/** Sizes of policies. AWS: white space does not count. */
import { policyName } from '../../../iam/index.ts'
import type { LocatedPolicy } from '../../landscape/located-policy.ts'
import type { Counted, Quota } from './quota.ts'

const counted = (policy: LocatedPolicy | undefined): Counted[] =>
  policy
    ? [{ subject: `the ${policyName(policy.policy.ref)}`, used: policy.bytes, origin: policy.origin }]
    : []

export const policyQuotas: readonly Quota[] = [
  {
    id: 'quota-inline-policies',
    summary: 'Characters of all inline policies of a role together.',
    limit: 10_240,
    unit: 'bytes',
    relief: 'move statements into a managed policy, or name fewer resources',
    count: ({ roles }) =>
      [...roles.values()].map(({ arn, policies, origin }) => ({
        subject: `the inline policies of ${arn}`,
        used: policies.filter(({ kind }) => kind === 'inline').reduce((sum, { bytes }) => sum + bytes, 0),
        origin,
      })),
  },
  {
    id: 'quota-managed-policy',
    summary: 'Characters of a managed policy.',
    limit: 6_144,
    unit: 'bytes',
    relief: 'split the policy',
    count: ({ roles }) =>
      [...roles.values()]
        .flatMap(({ policies, boundary }) => [...policies.filter(({ kind }) => kind === 'managed'), boundary])
        .flatMap(counted),
  },
  {
    id: 'quota-managed-policies-of-role',
    summary: 'Managed policies attached to a role.',
    limit: 10,
    unit: 'policies',
    relief: 'join policies (the quota can be raised to 25)',
    hard: false,
    count: ({ roles }) =>
      [...roles.values()].map(({ arn, policies, unreadable, origin }) => ({
        subject: arn,
        used: policies.filter(({ kind }) => kind !== 'inline').length + unreadable.length,
        origin,
      })),
  },
  {
    id: 'quota-trust-policy',
    summary: 'Characters of a trust policy.',
    limit: 2_048,
    unit: 'bytes',
    relief: 'trust account roots narrowed by aws:PrincipalArn (the quota can be raised to 4096)',
    count: ({ roles }) => [...roles.values()].flatMap(({ trust }) => counted(trust)),
  },
  {
    id: 'quota-bucket-policy',
    summary: 'Bytes of a bucket policy.',
    limit: 20 * 1024,
    unit: 'bytes',
    relief: 'let statements share principals and resources, or narrow by aws:PrincipalOrgID',
    count: ({ buckets }) => [...buckets.values()].flatMap(({ policy }) => counted(policy)),
  },
  {
    id: 'quota-key-policy',
    summary: 'Bytes of a key policy.',
    limit: 32 * 1024,
    unit: 'bytes',
    relief: 'let statements share principals, or narrow by aws:PrincipalOrgID',
    count: ({ keys }) => [...keys.values()].flatMap(({ policy }) => counted(policy)),
  },
]
