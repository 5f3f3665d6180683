/** What builds tell of commits of connected repositories, as providers show it beside the commit. */
import type { Cloud } from '../kernel/cloud.ts'
import { collection } from '../kernel/store.ts'

export interface CommitStatus {
  readonly repository: string
  readonly commit: string
  /** Which of a commit's statuses it is: a later one of the same context takes its place. */
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure' | 'error'
  readonly description: string
  readonly url: string
  /** Milliseconds since 1970. */
  readonly updated: number
}

/** CodeConnections' own records, by `owner/name@commit context`, for all accounts. */
const statuses = collection<CommitStatus>('codeconnections.statuses')

const keyOf = ({ repository, commit, context }: CommitStatus): string => `${repository}@${commit} ${context}`

export const reportStatus = (cloud: Cloud, status: CommitStatus): void =>
  cloud.store.of(statuses).put(keyOf(status), status)

/** Gives the statuses of a commit by their contexts. */
export const statusesOf = (cloud: Cloud, repository: string, commit: string): CommitStatus[] =>
  cloud.store
    .of(statuses)
    .values()
    .filter((one) => one.repository === repository && one.commit === commit)
    .sort((one, other) => (one.context < other.context ? -1 : 1))
