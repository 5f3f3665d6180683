/** CodeConnections under its two names, with local git repositories behind every connection. */
import { implementation } from '../../kernel/service.ts'
import { serveRepository } from './door/repositories.ts'
import { announceMissing } from './engine/announce-push.ts'
import { completeConnections, connectionOperations } from './engine/connection.ts'
import { connectionKind } from './kinds.ts'
import { codeConnection, codeStarConnection } from './resources/connection.ts'

export const codeconnections = implementation({
  operations: connectionOperations('codeconnections'),
  kinds: [connectionKind('codeconnections')],
  resourceTypes: [codeConnection],
  http: serveRepository,
  start: (cloud) => {
    completeConnections(cloud)
    announceMissing(cloud)
  },
})

export const codestarConnections = implementation({
  operations: connectionOperations('codestar-connections'),
  kinds: [connectionKind('codestar-connections')],
  resourceTypes: [codeStarConnection],
})
