/** Calls services whose SDK client is not installed, in the JSON protocol. */
import { signedAnew } from '../chaos/signed-request.ts'
import { HUB } from './cloud.ts'

interface Where {
  readonly account?: string
  readonly region?: string
  readonly now?: () => number
}

/** Gives a function that calls operations of a service as an account's root user. Errors: with the service's code as name. */
export const jsonCaller =
  (
    { endpoint }: { readonly endpoint: string },
    { prefix, signingName }: { readonly prefix: string; readonly signingName: string },
    { account = HUB, region = 'us-east-1', now = Date.now }: Where = {},
  ) =>
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds its test knows
  async (operation: string, input: object = {}): Promise<any> => {
    const authorization = `Credential=${account}/20260101/${region}/${signingName}/aws4_request`
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${prefix}.${operation}`,
      authorization,
    }
    const body = Buffer.from(JSON.stringify(input))
    const signed = signedAnew(
      { method: 'POST', path: '/', headers, body },
      new URL(endpoint).host,
      new Date(now()),
    )
    const { host: _, ...sent } = signed.headers as Record<string, string>
    const answer = await fetch(endpoint, { method: 'POST', headers: sent, body })
    const text = await answer.text()
    const value = text === '' ? {} : JSON.parse(text)
    if (answer.ok) return value
    throw Object.assign(new Error(value.message ?? value.Message), { name: value.__type })
  }

/** CloudWatch, of which AWS has a client that Crossdock does not need. */
export const CLOUDWATCH = { prefix: 'GraniteServiceVersion20100801', signingName: 'monitoring' }
