/** KMS, declared. */
import { service } from '../../kernel/service.ts'

export const kms = service({
  id: 'kms',
  title: 'Kms',
  stacks: ['KMS'],
  load: async () => (await import('./service.ts')).kms,
})
