/** Who calls at a door that is not AWS's protocol: an access key id as user name, and its secret as password. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Cloud } from './cloud.ts'
import { findCredential } from './find-credential.ts'
import type { Identity } from './identity.ts'

/** Gives them; undefined where there are none, or the secret is another. */
export function basicUser(
  request: Pick<IncomingMessage, 'headers'>,
  cloud: Cloud,
): { readonly id: string; readonly identity: Identity } | undefined {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  const found = findCredential(cloud, id)
  if (!found || !equal(rest.join(':'), found.secretAccessKey)) return undefined
  return { id, identity: found.identity }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes the same time whatever the texts have in common. */
const equal = (given: string, secret: string): boolean => timingSafeEqual(digest(given), digest(secret))
