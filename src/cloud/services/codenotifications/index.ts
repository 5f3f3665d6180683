/** CodeStar Notifications, declared. */
import { service } from '../../kernel/service.ts'
import { rules } from './state.ts'

export const codenotifications = service({
  id: 'codestar-notifications',
  title: 'CodeStarNotifications',
  stacks: ['CodeStarNotifications'],
  resumes: [rules],
  load: async () => (await import('./service.ts')).codenotifications,
})
