/** EventBridge, declared. */
import { service } from '../../kernel/service.ts'
import { rules } from './state.ts'

export const events = service({
  id: 'events',
  title: 'EventBridge',
  stacks: ['Events'],
  resumes: [rules],
  load: async () => (await import('./service.ts')).events,
})
