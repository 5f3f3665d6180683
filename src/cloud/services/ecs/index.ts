/** ECS, declared. */
import { service } from '../../kernel/service.ts'
import { services, tasks } from './state.ts'

export const ecs = service({
  id: 'ecs',
  title: 'Ecs',
  stacks: ['ECS'],
  errors: { invalid: 'InvalidParameterException' },
  resumes: [services, tasks],
  load: async () => (await import('./service.ts')).ecs,
})
