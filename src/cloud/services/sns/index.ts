/** The service sns. */
import { service } from '../../service.ts'

export const sns = service({ id: 'sns', operations: [], resourceTypes: [] })
