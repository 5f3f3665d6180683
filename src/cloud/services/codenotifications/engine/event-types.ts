/** What rules can tell of: AWS's event type ids, and the events that each stands for. */
import { type Arn, formatArn } from '../../../../model/index.ts'
import type { CloudEvent } from '../../../kernel/event-bus.ts'

type Detail = Readonly<Record<string, unknown>>

export interface EventType {
  readonly id: string
  /** Of the ARN that a rule is about. */
  readonly service: string
  readonly serviceName: string
  readonly resourceType: string
  readonly name: string
  readonly event: { readonly detailType: string; readonly fits: (detail: Detail) => boolean }
}

const is =
  (key: string, ...values: string[]) =>
  (detail: Detail): boolean =>
    values.includes(String(detail[key]))

const PIPELINE = { service: 'codepipeline', serviceName: 'CodePipeline', resourceType: 'Pipeline' }
const BUILD = { service: 'codebuild', serviceName: 'CodeBuild', resourceType: 'Project' }
const REPOSITORY = { service: 'codecommit', serviceName: 'CodeCommit', resourceType: 'Repository' }
const DEPLOY = { service: 'codedeploy', serviceName: 'CodeDeploy', resourceType: 'Application' }

const titled = (word: string) => `${word[0]!.toUpperCase()}${word.slice(1)}`

/** Of pipelines, stages and actions: the end of the id is the state. */
const executions = (kind: 'Pipeline' | 'Stage' | 'Action', states: readonly string[]): EventType[] =>
  states.map((state) => ({
    ...PIPELINE,
    id: `codepipeline-pipeline-${kind.toLowerCase()}-execution-${state}`,
    name: `${kind} execution: ${titled(state)}`,
    event: {
      detailType: `CodePipeline ${kind} Execution State Change`,
      fits: is('state', state.toUpperCase()),
    },
  }))

const isApproval = ({ type }: Detail) => (type as { category?: string } | undefined)?.category === 'Approval'

/** AWS: an approval is needed from the time its action starts. */
const approvals = [
  ['failed', 'FAILED'],
  ['needed', 'STARTED'],
  ['succeeded', 'SUCCEEDED'],
].map(
  ([end, state]): EventType => ({
    ...PIPELINE,
    id: `codepipeline-pipeline-manual-approval-${end}`,
    name: `Manual approval: ${titled(end!)}`,
    event: {
      detailType: 'CodePipeline Action Execution State Change',
      fits: (detail) => isApproval(detail) && is('state', state!)(detail),
    },
  }),
)

const builds = (
  kind: 'State' | 'Phase',
  key: string,
  ends: Readonly<Record<string, readonly string[]>>,
): EventType[] =>
  Object.entries(ends).map(([end, values]) => ({
    ...BUILD,
    id: `codebuild-project-build-${kind.toLowerCase()}-${end}`,
    name: `Build ${kind.toLowerCase()}: ${titled(end)}`,
    event: { detailType: `CodeBuild Build ${kind} Change`, fits: is(key, ...values) },
  }))

const happenings = (
  detailType: string,
  types: Readonly<Record<string, readonly [name: string, ...events: string[]]>>,
): EventType[] =>
  Object.entries(types).map(([end, [name, ...values]]) => ({
    ...REPOSITORY,
    id: `codecommit-repository-${end}`,
    name,
    event: { detailType, fits: is('event', ...values) },
  }))

const deployments = [
  ['failed', 'FAILURE'],
  ['succeeded', 'SUCCESS'],
  ['started', 'START'],
].map(
  ([end, state]): EventType => ({
    ...DEPLOY,
    id: `codedeploy-application-deployment-${end}`,
    name: `Deployment: ${titled(end!)}`,
    event: {
      detailType: 'CodeDeploy Deployment State-change Notification',
      fits: is('state', state!),
    },
  }),
)

/** AWS: "Notification concepts", "Events for notification rules on …". */
export const EVENT_TYPES: readonly EventType[] = [
  ...executions('Action', ['succeeded', 'failed', 'canceled', 'started']),
  ...executions('Stage', ['started', 'succeeded', 'resumed', 'canceled', 'failed']),
  ...executions('Pipeline', ['failed', 'canceled', 'started', 'resumed', 'succeeded', 'superseded']),
  ...approvals,
  ...builds('State', 'build-status', {
    failed: ['FAILED', 'FAULT', 'TIMED_OUT'],
    succeeded: ['SUCCEEDED'],
    'in-progress': ['IN_PROGRESS'],
    stopped: ['STOPPED'],
  }),
  ...builds('Phase', 'completed-phase-status', {
    failure: ['FAILED', 'FAULT', 'TIMED_OUT', 'CLIENT_ERROR'],
    success: ['SUCCEEDED'],
  }),
  ...happenings('CodeCommit Comment on Commit', {
    'comments-on-commits': ['Comments: On commits', 'commentOnCommitCreated', 'commentOnCommitUpdated'],
  }),
  ...happenings('CodeCommit Comment on Pull Request', {
    'comments-on-pull-requests': [
      'Comments: On pull requests',
      'commentOnPullRequestCreated',
      'commentOnPullRequestUpdated',
    ],
  }),
  ...happenings('CodeCommit Pull Request State Change', {
    'approvals-status-changed': ['Approvals: Status changed', 'pullRequestApprovalStateChanged'],
    'approvals-rule-override': ['Approvals: Rule override', 'pullRequestApprovalRuleOverridden'],
    'pull-request-created': ['Pull request: Created', 'pullRequestCreated'],
    'pull-request-source-updated': ['Pull request: Source updated', 'pullRequestSourceBranchUpdated'],
    'pull-request-status-changed': ['Pull request: Status changed', 'pullRequestStatusChanged'],
    'pull-request-merged': ['Pull request: Merged', 'pullRequestMergeStatusUpdated'],
  }),
  ...happenings('CodeCommit Repository State Change', {
    'branches-and-tags-created': ['Branches and tags: Created', 'referenceCreated'],
    'branches-and-tags-deleted': ['Branches and tags: Deleted', 'referenceDeleted'],
    'branches-and-tags-updated': ['Branches and tags: Updated', 'referenceUpdated'],
  }),
  ...deployments,
]

const byId = new Map(EVENT_TYPES.map((type) => [type.id, type]))

export const eventType = (id: string): EventType | undefined => byId.get(id)

/** Gives the ids that an event stands under. */
export const idsOf = ({ detailType, detail }: Pick<CloudEvent, 'detailType' | 'detail'>): string[] =>
  EVENT_TYPES.filter(({ event }) => event.detailType === detailType && event.fits(detail)).map(({ id }) => id)

/** Gives what a rule has to be about to tell of the event. */
export function subjectOf({ detail, resources, account, region }: CloudEvent): Arn | undefined {
  const project = detail['project-name']
  return typeof project === 'string'
    ? formatArn('codebuild', region, account, `project/${project}`)
    : resources[0]
}

export const describeType = ({ id, serviceName, name, resourceType }: EventType) => ({
  EventTypeId: id,
  ServiceName: serviceName,
  EventTypeName: name,
  ResourceType: resourceType,
})
