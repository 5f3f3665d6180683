/** CodeBuild, declared. */
import { service } from '../../kernel/service.ts'
import { batches, builds, webhooks } from './state.ts'

export const codebuild = service({
  id: 'codebuild',
  title: 'CodeBuild',
  stacks: ['CodeBuild'],
  errors: { invalid: 'InvalidInputException' },
  resumes: [builds, batches, webhooks],
  load: async () => (await import('./service.ts')).codebuild,
})
