/** What CodeCommit keeps; commits and branches are git's, in a folder for each repository. */
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'
import type { Reference } from '../../machine/bare-repository.ts'

export type TriggerEvent = 'all' | 'updateReference' | 'createReference' | 'deleteReference'

export interface Trigger {
  readonly name: string
  readonly destinationArn: string
  readonly customData?: string
  /** None means all. */
  readonly branches: readonly string[]
  readonly events: readonly TriggerEvent[]
}

export interface Repository {
  /** A UUID, which names its folder; it stays when the repository is renamed. */
  readonly id: string
  readonly name: string
  readonly account: string
  readonly region: string
  readonly description?: string
  /** Absent until the first branch is made. */
  readonly defaultBranch?: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly tags: Tags
  readonly triggers: readonly Trigger[]
  /** What PutRepositoryTriggers answered last. */
  readonly triggersId?: string
}

/** What was told last of a repository's branches and tags, by full name. */
export interface Told {
  readonly references: readonly Reference[]
}

/** By name. */
export const repositories = collection<Repository>('codecommit.repositories')
/** By the repository's id. */
export const told = collection<Told>('codecommit.told')

export interface ApprovalRule {
  readonly id: string
  readonly name: string
  readonly content: string
  /** Milliseconds since 1970. */
  readonly created: number
  /** Where it is another time than that of its creation. */
  readonly modified?: number
  readonly user: string
  /** The template that it was made of. */
  readonly template?: { readonly id: string; readonly name: string }
}

/** Approval rules that pull requests of some repositories get. */
export interface RuleTemplate {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly content: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly user: string
  /** Ids of the repositories that have it. */
  readonly repositories: readonly string[]
}

/** A comment on a pull request, on what is different between two commits, or on another comment. */
export interface Comment {
  readonly id: string
  /** The repository's; its name may change. */
  readonly repositoryId: string
  readonly pullRequestId?: string
  readonly before?: string
  readonly after: string
  readonly location?: {
    readonly filePath?: string
    readonly filePosition?: number
    readonly relativeFileVersion?: 'BEFORE' | 'AFTER'
  }
  readonly beforeBlob?: string
  readonly afterBlob?: string
  /** Absent when it was deleted. */
  readonly content?: string
  readonly inReplyTo?: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly authorArn: string
  readonly token?: string
  /** By the ARN of who reacted. */
  readonly reactions: Readonly<Record<string, string>>
}

/** What has happened to a pull request, with what its API tells of such an event. */
export interface PullRequestHappening {
  readonly type: string
  readonly actorArn: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly details: Readonly<Record<string, unknown>>
}

export interface PullRequest {
  /** A number, as text. */
  readonly id: string
  /** The repository's; its name may change. */
  readonly repositoryId: string
  readonly title: string
  readonly description?: string
  readonly status: 'OPEN' | 'CLOSED'
  readonly authorArn: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly lastActivity: number
  readonly sourceReference: string
  readonly destinationReference: string
  readonly sourceCommit: string
  readonly destinationCommit: string
  readonly mergeBase?: string
  readonly merged?: { readonly by: string; readonly commit: string; readonly option: string }
  /** Another one after each change of the source branch, which voids approvals. */
  readonly revisionId: string
  readonly token?: string
  readonly rules: readonly ApprovalRule[]
  readonly history?: readonly PullRequestHappening[]
  /** Who has set the rules aside. */
  readonly overriddenBy?: string
  readonly approvals: readonly { readonly userArn: string; readonly state: 'APPROVE' | 'REVOKE' }[]
}

export const pullRequests = collection<PullRequest>('codecommit.pull-requests')
/** By name. */
export const ruleTemplates = collection<RuleTemplate>('codecommit.rule-templates')
export const comments = collection<Comment>('codecommit.comments')
