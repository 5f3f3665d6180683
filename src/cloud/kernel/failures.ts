/** What failed in the background of a cloud, told to whoever listens: its callers have only a log to look into. */

export interface Failure {
  /** `function hello of 111111111111 in us-east-1`. */
  readonly what: string
  readonly message: string
  /** Where more is said: a log group. */
  readonly log?: string
}

export class Failures {
  private readonly listeners = new Set<(failure: Failure) => void>()

  tell(failure: Failure): void {
    for (const listener of this.listeners) listener(failure)
  }

  /** Calls back for every failure from now on; gives the function that ends it. */
  listen(listener: (failure: Failure) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
