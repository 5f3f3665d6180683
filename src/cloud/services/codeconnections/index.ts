/** CodeConnections under its two names, with local git repositories behind every connection. */
import { service } from '../../service.ts'
import { completeConnections, connectionOperations } from './connection.ts'
import { serveRepository } from './repositories.ts'
import { codeConnection, codeStarConnection } from './resources/connection.ts'

export const codeconnections = service({
  id: 'codeconnections',
  operations: connectionOperations('codeconnections'),
  resourceTypes: [codeConnection],
  http: serveRepository,
  start: completeConnections,
})

export const codestarConnections = service({
  id: 'codestar-connections',
  operations: connectionOperations('codestar-connections'),
  resourceTypes: [codeStarConnection],
})
