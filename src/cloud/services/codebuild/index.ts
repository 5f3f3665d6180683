/** CodeBuild, declared. */
import { service } from '../../kernel/service.ts'
import { batches, builds } from './state.ts'

export const codebuild = service({
  id: 'codebuild',
  title: 'CodeBuild',
  stacks: ['CodeBuild'],
  errors: { invalid: 'InvalidInputException' },
  resumes: [builds, batches],
  load: async () => (await import('./service.ts')).codebuild,
})
