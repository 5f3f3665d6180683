/** The service events. */
import { service } from '../../service.ts'

export const events = service({ id: 'events', operations: [], resourceTypes: [] })
