/** Requests that were not let in, told to whoever listens: they came from no caller that the trail could name. */

/** Why a request was not let in. */
export interface RefusedRequest {
  /** Who asked, as far as it is known; the same for all that comes from there. */
  readonly from: string
  readonly message: string
  readonly fix: string
}

export class RefusedRequests {
  private readonly listeners = new Set<(refusal: RefusedRequest) => void>()

  tell(refusal: RefusedRequest): void {
    for (const listener of this.listeners) listener(refusal)
  }

  /** Calls back for every refusal from now on; gives the function that ends it. */
  listen(listener: (refusal: RefusedRequest) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
