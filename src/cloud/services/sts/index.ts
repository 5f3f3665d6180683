/** The service sts. */
import { service } from '../../kernel/service.ts'
import { AssumeRole } from './operations/assume-role.ts'
import { GetAccessKeyInfo } from './operations/get-access-key-info.ts'
import { GetCallerIdentity } from './operations/get-caller-identity.ts'
import { GetSessionToken } from './operations/get-session-token.ts'

export const sts = service({
  id: 'sts',
  operations: [AssumeRole, GetCallerIdentity, GetSessionToken, GetAccessKeyInfo],
})
