/** Forwards a request to a function. */
import { invokeTarget } from '../engine/invoke-target.ts'
import { countRequest } from '../engine/metrics.ts'
import { groupCookies } from './cookies.ts'
import { type Chosen, type Exchange, ownError } from './exchange.ts'
import { headersForClient, headersForTarget } from './forwarded-headers.ts'
import { readBody } from './read-body.ts'

/** AWS: bytes of a body that a function is given. */
const LARGEST = 1_048_576

/** AWS: 413 for a larger body, 502 for a function that fails or answers otherwise than load balancers are answered. */
export async function forwardToFunction(
  exchange: Exchange,
  { action, group, target }: Chosen,
): Promise<void> {
  const { ctx, request, response, listener } = exchange
  const body = await readBody(request, LARGEST)
  if (!body) return ownError(exchange, 413)
  const began = ctx.cloud.clock.now()
  const { method = 'GET', url: path = '/' } = request
  const answer = await invokeTarget(ctx, group, target, {
    method,
    path,
    rawHeaders: headersForTarget(ctx, exchange),
    body,
  })
  if (!answer) return ownError(exchange, 502)
  const seconds = (ctx.cloud.clock.now() - began) / 1000
  countRequest(ctx, { listener, group: group.arn, target: { status: answer.status, seconds } })
  const given = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  )
  const cookies = groupCookies(ctx, action, group.arn).flatMap((cookie) => ['Set-Cookie', cookie])
  const length = ['content-length', String(answer.body.length)]
  const headers = [...headersForClient(given, listener), ...cookies, ...length]
  if (answer.statusText) response.writeHead(answer.status, answer.statusText, headers)
  else response.writeHead(answer.status, headers)
  response.end(answer.body)
}
