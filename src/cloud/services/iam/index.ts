/** The service iam, and the directory of principals that the gateway asks. */
import type { Directory } from '../../identity.ts'
import { service } from '../../service.ts'
import type { Store } from '../../store.ts'

export const iam = service({ id: 'iam', operations: [], resourceTypes: [] })

/** Gives the directory over the stored users and roles. */
export function createDirectory(_store: Store, _options: { accounts?: readonly string[] }): Directory {
  throw new Error('unfinished')
}
