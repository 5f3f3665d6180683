/** CloudWatch Logs, declared. */
import { service } from '../../kernel/service.ts'

export const logs = service({
  id: 'logs',
  title: 'CloudWatchLogs',
  stacks: ['Logs'],
  errors: { invalid: 'InvalidParameterException' },
  load: async () => (await import('./service.ts')).logs,
})
