/** CloudFormation, declared. */
import { service } from '../../kernel/service.ts'
import { stackSets } from './stack-sets/state.ts'
import { changeSets, RESPONSE_BUCKET, stacks } from './state.ts'

export const cloudformation = service({
  id: 'cloudformation',
  title: 'CloudFormation',
  stacks: ['CloudFormation'],
  // With a hyphen before the region in older forms.
  plainHost: new RegExp(`^${RESPONSE_BUCKET}[a-z0-9]+\\.s3(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com(?:\\.cn)?$`),
  resumes: [stacks, changeSets, stackSets],
  load: async () => (await import('./service.ts')).cloudformation,
})
