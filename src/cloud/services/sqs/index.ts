/** SQS, declared. */
import { service } from '../../kernel/service.ts'

export const sqs = service({
  id: 'sqs',
  title: 'Sqs',
  stacks: ['SQS'],
  managedKey: 'Default key that protects my SQS messages when no other key is defined',
  load: async () => (await import('./service.ts')).sqs,
})
