/** sts:GetSessionToken. */
import { AwsError } from '../../../../model/index.ts'
import { newAccessKeyId } from '../../../kernel/access-key-id.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'

const HALF_DAY = 43_200
const ROOT_LIMIT = 3_600

/**
 * Gives temporary credentials of the calling user itself.
 * AWS: no permission is needed; the root user's last an hour at most; sessions cannot ask.
 * Errors: AccessDenied.
 */
export const GetSessionToken = operation({
  service: 'sts',
  name: 'GetSessionToken',
  access: () => [],
  run: (input, { identity, cloud }) => {
    refuseUnsupported(input, ['SerialNumber', 'TokenCode'])
    if (identity.session || (identity.kind !== 'user' && identity.kind !== 'root'))
      throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
        status: 403,
      })
    const asked = input.DurationSeconds ?? HALF_DAY
    const seconds = identity.kind === 'root' ? Math.min(asked, ROOT_LIMIT) : asked
    const issuedAt = cloud.clock.now()
    const session = { name: '', issuedAt, expiresAt: issuedAt + seconds * 1000 }
    const id = newAccessKeyId('ASIA', identity.account, cloud.ids)
    const { accessKeyId, secretAccessKey, sessionToken } = cloud.sealer.seal({ ...identity, session }, id)
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(session.expiresAt),
      },
    }
  },
})
