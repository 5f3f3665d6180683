/** A bucket policy that S3 calls public. */
import { isPublic } from '../../../../iam/index.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

/**
 * AWS: a policy is public unless every Allow is limited to fixed values; a wildcard in a condition's value does not
 * limit. BlockPublicPolicy refuses such a policy, RestrictPublicBuckets takes away all access from other accounts.
 */
export const publicBucketPolicy: LintRule = {
  id: 'public-bucket-policy',
  summary: 'A bucket policy counts as public, so Block Public Access refuses it or cuts off other accounts.',
  find: ({ landscape }) =>
    [...landscape.buckets.values()].flatMap(({ name, policy, publicAccessBlock }): FindingDetails[] => {
      if (!policy || !isPublic(policy.policy.document)) return []
      const { blockPublicPolicy, restrictPublicBuckets } = publicAccessBlock
      const outcome = blockPublicPolicy
        ? 'Block Public Access refuses it'
        : restrictPublicBuckets
          ? 'Block Public Access takes all access away from other accounts'
          : 'everybody who meets its conditions is let in'
      return [
        {
          severity: blockPublicPolicy || restrictPublicBuckets ? 'error' : 'warning',
          message: `the policy of the bucket ${name} is public: ${outcome}`,
          fix: 'name account roots as principals, or limit the statement by a value without wildcards, such as StringEquals aws:PrincipalOrgID',
          origin: policy.origin,
        },
      ]
    }),
}
