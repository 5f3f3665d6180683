/** A request and an answer as they stand on the wire, free of any HTTP library, and what a service does there on its own. */
import type { AwsError } from '../../model/index.ts'
import type { SigningRules } from './signing-rules.ts'

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

/** A body in pieces. Who has done with a piece may give its memory back, in which a later piece will come. */
export interface Pieces extends AsyncIterable<Uint8Array> {
  readonly giveBack?: (piece: Uint8Array) => void
}

export interface WireResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer | string | Pieces
}

/** A decoded input or an output before encoding, by member name. */
export type Fields = Record<string, unknown>

/** Where a request points, for a service whose addresses are not the model's path patterns alone. */
export interface WireAddress {
  /** What the model's path patterns are compared with. */
  readonly segments: readonly string[]
  /** What they say of the input. */
  readonly members: Fields
}

/** An error on its way out. */
export interface ErrorAnswer {
  readonly error: AwsError
  readonly code: string
  readonly status: number
  readonly requestId: string
  readonly resource?: string
}

/** What one service does on the wire otherwise than everybody who speaks its protocol. */
export interface Wire {
  /** Whether a name below this machine's own, `x.localhost`, is the service's, whatever the path says. */
  ownsHost?(name: string): boolean
  address?(request: WireRequest): WireAddress
  /** Fixed query parameters without a value make a request mean something else: `DELETE /bucket?acl` deletes no bucket. */
  readonly subresources?: true
  /** The status of a success that no model tells. */
  successStatus?(output: Fields): number | undefined
  /** By operation, the member of its output that is the text of the root element itself. */
  readonly rootText?: Readonly<Record<string, string>>
  errorStatus?(code: string): number | undefined
  errorBody?(answer: ErrorAnswer): Omit<WireResponse, 'status'>
  /** The error for a body that is not well-formed, or a value that is not of the modelled type. */
  malformed?(problem: string): AwsError
  /** The code of its error for what this cloud does not have, and AWS may have for everybody to read. */
  readonly missingHere?: string
  /** The error for a method and path that mean no operation. */
  wrongMethod?(request: WireRequest): AwsError
  /**
   * The error for a required member that is missing. Where a service has one, nothing else is checked by its model: its
   * handlers know its own errors for the rest.
   */
  missing?(member: string, place: 'body' | 'elsewhere'): AwsError
  /** The headers that carry a request's id. */
  requestIds?(requestId: string): Record<string, string>
  readonly signing?: SigningRules
}
