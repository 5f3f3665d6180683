/** Managed policies, AWS's and customers', by ARN. */
import { type Arn, parseArn } from '../../../../model/index.ts'
import type { Store } from '../../../kernel/store.ts'
import { type ManagedPolicyRecord, managedPolicies } from '../state.ts'
import { awsManagedPolicy } from './aws-managed-policies.ts'

/** Gives the policy, or undefined where there is none. An account sees AWS's policies and its own. */
export function findManagedPolicy(store: Store, arn: Arn): ManagedPolicyRecord | undefined {
  const account = parseArn(arn)?.account
  if (account === 'aws') return awsManagedPolicy(arn)
  return account ? store.of(managedPolicies, account).get(arn) : undefined
}

/** Gives the text of a policy's default version. */
export const defaultDocument = (policy: ManagedPolicyRecord): string =>
  policy.versions.find((version) => version.id === policy.defaultVersion)!.document
