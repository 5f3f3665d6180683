/** What AWS Organizations' resources are known by. */
import type { TypeTable } from './type-facts.ts'

export const organizations: TypeTable = {
  'AWS::Organizations::Account': {
    name: { made: 'by-aws' },
    ref: '{name}',
    attributes: { AccountId: '{name}' },
  },
  'AWS::Organizations::Organization': {
    name: { made: 'by-aws' },
    ref: '{name}',
    attributes: { Id: '{name}', ManagementAccountId: '{account}' },
  },
  'AWS::Organizations::OrganizationalUnit': {
    name: { made: 'by-aws' },
    ref: '{name}',
    attributes: { Id: '{name}' },
  },
}
