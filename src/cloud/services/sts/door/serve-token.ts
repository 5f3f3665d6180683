/** Tokens in the place of an issuer's, at `/_sts/token`: what a CI job is given by its provider. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson } from '../../../../model/index.ts'
import { basicUser } from '../../../kernel/basic-user.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import { signToken } from '../engine/web-token.ts'

/** Characters that a question may have. */
const LONGEST = 16 * 1024

/** Seconds that a token is good for where nobody says: GitHub's are for ten minutes. */
const LIFETIME = 600

/**
 * Answers `{ "token": … }` to `{ "issuer", "subject", "audience", "seconds"?, "claims"? }`. It lets in root users only,
 * whose secret is the cloud's: whoever has it can be anybody.
 */
export async function serveToken(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const answer = (status: number, value: object) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(`${JSON.stringify(value)}\n`)
  if (request.method !== 'POST' || request.url !== '/_sts/token')
    return void answer(404, { message: 'There is nothing here but POST /_sts/token.' })
  if (basicUser(request, cloud)?.identity.kind !== 'root') {
    response.setHeader('www-authenticate', 'Basic realm="crossdock"')
    return void answer(401, {
      message: 'Give the number of an account as user name and the cloud’s secret as password.',
    })
  }
  const asked = askedOf(await textOf(request))
  if (typeof asked === 'string') return void answer(400, { message: asked })
  const { issuer, subject, audience, seconds = LIFETIME, claims } = asked
  const iat = Math.floor(cloud.clock.now() / 1000)
  const own = { iss: issuer, sub: subject, aud: audience, iat, exp: iat + seconds, jti: cloud.ids.uuid() }
  answer(200, { token: signToken(cloud, { ...claims, ...own }) })
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > LONGEST) return ''
  }
  return text
}

interface Asked {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly seconds?: number
  readonly claims?: Readonly<Record<string, string>>
}

/** Gives what is wrong, in words, where something is. */
function askedOf(text: string): Asked | string {
  let value: Record<string, unknown>
  try {
    value = Object(readJson(text))
  } catch {
    return 'The body is no JSON.'
  }
  const { issuer, subject, audience, seconds, claims = {}, ...others } = value
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return `A token has no "${unknown}"; further claims stand in "claims".`
  if (typeof issuer !== 'string' || !/^https:\/\/[^?#\s]+$/.test(issuer))
    return '"issuer" is the address of an issuer: https://token.actions.githubusercontent.com for example.'
  for (const [name, one] of Object.entries({ subject, audience }))
    if (typeof one !== 'string' || !one) return `"${name}" is a text.`
  if (seconds !== undefined && !(Number.isInteger(seconds) && Math.abs(seconds as number) <= 86_400))
    return '"seconds" is how long it is good for, a day at most; less than nothing makes one that has expired.'
  if (Object.values(Object(claims)).some((one) => typeof one !== 'string'))
    return '"claims" are texts by name.'
  // Session tags would have to be asked of the trust policy, and are not passed on here.
  const tags = Object.keys(Object(claims)).find((name) => name.startsWith('https://aws.amazon.com/'))
  if (tags !== undefined) return `The embedded cloud does not support the claim ${tags}.`
  return value as unknown as Asked
}
