/** Organizations, declared, and the organization that the gateway asks. */
import { service } from '../../kernel/service.ts'

export { createOrganization } from './engine/organization.ts'

export const organizations = service({
  id: 'organizations',
  title: 'Organizations',
  stacks: ['Organizations'],
  global: true,
  errors: { invalid: 'InvalidInputException' },
  load: async () => (await import('./service.ts')).organizations,
})
