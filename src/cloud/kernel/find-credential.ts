/** Who an access key belongs to: root users of accounts, sessions, and the keys that IAM gives. */
import type { Cloud } from './cloud.ts'
import { type Identity, rootIdentity } from './identity.ts'

/**
 * Gives the secret and the identity of an access key; undefined where nobody has it. The number of an account is its root
 * user's.
 * Errors: InvalidClientTokenId and ExpiredToken of a session token.
 */
export function findCredential(
  cloud: Pick<Cloud, 'sealer' | 'clock' | 'accounts' | 'secret' | 'directory'>,
  accessKeyId: string,
  token?: string,
): { readonly secretAccessKey: string; readonly identity: Identity } | undefined {
  if (token !== undefined) return cloud.sealer.open(accessKeyId, token, cloud.clock.now())
  if (/^\d{12}$/.test(accessKeyId) && (cloud.accounts?.includes(accessKeyId) ?? true))
    return { secretAccessKey: cloud.secret, identity: rootIdentity(accessKeyId) }
  return cloud.directory.accessKey(accessKeyId)
}
