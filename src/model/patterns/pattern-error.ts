/** Why a user's pattern cannot be used. */

/**
 * `invalid`: it is no regular expression; `unsupported`: Java reads it and Crossdock does not; `slow`: matching it
 * took longer than any sensible pattern does.
 */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  readonly kind: 'invalid' | 'unsupported' | 'slow'

  constructor(kind: PatternError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
