/** The HTTP endpoints of functions: who may call, what the function gets, and what its answer becomes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { chooseVersion } from '../engine/choose-version.ts'
import { execute } from '../engine/execute.ts'
import { type FunctionRef, reference } from '../engine/find.ts'
import { type FoundUrl, findUrl, URL_PREFIX } from '../engine/function-url.ts'
import { badGateway, type UrlAnswer, urlAnswer, urlEvent } from '../engine/url-event.ts'
import { functionKind } from '../kinds.ts'
import { crossOriginHeaders } from './cross-origin.ts'

/** AWS: bytes of a request's body. */
const BODY_LIMIT = 6 * 1024 * 1024

const message = (status: number, text: string): UrlAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ Message: text })),
})

/** Answers at `/_lambda/url/<id>/…`. */
export async function serveUrl(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  context: ContextFactory,
): Promise<void> {
  const [, id = '', rest = '/'] = /^([^/?]*)(.*)$/s.exec((request.url ?? '').slice(URL_PREFIX.length)) ?? []
  const found = findUrl(cloud, id)
  if (!found) return send(response, message(403, 'Forbidden'))
  const { origin } = request.headers
  const shared = crossOriginHeaders(found.url.cors, request)
  // AWS: a preflight is answered by the configuration alone, and never reaches the function.
  if (shared && origin && request.method === 'OPTIONS' && request.headers['access-control-request-method'])
    return send(response, { status: 200, headers: shared, body: Buffer.alloc(0) })
  const answer = await answered(request, rest, { cloud, context, found })
  await cloud.store.flush()
  send(response, { ...answer, headers: { ...answer.headers, ...shared } })
}

interface Served {
  readonly cloud: Cloud
  readonly context: ContextFactory
  readonly found: FoundUrl
}

async function answered(
  request: IncomingMessage,
  rest: string,
  { cloud, context, found }: Served,
): Promise<UrlAnswer> {
  const signed = found.url.authType === 'AWS_IAM'
  try {
    const { body, caller } = await cloud.readPlain(request, { limit: BODY_LIMIT, signed })
    const { account, region } = found
    if (signed && (caller?.service !== 'lambda' || caller.region !== region)) return message(403, 'Forbidden')
    const ctx = context({ identity: caller?.identity ?? anonymousIdentity, account, region })
    const ref = reference(ctx, found.url.functionName, found.url.qualifier)
    await authorize(ctx, ref, found)
    const [path = '/', query = ''] = rest.split(/\?(.*)/s)
    const event = urlEvent(
      {
        ...{ method: request.method ?? 'GET', path: path || '/', query, headers: request.headers, body },
        ...{ requestId: ctx.requestId, at: cloud.clock.date(), identity: caller?.identity },
      },
      found,
    )
    return await run(ctx, ref, Buffer.from(JSON.stringify(event)))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'TooManyRequestsException') return message(429, 'Too Many Requests')
    if (error.status === 413) return message(413, 'Request Entity Too Large')
    return error.status === 403 || error.code === 'ResourceNotFoundException'
      ? message(403, 'Forbidden')
      : badGateway
  }
}

/**
 * AWS: both permissions, and without a signature the function's own policy has to give them to everybody ("Control access
 * to Lambda function URLs").
 */
const authorize = (ctx: Context, ref: FunctionRef, { url }: FoundUrl): Promise<void> =>
  ctx.authorize([
    functionKind.on(ctx, 'InvokeFunctionUrl', ref, { 'lambda:FunctionUrlAuthType': url.authType }),
    functionKind.on(ctx, 'InvokeFunction', ref, { 'lambda:InvokedViaFunctionUrl': 'true' }),
  ])

async function run(ctx: Context, ref: FunctionRef, payload: Buffer): Promise<UrlAnswer> {
  const { requestId } = ctx
  const invocation = { requestId, payload, invokedArn: ref.qualifiedArn }
  const done = await execute(ctx, functionKind.find(ctx, ref), chooseVersion(ctx, ref), invocation)
  return done.failed ? badGateway : urlAnswer(done.payload)
}

function send(response: ServerResponse, { status, headers, body }: UrlAnswer): void {
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  response.writeHead(status, status === 204 ? {} : { 'content-length': String(body.length) })
  response.end(status === 204 || status === 304 ? undefined : body)
}
