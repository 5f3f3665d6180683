/** The service kms. */
import { service } from '../../service.ts'

export const kms = service({ id: 'kms', operations: [], resourceTypes: [] })
