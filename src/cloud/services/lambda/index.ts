/** Lambda, declared. */
import { service } from '../../kernel/service.ts'
import { eventSourceMappings, pendingEvents, provisioned, versions } from './state.ts'

export const lambda = service({
  id: 'lambda',
  title: 'Lambda',
  stacks: ['Lambda'],
  paths: [{ prefix: '/_lambda/url/', tellsOrigins: true }],
  resumes: [versions, pendingEvents, provisioned, eventSourceMappings],
  managedKey: 'Default key that protects my Lambda functions when no other key is defined',
  load: async () => (await import('./service.ts')).lambda,
})
