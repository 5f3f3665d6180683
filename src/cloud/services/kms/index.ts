/** KMS, declared. */
import { service } from '../../kernel/service.ts'

export const kms = service({
  id: 'kms',
  title: 'Kms',
  stacks: ['KMS'],
  nameless: 'target',
  viaKey: 'kms:ViaService',
  load: async () => (await import('./service.ts')).kms,
})
