/** SecretsManager, declared. */
import { service } from '../../kernel/service.ts'

export const secretsmanager = service({
  id: 'secretsmanager',
  title: 'SecretsManager',
  stacks: ['SecretsManager'],
  managedKey: 'Default key that protects my Secrets Manager data when no other key is defined',
  load: async () => (await import('./service.ts')).secretsmanager,
})
