/** ECR, declared. */
import { service } from '../../kernel/service.ts'

export const ecr = service({
  id: 'ecr',
  title: 'Ecr',
  stacks: ['ECR'],
  errors: { invalid: 'InvalidParameterException' },
  paths: ['/v2/'],
  sweeps: 'images',
  load: async () => (await import('./service.ts')).ecr,
})
