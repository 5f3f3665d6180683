/** CodeDeploy, declared. */
import { service } from '../../kernel/service.ts'
import { deployments } from './state.ts'

export const codedeploy = service({
  id: 'codedeploy',
  title: 'CodeDeploy',
  stacks: ['CodeDeploy'],
  errors: { invalid: 'InvalidInputException' },
  resumes: [deployments],
  load: async () => (await import('./service.ts')).codedeploy,
})
