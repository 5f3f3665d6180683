/** Whether a webhook lets a request in, and whether its filters take what it brings. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ActionDeclaration, AwsError, entryOf, ipRange } from '../../../../model/index.ts'
import { parsePath } from '../../../machine/json-path.ts'
import type { WebhookDefinition } from '../state.ts'

export interface HookRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** Where it comes from. */
  readonly address: string
}

/** AWS: GITHUB_HMAC is GitHub's signature of the body, IP a range that the request comes from. */
export function isLetIn(
  {
    authentication,
    authenticationConfiguration: { SecretToken = '', AllowedIPRange = '' },
  }: WebhookDefinition,
  { headers, body, address }: HookRequest,
): boolean {
  if (authentication === 'UNAUTHENTICATED') return true
  if (authentication === 'IP') return inRange(AllowedIPRange, address)
  const [digest, header] = headers['x-hub-signature-256']
    ? ['sha256', headers['x-hub-signature-256']]
    : ['sha1', headers['x-hub-signature']]
  const wanted = Buffer.from(`${digest}=${createHmac(digest, SecretToken).update(body).digest('hex')}`)
  const given = Buffer.from(String(header))
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

/** The error for what is no range of addresses. */
export const invalidRange = (problem: string): AwsError =>
  new AwsError('InvalidWebhookAuthenticationParametersException', `AllowedIPRange: ${problem}`)

const inRange = (range: string, address: string): boolean =>
  ipRange(range, invalidRange)(address.replace(/^::ffff:/, ''))

/**
 * Whether every filter takes a payload. AWS: `{Branch}` stands for the value of that key in the target's configuration; a
 * filter without a value wants something to be there.
 */
export const isTaken = (
  { filters }: WebhookDefinition,
  { configuration = {} }: ActionDeclaration,
  payload: unknown,
): boolean =>
  filters.every(({ jsonPath, matchEquals }) => {
    const found = parsePath(jsonPath)?.(payload)
    if (found === undefined) return false
    const wanted = matchEquals?.replace(
      /\{(\w+)\}/g,
      (text, key: string) => entryOf(configuration, key) ?? text,
    )
    return wanted === undefined || wanted === (typeof found === 'string' ? found : JSON.stringify(found))
  })
