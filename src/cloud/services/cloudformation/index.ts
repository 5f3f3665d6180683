/** The service cloudformation. */
import { service } from '../../service.ts'

export const cloudformation = service({ id: 'cloudformation', operations: [], resourceTypes: [] })
