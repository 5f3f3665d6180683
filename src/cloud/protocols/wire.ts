/** A request and an answer as they stand on the wire, free of any HTTP library. */

export interface WireRequest {
  readonly method: string
  /** As received: still percent-encoded, without the query. */
  readonly path: string
  /** As received, without the question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The Host header, with its port. */
  readonly host: string
  /** Empty while the body is a stream. */
  readonly body: Buffer
  readonly stream?: AsyncIterable<Uint8Array>
}

export interface WireResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer | string | AsyncIterable<Uint8Array>
}

/** A decoded input or an output before encoding, by member name. */
export type Fields = Record<string, unknown>
