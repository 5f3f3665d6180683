/** What of a request a signature is about; a WireRequest is one. */
export interface SignedRequest {
  readonly method: string
  /** As received: still percent-encoded, without the query. */
  readonly path: string
  /** As received, without the question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** The credential scope of a signature: `20260101/us-east-1/s3/aws4_request`. */
export interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
}
