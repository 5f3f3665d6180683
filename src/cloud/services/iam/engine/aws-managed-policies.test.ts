import { describe, expect, it } from 'vitest'
import { awsManagedPolicies } from './aws-managed-policies.ts'
import { checkIdentityPolicy } from './document.ts'
import { defaultDocument } from './managed-policy.ts'

describe('AWS managed policies', () => {
  it.each([...awsManagedPolicies().values()].map((policy) => [policy.arn, policy] as const))(
    '%s is a policy IAM takes',
    (arn, policy) => {
      expect(() => checkIdentityPolicy(defaultDocument(policy))).not.toThrow()
      expect(arn).toMatch(/^arn:aws:iam::aws:policy\/(service-role\/|job-function\/)?[\w-]+$/)
      expect(policy.defaultVersion).toMatch(/^v\d+$/)
      expect(policy.updated).toBeGreaterThanOrEqual(policy.created)
    },
  )
})
