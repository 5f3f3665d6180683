/** CloudWatch, declared. */
import { service } from '../../kernel/service.ts'
import { alarms } from './state.ts'

export const cloudwatch = service({
  id: 'cloudwatch',
  title: 'CloudWatch',
  signedAs: 'monitoring',
  endpoint: /^monitoring$/,
  stacks: ['CloudWatch'],
  resumes: [alarms],
  load: async () => (await import('./service.ts')).cloudwatch,
})
