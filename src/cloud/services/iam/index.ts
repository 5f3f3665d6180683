/** IAM, declared, and the directory of principals that the gateway asks. */
import { service } from '../../kernel/service.ts'

export { createDirectory } from './engine/directory.ts'

export const iam = service({
  id: 'iam',
  title: 'Iam',
  stacks: ['IAM'],
  global: true,
  load: async () => (await import('./service.ts')).iam,
})
