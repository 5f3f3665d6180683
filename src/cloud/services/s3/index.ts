/** S3, declared. */
import { service } from '../../kernel/service.ts'
import { S3_LABEL, wire } from './wire.ts'

export const s3 = service({
  id: 's3',
  title: 'S3',
  stacks: ['S3'],
  endpoint: S3_LABEL,
  nameless: 'path',
  wire,
  unsigned: true,
  sweeps: 'objects',
  managedKey: 'Default key that protects my S3 objects when no other key is defined',
  load: async () => (await import('./service.ts')).s3,
})
