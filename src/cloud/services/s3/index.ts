/** S3, declared. */
import { service } from '../../kernel/service.ts'

export const s3 = service({
  id: 's3',
  title: 'S3',
  stacks: ['S3'],
  unsigned: true,
  sweeps: 'objects',
  load: async () => (await import('./service.ts')).s3,
})
