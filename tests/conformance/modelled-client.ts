/** A client of a service whose SDK client is not installed: it speaks JSON, or else the query protocol, as the service's model says, signed, over HTTP. */
import { loadModel, type OperationModel } from '../../src/cloud/protocols/index.ts'
import { signedAnew } from '../chaos/signed-request.ts'
import { type Credentials, HUB, type TestCloud } from './cloud.ts'
import { answerOf, errorOf, formOf } from './query-form.ts'

interface Configuration {
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
}

type Fields = Record<string, unknown>

const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

type Members = NonNullable<OperationModel['input']>['members']

/** Puts the members that stand in the path or in the query there. */
function placed(uri: string, input: Fields, members: Members): { path: string; body: Fields } {
  const query: string[] = []
  const body: Fields = {}
  let path = uri
  for (const [name, value] of Object.entries(input)) {
    const { location, wireName } = members.find((one) => one.name === name) ?? { wireName: name }
    if (location === 'uri') path = path.replace(`{${wireName}}`, encodeURIComponent(String(value)))
    else if (location === 'querystring')
      for (const one of [value].flat()) query.push(`${wireName}=${encodeURIComponent(String(one))}`)
    else body[name] = value
  }
  return { path: query.length ? `${path}?${query.join('&')}` : path, body }
}

export class ModelledClient {
  readonly config: { systemClockOffset: number } = { systemClockOffset: 0 }
  private readonly service: string
  private readonly configuration: Configuration

  constructor(service: string, configuration: Configuration) {
    this.service = service
    this.configuration = configuration
  }

  destroy(): void {}

  /** As SDK clients take it. */
  send({ name, input }: { readonly name: string; readonly input: object }): Promise<never> {
    return this.call(name, input) as Promise<never>
  }

  /** Calls an operation; times come as seconds. Errors: an Error with the name that the service tells. */
  async call<T = Fields>(operation: string, input: object): Promise<T> {
    const model = loadModel(this.service).in('json')
    const { endpoint, region, credentials } = this.configuration
    const asked = model.operations.get(operation)!
    const isQuery = model.protocol === 'query'
    const { path, body } = isQuery
      ? { path: '/', body: formOf(model, asked, input as Fields) }
      : placed(asked.uri, input as Fields, asked.input?.members ?? [])
    const target = model.protocol === 'json' ? `${model.targetPrefix}.${operation}` : undefined
    const signer = `Credential=${credentials.accessKeyId}/0/${region}/${model.signingName}/aws4_request`
    const request = signedAnew(
      {
        method: asked.method,
        path,
        headers: {
          authorization: signer,
          'content-type': isQuery ? FORM : target ? 'application/x-amz-json-1.0' : 'application/json',
          ...(target && { 'x-amz-target': target }),
        },
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      },
      new URL(endpoint).host,
      new Date(Date.now() + this.config.systemClockOffset),
      undefined,
      { secret: credentials.secretAccessKey, token: credentials.sessionToken },
    )
    const { host: _, ...headers } = request.headers as Record<string, string>
    const response = await fetch(`${endpoint}${request.path}`, {
      method: request.method,
      headers,
      body: request.body,
    })
    const text = await response.text()
    if (isQuery && response.ok) return answerOf(asked, text) as T
    if (isQuery) throw failure(errorOf(text), response.status)
    const answer = (text === '' ? {} : JSON.parse(text)) as Fields
    if (response.ok) return answer as T
    const code = String(answer.__type ?? response.headers.get('x-amzn-errortype'))
    const message = String(answer.message ?? answer.Message)
    throw failure({ code: code.replace(/^.*#|:.*$/g, ''), message }, response.status)
  }
}

const failure = ({ code, message }: { code: string; message: string }, httpStatusCode: number): Error =>
  Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode } })

/** Gives a client of a service of a test's cloud. */
export const modelledClient = (
  test: TestCloud,
  service: string,
  options: Parameters<TestCloud['client']>[1] = {},
): ModelledClient =>
  test.client(
    class extends ModelledClient {
      constructor(configuration: never) {
        super(service, configuration)
      }
    },
    options,
  )

interface RootCall {
  readonly account?: string
  readonly region?: string
  readonly now?: () => number
}

/** Gives a function that calls operations of a service as an account's root user, signed by a clock. */
export function rootCaller(
  { endpoint }: { readonly endpoint: string },
  service: string,
  { account = HUB, region = 'us-east-1', now = Date.now }: RootCall = {},
) {
  const credentials = { accessKeyId: account, secretAccessKey: 'test' }
  const client = new ModelledClient(service, { endpoint, region, credentials })
  Object.defineProperty(client.config, 'systemClockOffset', { get: () => now() - Date.now() })
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds its test knows
  return (operation: string, input: object = {}) => client.call<any>(operation, input)
}
