/** What one service tells another and EventBridge does not hear of. */
import type { Arn } from '../../model/index.ts'
import { event } from './event-bus.ts'

/** What pipelines that poll a bucket on AWS listen for here, whatever the bucket's notifications are. */
export const objectCreated = event<{
  readonly bucket: string
  readonly key: string
  /** The bucket's. */
  readonly region: string
}>('s3.object-created')

/** A branch of a connected repository was created or moved. */
export interface Push {
  readonly repository: string
  readonly branch: string
  readonly commit: string
  /** Absent for the first push of a branch. */
  readonly previous?: string
  /** Against the commit before; none for the first push of a branch. */
  readonly changedFiles: readonly string[]
  /** Of the commit. */
  readonly message: string
  /** The account of who pushed; empty where a kill came between the push and its telling. */
  readonly actor: string
}

export const repositoryPushed = event<Push>('codeconnections.repository-pushed')

/** A tag of a connected repository was created or moved. */
export type TagPush = Pick<Push, 'repository' | 'commit' | 'previous' | 'message' | 'actor'> & {
  readonly tag: string
}

export const tagPushed = event<TagPush>('codeconnections.tag-pushed')

/** A pull request of a connected repository was opened, updated or closed. */
export interface PullRequestChange {
  readonly repository: string
  readonly number: number
  /** As CodePipeline's triggers call them; a pull request that is opened again is OPEN. */
  readonly event: 'OPEN' | 'UPDATED' | 'CLOSED'
  readonly reopened: boolean
  /** Whether it was closed by its merge. */
  readonly merged: boolean
  readonly title: string
  /** Branches. */
  readonly source: string
  readonly destination: string
  /** The head commit of the source. */
  readonly commit: string
  readonly previous?: string
  /** Between where the branches part and the head commit. */
  readonly changedFiles: readonly string[]
  /** Of the head commit. */
  readonly message: string
  /** The account of who opened it, and of who did this. */
  readonly author: string
  readonly actor: string
}

export const pullRequestChanged = event<PullRequestChange>('codeconnections.pull-request-changed')

/** What pipelines that poll a CodeCommit repository on AWS listen for here: a branch was made or moved. */
export const codeCommitChanged = event<{
  readonly account: string
  readonly region: string
  readonly repository: string
  readonly branch: string
  readonly commit: string
}>('codecommit.branch-moved')

export const buildEnded = event<{ readonly build: Arn }>('codebuild.build-ended')

/** An execution of a standard state machine has ended. */
export const executionEnded = event<{ readonly execution: Arn }>('states.execution-ended')

/** An ECS service has another state, or another of its deployments has. */
export const serviceChanged = event<{ readonly service: Arn }>('ecs.service-changed')

/** A function, a version of it or its provisioned concurrency is ready, after it was made or changed. */
export const functionSettled = event<{ readonly function: Arn }>('lambda.function-settled')

/** A message of a queue can be received, now or from a time (milliseconds since 1970) on. */
export const messageArrived = event<{ readonly queue: Arn; readonly at?: number }>('sqs.message-arrived')

/** A stack has another status. */
export const stackChanged = event<{ readonly stack: Arn }>('cloudformation.stack-changed')

/** An operation on a stack set is over. */
export const stackSetOperationEnded = event<{ readonly stackSet: Arn; readonly operation: string }>(
  'cloudformation.stack-set-operation-ended',
)

/** An account of the organization has another place in it. */
export const accountMoved = event<{ readonly account: string; readonly from: string; readonly to: string }>(
  'organizations.account-moved',
)

/** A change set's changes are worked out, or its failure. */
export const changeSetPrepared = event<{ readonly changeSet: Arn }>('cloudformation.change-set-prepared')

/** A deployment of CodeDeploy has another status. */
export const deploymentChanged = event<{
  readonly account: string
  readonly region: string
  readonly deployment: string
}>('codedeploy.deployment-changed')
