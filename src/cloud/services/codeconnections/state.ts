/** What CodeConnections keeps. */
import { collection } from '../../kernel/store.ts'
import type { Reference } from '../../machine/bare-repository.ts'

export interface Connection {
  /** The UUID at the end of the ARN; the same under both of the service's names. */
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly providerType: string
  readonly status: 'PENDING' | 'AVAILABLE' | 'ERROR'
  readonly tags: Readonly<Record<string, string>>
}

/** What was told last of a repository's branches and tags. */
export interface Announced {
  readonly branches: readonly Reference[]
  readonly tags?: readonly Reference[]
  /** Heads of pull requests that it came with: nobody is told of those. */
  readonly pulls?: readonly Reference[]
}

/** A pull request; its head commit is `refs/pull/<number>/head` of the repository too. */
export interface PullRequest {
  readonly repository: string
  readonly number: number
  readonly title: string
  readonly source: string
  readonly destination: string
  readonly commit: string
  readonly state: 'OPEN' | 'CLOSED'
  readonly merged: boolean
  /** Files that it changes, as was told last: once it is merged its destination has them. */
  readonly files?: readonly string[]
  readonly author: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly updated: number
}

/** By `owner/name`, for all accounts. */
export const announced = collection<Announced>('codeconnections.announced')
/** By `owner/name#number`, for all accounts. */
export const pullRequests = collection<PullRequest>('codeconnections.pull-requests')
export const connections = collection<Connection>('codeconnections.connections')
