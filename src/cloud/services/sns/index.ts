/** SNS, declared. */
import { service } from '../../kernel/service.ts'

export const sns = service({
  id: 'sns',
  title: 'Sns',
  stacks: ['SNS'],
  // AWS: SNS says AuthorizationError where other services say AccessDenied.
  errors: { denied: 'AuthorizationError', invalid: 'InvalidParameter' },
  managedKey: 'Default key that protects my SNS data when no other key is defined',
  load: async () => (await import('./service.ts')).sns,
})
