/** Step Functions, declared. */
import { service } from '../../kernel/service.ts'
import { executions } from './state.ts'

export const states = service({
  id: 'states',
  title: 'Sfn',
  stacks: ['StepFunctions'],
  // AWS: what is started and waited for has a host of its own.
  endpoint: /^(sync-)?states$/,
  resumes: [executions],
  load: async () => (await import('./service.ts')).states,
})
