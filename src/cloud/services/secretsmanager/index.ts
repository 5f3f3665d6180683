/** The service secretsmanager. */
import { service } from '../../service.ts'

export const secretsmanager = service({ id: 'secretsmanager', operations: [], resourceTypes: [] })
