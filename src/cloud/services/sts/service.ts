/** The service sts. */
import { implementation } from '../../kernel/service.ts'
import { AssumeRole } from './operations/assume-role.ts'
import { GetAccessKeyInfo } from './operations/get-access-key-info.ts'
import { GetCallerIdentity } from './operations/get-caller-identity.ts'
import { GetSessionToken } from './operations/get-session-token.ts'

export const sts = implementation({
  operations: [AssumeRole, GetCallerIdentity, GetSessionToken, GetAccessKeyInfo],
  // It keeps nothing: a session is sealed into its token, and the roles that it is asked for are IAM's.
  kinds: [],
})
