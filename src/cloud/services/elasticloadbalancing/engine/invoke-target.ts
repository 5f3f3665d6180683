/** Functions as targets: the event that a request becomes, and the answer that a function's becomes. */
import type { Context } from '../../../kernel/context.ts'
import type { Target, TargetGroup } from '../state.ts'
import { attribute, functionGroupAttributes } from './attributes.ts'
import { onBehalfOf } from './identity.ts'

export interface FunctionRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface FunctionAnswer {
  readonly status: number
  readonly statusText?: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

/** AWS: bodies of these types are handed over as they are, all others in Base64. */
const AS_TEXT = /^(?:text\/|application\/(?:json|javascript|xml)(?:;|$))/i

/** Gives what a function answered; undefined where it failed, or answered what is no answer to a load balancer. */
export async function invokeTarget(
  ctx: Context,
  group: TargetGroup,
  target: Target,
  request: FunctionRequest,
): Promise<FunctionAnswer | undefined> {
  const many =
    attribute(functionGroupAttributes, group.attributes, 'lambda.multi_value_headers.enabled') === 'true'
  const event = eventOf(group, request, many)
  const answered = await ctx
    .call(
      'lambda',
      'Invoke',
      { FunctionName: target.id, Payload: Buffer.from(JSON.stringify(event)) },
      { as: onBehalfOf(ctx, group) },
    )
    .catch(() => undefined)
  if (!answered || answered.FunctionError !== undefined) return undefined
  try {
    const payload = Buffer.from((answered.Payload as Uint8Array | undefined) ?? []).toString()
    return answerOf(JSON.parse(payload), many)
  } catch {
    return undefined
  }
}

/** AWS: the event of an Application Load Balancer; of several values of a name the last counts, unless all are asked for. */
export function eventOf(
  { arn }: Pick<TargetGroup, 'arn'>,
  { method, path, rawHeaders, body }: FunctionRequest,
  many: boolean,
): Record<string, unknown> {
  const mark = path.indexOf('?')
  const query = mark < 0 ? [] : pairsOf(path.slice(mark + 1))
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at]!.toLowerCase(), rawHeaders[at + 1]!])
  const text = isText(headers)
  return {
    requestContext: { elb: { targetGroupArn: arn } },
    httpMethod: method,
    path: mark < 0 ? path : path.slice(0, mark),
    ...(many
      ? { multiValueQueryStringParameters: grouped(query), multiValueHeaders: grouped(headers) }
      : { queryStringParameters: Object.fromEntries(query), headers: Object.fromEntries(headers) }),
    body: body.toString(text ? 'utf8' : 'base64'),
    isBase64Encoded: !text && body.length > 0,
  }
}

/** AWS: what is encoded in the query stays so. */
const pairsOf = (query: string): [string, string][] =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=')
      return mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)]
    })

function grouped(pairs: readonly [string, string][]): Record<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const known = groups.get(name)
    if (known) known.push(value)
    else groups.set(name, [value])
  }
  return Object.fromEntries(groups)
}

function isText(headers: readonly [string, string][]): boolean {
  const of = (name: string) => headers.findLast(([one]) => one === name)?.[1]
  const type = of('content-type')
  return of('content-encoding') === undefined && (type === undefined || AS_TEXT.test(type))
}

/** Errors: a plain Error for what is no answer. */
function answerOf(given: unknown, many: boolean): FunctionAnswer {
  const answer = (given ?? {}) as {
    readonly statusCode?: unknown
    readonly statusDescription?: unknown
    readonly headers?: Readonly<Record<string, unknown>>
    readonly multiValueHeaders?: Readonly<Record<string, unknown>>
    readonly body?: unknown
    readonly isBase64Encoded?: unknown
  }
  const status = Number(answer.statusCode)
  if (!Number.isInteger(status) || status < 100 || status > 599) throw new Error('no status code')
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries((many ? answer.multiValueHeaders : answer.headers) ?? {}))
    if (!HOP.has(name.toLowerCase()))
      headers[name] = many && Array.isArray(value) ? value.map(String) : String(value)
  const text = answer.body === undefined || answer.body === null ? '' : String(answer.body)
  const description = typeof answer.statusDescription === 'string' ? answer.statusDescription : ''
  return {
    status,
    statusText: /^\d{3} ([ -~]+)$/.exec(description)?.[1],
    headers,
    body: Buffer.from(text, answer.isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

/** AWS: headers of the connection are not honoured, and the length is worked out. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length'])
