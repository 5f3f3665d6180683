/** The service lambda. */
import { service } from '../../service.ts'

export const lambda = service({ id: 'lambda', operations: [], resourceTypes: [] })
