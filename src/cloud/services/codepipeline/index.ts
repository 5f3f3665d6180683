/** CodePipeline, declared. */
import { service } from '../../kernel/service.ts'
import { pipelines } from './state.ts'

export const codepipeline = service({
  id: 'codepipeline',
  title: 'CodePipeline',
  stacks: ['CodePipeline'],
  resumes: [pipelines],
  load: async () => (await import('./service.ts')).codepipeline,
})
