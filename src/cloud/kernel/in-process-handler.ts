/** What an SDK client in this process is given to reach the cloud without a socket. */
import type { Readable } from 'node:stream'

export interface SmithyResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Readable
}

/** A Smithy request handler, for the `requestHandler` of an SDK client's configuration. */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: unknown): Promise<{ response: SmithyResponse }>
  destroy(): void
  httpHandlerConfigs(): Record<string, never>
  updateHttpClientConfig(): void
}
