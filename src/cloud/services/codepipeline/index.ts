/** The service codepipeline. */
import { service } from '../../service.ts'

export const codepipeline = service({ id: 'codepipeline', operations: [], resourceTypes: [] })
