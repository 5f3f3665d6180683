/** The service s3. */
import { service } from '../../service.ts'

export const s3 = service({ id: 's3', operations: [], resourceTypes: [] })
