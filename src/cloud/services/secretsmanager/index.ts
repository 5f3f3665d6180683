/** SecretsManager, declared. */
import { service } from '../../kernel/service.ts'

export const secretsmanager = service({
  id: 'secretsmanager',
  title: 'SecretsManager',
  stacks: ['SecretsManager'],
  load: async () => (await import('./service.ts')).secretsmanager,
})
