/** SSM, declared. */
import { service } from '../../kernel/service.ts'

export const ssm = service({
  id: 'ssm',
  title: 'Ssm',
  stacks: ['SSM'],
  load: async () => (await import('./service.ts')).ssm,
})
