/** Builds that events of connected repositories start. */
import { AwsError } from '../../../../../model/index.ts'
import { connectedLocation, repositoryHost } from '../../../../../pipeline/index.ts'
import type { Cloud } from '../../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../../kernel/identity.ts'
import {
  type PullRequestChange,
  type Push,
  pullRequestChanged,
  repositoryPushed,
  type TagPush,
  tagPushed,
} from '../../../../kernel/service-events.ts'
import { projects, type StoredProject, type StoredWebhook, webhooks } from '../../state.ts'
import { beginBatch } from '../batch/begin-batch.ts'
import { beginBuild } from '../begin-build.ts'
import { tellRefusal } from '../tell-status.ts'
import { type Happened, passes } from './filters.ts'

/** An event with what a build is told of it. */
interface Occurrence extends Happened {
  readonly repository: string
  readonly commit: string
  /** `branch/main`, `tag/v1`, `pr/7` */
  readonly trigger: string
  readonly previous?: string
}

/** Starts builds from now on as events come in. */
export function listenForRepositories(cloud: Cloud, context: ContextFactory): void {
  const hear = (what: Occurrence) => {
    for (const { account, region, table } of cloud.store.everywhere(webhooks)) {
      const identity = serviceIdentity(servicePrincipal('codebuild'))
      for (const one of table.values()) startFor(context({ identity, account, region }), one, what)
    }
  }
  cloud.bus.on(repositoryPushed, (push) => hear(ofPush(push)))
  cloud.bus.on(tagPushed, (push) => hear(ofTag(push)))
  cloud.bus.on(pullRequestChanged, (change) => hear(ofPullRequest(change)))
}

const ofPush = ({ branch, changedFiles, ...push }: Push): Occurrence => ({
  ...push,
  event: 'PUSH',
  headRef: `refs/heads/${branch}`,
  trigger: `branch/${branch}`,
  files: changedFiles,
})

const ofTag = ({ tag, ...push }: TagPush): Occurrence => ({
  ...push,
  event: 'PUSH',
  headRef: `refs/tags/${tag}`,
  trigger: `tag/${tag}`,
  files: [],
})

const ofPullRequest = (change: PullRequestChange): Occurrence => {
  const { repository, commit, actor, message, changedFiles: files, source, destination } = change
  return {
    ...{ repository, commit, actor, message, files },
    event: `PULL_REQUEST_${eventOf(change)}`,
    headRef: `refs/heads/${source}`,
    baseRef: `refs/heads/${destination}`,
    trigger: `pr/${change.number}`,
  }
}

/** AWS: "GitHub webhook events". */
function eventOf({ event, reopened, merged }: PullRequestChange): string {
  if (event === 'OPEN') return reopened ? 'REOPENED' : 'CREATED'
  if (event === 'UPDATED') return 'UPDATED'
  return merged ? 'MERGED' : 'CLOSED'
}

/** AWS: what a webhook's build cannot begin for is told at the commit. */
function startFor(ctx: Context, { project: name, webhook }: StoredWebhook, what: Occurrence): void {
  const project = ctx.table(projects).get(name)
  const { type = '', location = '' } = project?.source ?? {}
  if (!project || !repositoryHost(type) || connectedLocation(location) !== what.repository) return
  if (!passes(webhook, what)) return
  try {
    begin(ctx, project, webhook.buildType === 'BUILD_BATCH', what)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    tellRefusal(ctx, project, what, error.message)
  }
}

function begin(ctx: Context, project: StoredProject, isBatch: boolean, what: Occurrence): void {
  const host = repositoryHost(project.source?.type ?? '')!
  // AWS: at GitHub a build of a pull request is told its number (CODEBUILD_SOURCE_VERSION).
  const isNumbered = what.baseRef !== undefined && host.pullRequests
  const input = { projectName: project.name, sourceVersion: isNumbered ? what.trigger : what.commit }
  const more = {
    initiator: `${host.initiator}/${what.commit.slice(0, 7)}`,
    resolvedSourceVersion: what.commit,
    webhook: variablesOf(what),
  }
  if (isBatch) beginBatch(ctx, project, input, more)
  else beginBuild(ctx, project, input, more)
}

/** AWS: CODEBUILD_WEBHOOK_*, by the rest of their names. */
const variablesOf = ({ event, headRef, baseRef, actor, trigger, previous }: Occurrence) => ({
  EVENT: event,
  HEAD_REF: headRef,
  ACTOR_ACCOUNT_ID: actor,
  TRIGGER: trigger,
  ...(baseRef !== undefined && { BASE_REF: baseRef }),
  ...(previous !== undefined && { PREV_COMMIT: previous }),
})
