/** The service sts. */
import { service } from '../../service.ts'

export const sts = service({ id: 'sts', operations: [], resourceTypes: [] })
