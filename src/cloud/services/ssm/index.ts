/** The service ssm. */
import { service } from '../../service.ts'

export const ssm = service({ id: 'ssm', operations: [], resourceTypes: [] })
