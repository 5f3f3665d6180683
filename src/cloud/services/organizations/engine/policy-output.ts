/** Policies as Organizations shows them, without their content. */
import type { PolicySummary } from '@aws-sdk/client-organizations'
import type { Organization } from '../../../kernel/organization.ts'
import type { PolicyRecord } from '../state.ts'
import { policyArn } from './arn.ts'
import { isAwsManaged } from './policy-type.ts'

export const summary = (organization: Organization, policy: PolicyRecord): PolicySummary => ({
  Id: policy.id,
  Arn: policyArn(organization, policy),
  Name: policy.name,
  Description: policy.description,
  Type: policy.type,
  AwsManaged: isAwsManaged(policy),
})
