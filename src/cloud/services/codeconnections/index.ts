/** The service codeconnections, under its two names. */
import { service } from '../../service.ts'

export const codeconnections = service({ id: 'codeconnections', operations: [], resourceTypes: [] })
export const codestarConnections = service({ id: 'codestar-connections', operations: [], resourceTypes: [] })
