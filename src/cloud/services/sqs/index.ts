/** SQS, declared. */
import { service } from '../../kernel/service.ts'
import { moveTasks } from './state.ts'

export const sqs = service({
  id: 'sqs',
  title: 'Sqs',
  stacks: ['SQS'],
  managedKey: 'Default key that protects my SQS messages when no other key is defined',
  // Those that a kill interrupted go on.
  resumes: [moveTasks],
  load: async () => (await import('./service.ts')).sqs,
})
