/** SSM, declared. */
import { service } from '../../kernel/service.ts'

export const ssm = service({
  id: 'ssm',
  title: 'Ssm',
  stacks: ['SSM'],
  managedKey: 'Default key that protects my SSM parameters when no other key is defined',
  load: async () => (await import('./service.ts')).ssm,
})
