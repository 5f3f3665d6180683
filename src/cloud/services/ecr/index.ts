/** ECR, declared. */
import { service } from '../../kernel/service.ts'

export const ecr = service({
  id: 'ecr',
  title: 'Ecr',
  stacks: ['ECR'],
  errors: { invalid: 'InvalidParameterException' },
  paths: [
    {
      prefix: '/v2/',
      changesOnRead: true,
      refusal: (text) => ({
        contentType: 'application/json; charset=utf-8',
        body: JSON.stringify({ errors: [{ code: 'DENIED', message: text }] }),
      }),
    },
  ],
  sweeps: 'images',
  managedKey: 'Default key that protects my ECR data when no other key is defined',
  load: async () => (await import('./service.ts')).ecr,
})
