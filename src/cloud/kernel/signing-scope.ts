/** The credential scope of a signature. */

/** `20260101/us-east-1/s3/aws4_request`. */
export interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
}
