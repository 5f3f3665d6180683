/** The two kinds of error with an audience; anything else that is thrown is a bug. */

/** Where in a user's file something stands; line and column count from 1. */
export interface SourceLocation {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** Something wrong in what the user wrote: what it is, where it stands, and how to mend it. */
export class FleetError extends Error {
  override readonly name = 'FleetError'
  readonly location?: SourceLocation
  /** What to do about it, in one sentence. */
  readonly fix?: string

  constructor(what: string, details: { location?: SourceLocation; fix?: string } = {}) {
    super(what)
    this.location = details.location
    this.fix = details.fix
  }

  /** `file:line:column: what` and the fix on a line of its own. */
  override toString(): string {
    const { file, line, column } = this.location ?? {}
    const where = file ? `${[file, line, column].filter((part) => part !== undefined).join(':')}: ` : ''
    return `${where}${this.message}${this.fix ? `\n  fix: ${this.fix}` : ''}`
  }
}

/**
 * An error as an AWS service answers it. The protocol in use decides how it is written on the wire.
 * `code` is the modelled error's code, `status` the HTTP status, `fields` further members of the error shape,
 * `headers` what the answer carries besides (S3's `x-amz-bucket-region`), names in lower case.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: string,
    message: string,
    details: { status?: number; fields?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.code = code
    this.status = details.status ?? 400
    this.fields = details.fields ?? {}
    this.headers = details.headers ?? {}
  }
}
