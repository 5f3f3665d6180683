/** The service sts. */
import { implementation } from '../../kernel/service.ts'
import { serveToken } from './door/serve-token.ts'
import { AssumeRole } from './operations/assume-role.ts'
import { AssumeRoleWithWebIdentity } from './operations/assume-role-with-web-identity.ts'
import { GetAccessKeyInfo } from './operations/get-access-key-info.ts'
import { GetCallerIdentity } from './operations/get-caller-identity.ts'
import { GetSessionToken } from './operations/get-session-token.ts'

export const sts = implementation({
  operations: [AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity, GetSessionToken, GetAccessKeyInfo],
  // It keeps nothing: a session is sealed into its token, and the roles that it is asked for are IAM's.
  kinds: [],
  http: serveToken,
})
