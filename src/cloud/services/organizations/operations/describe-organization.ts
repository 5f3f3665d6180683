/** organizations:DescribeOrganization. */
import type { Organization } from '@aws-sdk/client-organizations'
import { operation } from '../../../kernel/operation.ts'
import { onAnything } from '../engine/access.ts'
import { emailOf } from '../engine/account-output.ts'
import { organizationArn, targetArn } from '../engine/arn.ts'
import { organizationOf } from '../engine/organization.ts'

/**
 * AWS: every account of the organization may ask. The policy types that it shows are those that are available to the
 * organization, and of them service control policies only; ListRoots tells which are enabled.
 * Errors: AWSOrganizationsNotInUseException.
 */
export const DescribeOrganization = operation({
  service: 'organizations',
  name: 'DescribeOrganization',
  access: () => [onAnything('DescribeOrganization')],
  run: (_input, ctx) => {
    const organization = organizationOf(ctx)
    const { id, managementAccount } = organization
    const Organization: Organization = {
      Id: id,
      Arn: organizationArn(organization),
      FeatureSet: 'ALL',
      MasterAccountArn: targetArn(organization, managementAccount),
      MasterAccountId: managementAccount,
      MasterAccountEmail: emailOf(managementAccount),
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    }
    return { Organization }
  },
})
