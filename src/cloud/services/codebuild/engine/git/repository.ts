/** A repository that a build clones, whichever service or provider has it. */
export interface GitRepository {
  /** The bare repository on this machine. */
  readonly folder: string
  /** Where a build's own git reaches it, and pushes to. */
  readonly address: string
  /** Whether versions may name pull requests. */
  readonly pullRequests?: boolean
  readonly defaultBranch?: string | undefined
}
