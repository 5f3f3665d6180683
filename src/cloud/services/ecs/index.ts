/** ECS, declared. Its CloudFormation types are recorded, not made, and their stacks say so. */
import { service } from '../../kernel/service.ts'
import { services, tasks } from './state.ts'

export const ecs = service({
  id: 'ecs',
  title: 'Ecs',
  stacks: [],
  errors: { invalid: 'InvalidParameterException' },
  resumes: [services, tasks],
  load: async () => (await import('./service.ts')).ecs,
})
