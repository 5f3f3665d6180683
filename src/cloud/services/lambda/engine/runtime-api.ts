/** The Lambda runtime API, as a container's runtime interface client calls it: one invocation at a time. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Invocation } from './function-process.ts'

/** AWS: "Using the Lambda runtime API for custom runtimes". */
const PREFIX = '/2018-06-01/runtime'

/** What the runtime answered: a result, or an error, JSON either way. */
export interface Answer {
  readonly payload: Buffer
  readonly failed: boolean
}

export class RuntimeApi {
  /** Listens nowhere: connections are handed to it. */
  readonly server: Server
  /** Called when the runtime asks for its first invocation, or fails before it. */
  onReady: (() => void) | undefined
  onAnswer: ((answer: Answer) => void) | undefined
  ready = false
  private waiting: ServerResponse | undefined
  private current: Invocation | undefined

  constructor() {
    this.server = createServer((request, response) => void this.take(request, response))
  }

  /** Hands an invocation to the runtime, which has asked for it or will. */
  send(invocation: Invocation): void {
    this.current = invocation
    const { waiting } = this
    this.waiting = undefined
    if (waiting) hand(waiting, invocation)
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(PREFIX, '')
    if (request.method === 'GET' && path === '/invocation/next') return this.next(response)
    const body = await bodyOf(request)
    const [, id, kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    if (request.method !== 'POST' || (!kind && path !== '/init/error'))
      return answer(response, 404, { errorType: 'InvalidRequest', errorMessage: `${request.method} ${path}` })
    if (kind && id !== this.current?.requestId)
      return answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
    this.current = undefined
    answer(response, 202, { status: 'OK' })
    this.onAnswer?.({ payload: body, failed: kind !== 'response' })
  }

  private next(response: ServerResponse): void {
    this.ready = true
    if (this.current) hand(response, this.current)
    else this.waiting = response
    this.onReady?.()
    this.onReady = undefined
  }
}

function hand(
  response: ServerResponse,
  { requestId, payload, invokedArn, timeout, clientContext }: Invocation,
) {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': String(Date.now() + timeout * 1000),
    'lambda-runtime-invoked-function-arn': invokedArn,
    ...(clientContext === undefined
      ? {}
      : { 'lambda-runtime-client-context': JSON.stringify(clientContext) }),
  })
  response.end(payload)
}

const answer = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
