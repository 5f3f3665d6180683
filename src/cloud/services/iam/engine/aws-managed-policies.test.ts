import { describe, expect, it } from 'vitest'
import { awsManagedPolicies, awsManagedPolicy } from './aws-managed-policies.ts'
import { checkIdentityPolicy } from './document.ts'
import { defaultDocument } from './managed-policy.ts'

describe('AWS managed policies', () => {
  it('are policies IAM takes', () => {
    const all = awsManagedPolicies()
    expect(all.length).toBeGreaterThan(1_500)
    for (const policy of all) {
      expect(() => checkIdentityPolicy(defaultDocument(policy)), policy.arn).not.toThrow()
      expect(policy.arn).toMatch(
        /^arn:aws:iam::aws:policy\/((aws-service-role|service-role|job-function|root-task)\/)?[\w-]+$/,
      )
      expect(policy.defaultVersion, policy.arn).toMatch(/^v\d+$/)
      expect(policy.updated, policy.arn).toBeGreaterThanOrEqual(policy.created)
    }
  })

  it('are found by ARN, with their path', () => {
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore')?.name).toBe(
      'AmazonSSMManagedInstanceCore',
    )
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole')).toBeUndefined()
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/AWSLambdaFullAccess'), 'withdrawn').toBeUndefined()
  })
})
