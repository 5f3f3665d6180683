/**
 * Organizations: one organization that exists from the start, its tree of units and accounts, service and resource
 * control policies. No invitations, new accounts, delegated administrators or other policy types.
 */
import { service } from '../../service.ts'
import { accountOperations } from './accounts.ts'
import { attachmentOperations } from './attachments.ts'
import { DescribeOrganization } from './describe-organization.ts'
import { relationOperations } from './parents-and-children.ts'
import { policyOperations } from './policies.ts'
import { organizationalUnit } from './resources/organizational-unit.ts'
import { policy } from './resources/policy.ts'
import { refusedTypes } from './resources/refused.ts'
import { rootOperations } from './roots.ts'
import { tagOperations } from './tags.ts'
import { unitOperations } from './units.ts'

export { createOrganization } from './organization.ts'

export const organizations = service({
  id: 'organizations',
  operations: [
    DescribeOrganization,
    ...rootOperations,
    ...accountOperations,
    ...unitOperations,
    ...relationOperations,
    ...policyOperations,
    ...attachmentOperations,
    ...tagOperations,
  ],
  resourceTypes: [organizationalUnit, policy, ...refusedTypes],
})
