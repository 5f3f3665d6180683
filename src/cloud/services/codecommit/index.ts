/** CodeCommit, declared. */
import { service } from '../../kernel/service.ts'
import { repositories } from './state.ts'

export const codecommit = service({
  id: 'codecommit',
  title: 'CodeCommit',
  stacks: ['CodeCommit'],
  // AWS: git's own host is another than that of the API ("AWS CodeCommit endpoints", general reference).
  plainHost:
    /^(?:vpce-[a-z0-9-]+\.)?git-codecommit(?:-fips)?\.[a-z0-9-]+\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/,
  paths: [{ prefix: '/_codecommit/', changesOnRead: true }],
  resumes: [repositories],
  sweeps: 'codecommit',
  managedKey: 'Default key that protects my CodeCommit repositories when no other key is defined',
  load: async () => (await import('./service.ts')).codecommit,
})
