/** A request to a function URL as the function gets it, and the function's answer as the client gets it. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Identity } from '../../../kernel/identity.ts'
import type { FoundUrl } from './function-url.ts'

export interface UrlRequest {
  readonly method: string
  /** Behind the URL's own: `/my/path`, as sent. */
  readonly path: string
  /** Without the question mark, as sent. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly requestId: string
  readonly at: Date
  /** Who signed it, where the URL asks for that. */
  readonly identity?: Identity
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Bodies that are text as they are; all others come in base64. */
const TEXT =
  /^(?:text\/|application\/(?:json|javascript|xml)(?:;|$)|application\/[\w.+-]+\+(?:json|xml)(?:;|$))/i

/** Gives the event. AWS: payload format 2.0 ("Invoking Lambda function URLs", "Request payload format"). */
export function urlEvent(request: UrlRequest, found: FoundUrl): object {
  const { path, query, headers, body } = request
  const { cookie, ...others } = headers
  const isText = TEXT.test(headers['content-type'] ?? '')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: forwarded(others, found),
    ...(query !== '' && { queryStringParameters: parametersIn(query) }),
    requestContext: contextOf(request, found),
    ...(body.length && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

const domainOf = ({ url, region }: FoundUrl): string => `${url.id}.lambda-url.${region}.on.aws`

function forwarded(headers: IncomingHttpHeaders, found: FoundUrl): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')])
  return {
    ...Object.fromEntries(given),
    host: domainOf(found),
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  }
}

/** AWS: values of one name are joined by commas. */
function parametersIn(query: string): Record<string, string> {
  const all = new URLSearchParams(query)
  return Object.fromEntries([...new Set(all.keys())].map((name) => [name, all.getAll(name).join(',')]))
}

function contextOf({ method, path, headers, requestId, at, identity }: UrlRequest, found: FoundUrl): object {
  const time = at.toISOString()
  const month = MONTHS[at.getUTCMonth()]
  return {
    accountId: identity ? found.account : 'anonymous',
    apiId: found.url.id,
    ...(identity && { authorizer: { iam: caller(identity) } }),
    domainName: domainOf(found),
    domainPrefix: found.url.id,
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] },
    requestId,
    routeKey: '$default',
    stage: '$default',
    time: `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`,
    timeEpoch: at.getTime(),
  }
}

const caller = ({ accessKeyId, account, userId, arn }: Identity): object => ({
  accessKey: accessKeyId,
  accountId: account,
  callerId: userId,
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: arn,
  userId,
})

export interface UrlAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

const JSON_TYPE = { 'content-type': 'application/json' }

/**
 * Gives what the client sees of a function's answer. AWS: without a `statusCode` all of it is the body, as JSON; what is no
 * answer at all is a bad gateway ("Response payload format").
 */
export function urlAnswer(payload: Buffer): UrlAnswer {
  const answer: unknown = payload.length ? JSON.parse(payload.toString()) : null
  if (answer === null || typeof answer !== 'object' || !('statusCode' in answer))
    return { status: 200, headers: JSON_TYPE, body: payload }
  const { statusCode, headers = {}, body = '', cookies = [], isBase64Encoded } = answer as Answer
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599 || !isHeaders(headers)) return badGateway
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    status,
    headers: { ...JSON_TYPE, ...Object.fromEntries(own), ...(cookies.length && { 'set-cookie': cookies }) },
    body: Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

interface Answer {
  readonly statusCode: unknown
  readonly headers?: unknown
  readonly body?: unknown
  readonly cookies?: readonly string[]
  readonly isBase64Encoded?: boolean
}

const isHeaders = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** AWS: what a client sees of a function that failed. */
export const badGateway: UrlAnswer = {
  status: 502,
  headers: { ...JSON_TYPE },
  body: Buffer.from('Internal Server Error'),
}
