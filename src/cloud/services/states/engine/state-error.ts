/** An error within an execution, as Retry and Catch see it. */
export class StateError extends Error {
  override readonly name = 'StateError'
  /** `States.Timeout`, `Lambda.ResourceNotFoundException`, or what a function calls it. */
  readonly error: string
  constructor(error: string, cause = '') {
    super(cause)
    this.error = error
  }
}
