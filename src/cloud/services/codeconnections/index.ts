/** CodeConnections under its two names, declared. */
import { service } from '../../kernel/service.ts'
import { announced, connections } from './state.ts'

export const codeconnections = service({
  id: 'codeconnections',
  title: 'CodeConnections',
  stacks: ['CodeConnections'],
  paths: [{ prefix: '/_codeconnections/', changesOnRead: true }],
  resumes: [announced, connections],
  load: async () => (await import('./service.ts')).codeconnections,
})

export const codestarConnections = service({
  id: 'codestar-connections',
  title: 'CodeStarConnections',
  stacks: ['CodeStarConnections'],
  load: async () => (await import('./service.ts')).codestarConnections,
})
