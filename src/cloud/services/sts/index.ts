/** The service sts. */
import { service } from '../../service.ts'
import { AssumeRole } from './assume-role.ts'
import { GetAccessKeyInfo } from './get-access-key-info.ts'
import { GetCallerIdentity } from './get-caller-identity.ts'
import { GetSessionToken } from './get-session-token.ts'

export const sts = service({
  id: 'sts',
  operations: [AssumeRole, GetCallerIdentity, GetSessionToken, GetAccessKeyInfo],
})
