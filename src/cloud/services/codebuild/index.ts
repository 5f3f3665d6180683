/** The service codebuild. */
import { service } from '../../service.ts'

export const codebuild = service({ id: 'codebuild', operations: [], resourceTypes: [] })
