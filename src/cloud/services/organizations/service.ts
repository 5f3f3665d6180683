/**
 * Organizations: one organization that exists from the start, its tree of units and accounts, service and resource
 * control policies. No invitations, new accounts, delegated administrators or other policy types.
 */
import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { accountOperations } from './operations/accounts.ts'
import { attachmentOperations } from './operations/attachments.ts'
import { DescribeOrganization } from './operations/describe-organization.ts'
import { relationOperations } from './operations/parents-and-children.ts'
import { policyOperations } from './operations/policies.ts'
import { rootOperations } from './operations/roots.ts'
import { tagOperations } from './operations/tags.ts'
import { unitOperations } from './operations/units.ts'
import { organizationalUnit } from './resources/organizational-unit.ts'
import { policy } from './resources/policy.ts'

export const organizations = implementation({
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
  kinds,
  resourceTypes: [organizationalUnit, policy],
})
