/** CloudFormation, declared. */
import { service } from '../../kernel/service.ts'
import { changeSets, stacks } from './state.ts'

export const cloudformation = service({
  id: 'cloudformation',
  title: 'CloudFormation',
  stacks: ['CloudFormation'],
  resumes: [stacks, changeSets],
  load: async () => (await import('./service.ts')).cloudformation,
})
