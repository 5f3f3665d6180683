/** The service logs. */
import { service } from '../../service.ts'

export const logs = service({ id: 'logs', operations: [], resourceTypes: [] })
