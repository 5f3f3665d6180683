/** Who is let in at a port behind which an application of the user's answers. */
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import { admit, isBrowser } from './admit.ts'
import type { Knock } from './knock.ts'

/**
 * Other clients may come under any host: an application has names of its own, and rules ask for them. A browser is let in
 * as at the cloud's own doors, so that no page reaches the application by a name that leads here (DNS rebinding), nor
 * from an origin that is not allowed.
 */
export function refusedAtApplication(knock: Knock, allowed: ReadonlySet<string>): RefusedRequest | undefined {
  const { headers } = knock
  if (!isBrowser(knock) && !headers.has('origin') && !headers.has('sec-fetch-site')) return undefined
  return admit(knock, allowed, { changesOnRead: () => false }).refused
}
