/** How one service wants its requests signed, where that is not what all of its protocol want. */
import type { AwsError } from '../../model/index.ts'

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

export type SignatureProblem =
  | 'unknownKey'
  | 'invalidToken'
  | 'expiredToken'
  | 'mismatch'
  | 'missing'
  | 'incomplete'
  | 'malformedQuery'

export interface Wording {
  readonly code: string
  readonly message: string
  readonly status: number
}

export type SignatureWords = Readonly<Record<SignatureProblem, Wording>>

/** A signature whose time is not near enough. */
export interface Untimely {
  /** `skewed` in a header; `early` and `expired` of a presigned URL. */
  readonly problem: 'skewed' | 'early' | 'expired'
  /** As sent: `20260101T000000Z`. */
  readonly timestamp: string
  readonly now: Date
  /** How far a header's time may be from the server's. */
  readonly skewMs: number
  /** How many seconds a presigned URL is good for. */
  readonly expires?: number
  /** When a presigned URL expired, in milliseconds. */
  readonly until?: number
}

/** A presigned URL of Signature Version 2, read. It names no region. */
export interface OlderSignature {
  readonly accessKeyId: string
  readonly sessionToken?: string
  readonly region: string
  /** As sent. */
  readonly signature: string
  /** Errors: the URL has expired. */
  requireFresh(now: Date): void
  /** Gives the signature that the request has to have. */
  expected(secretAccessKey: string): string
}

export interface SigningRules {
  readonly words?: SignatureWords
  /** The path is signed as sent; others' is encoded once more. */
  readonly pathAsSent?: true
  /** x-amz-content-sha256 must be there unless the URL is presigned; others take the hash of the body. */
  readonly statesHash?: true
  /** A presigned URL must say when it expires; others' are good for 15 minutes. */
  readonly statesExpiry?: true
  /** The error for a body whose hash is not the one stated, both in hex. */
  otherHash?(stated: string, computed: string): AwsError
  untimely?(problem: Untimely): AwsError
  /** The error for a signature of another region than the endpoint's. */
  foreignEndpoint?(host: string, region: string, presigned: boolean): AwsError | undefined
  /** Whether the checksums in the headers are not those of the body. */
  foreignChecksums?(request: SignedRequest): boolean
  /** Reads a signature of Version 2; undefined where there is none. Errors: one that is not whole. */
  older?(request: SignedRequest): OlderSignature | undefined
  /** The condition keys that follow from the version of a signature. */
  conditions?(version: 2 | 4): Readonly<Record<string, string>>
}
