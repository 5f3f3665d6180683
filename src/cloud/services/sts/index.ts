/** STS, declared. */
import { service } from '../../kernel/service.ts'

export const sts = service({
  id: 'sts',
  title: 'Sts',
  stacks: [],
  nameless: 'action',
  unsigned: ['AssumeRoleWithWebIdentity'],
  load: async () => (await import('./service.ts')).sts,
})
