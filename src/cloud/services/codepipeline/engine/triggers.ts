/** What starts pipelines by itself: pushes to connected repositories, and new objects in source buckets. */
import {
  type ActionDeclaration,
  type AwsError,
  globPattern,
  type PipelineDeclaration,
} from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { objectCreated, type Push, repositoryPushed } from '../../../kernel/service-events.ts'
import { pipelines, type StoredPipeline } from '../state.ts'
import { type Beginning, beginExecution } from './begin-execution.ts'

/** Changed files that AWS looks at for filters by path. */
const FILES_LOOKED_AT = 100

interface Globs {
  readonly includes?: readonly string[]
  readonly excludes?: readonly string[]
}

interface PushFilter {
  readonly branches?: Globs
  readonly tags?: Globs
  readonly filePaths?: Globs
}

interface GitTrigger {
  readonly gitConfiguration?: {
    readonly sourceActionName?: string
    readonly push?: readonly PushFilter[]
    readonly pullRequest?: readonly unknown[]
  }
}

const triggersOf = (pipeline: PipelineDeclaration): readonly GitTrigger[] =>
  (pipeline.triggers ?? []) as readonly GitTrigger[]

/** Refuses the kinds of trigger that a local repository cannot fire: pull requests and tags. */
export function refuseTriggers(
  pipeline: PipelineDeclaration,
  unsupported: (message: string) => AwsError,
): void {
  for (const { gitConfiguration: git } of triggersOf(pipeline)) {
    if (git?.pullRequest?.length)
      throw unsupported('The embedded cloud does not support triggers by pull requests.')
    if (git?.push?.some((filter) => filter.tags))
      throw unsupported('The embedded cloud does not support triggers by tags.')
  }
}

/** Starts pipelines from now on as events come in. */
export function listenForSources(cloud: Cloud, context: ContextFactory): void {
  const startEach = (triggerOf: TriggerOf) => {
    for (const { account, region, table } of cloud.store.everywhere(pipelines))
      for (const pipeline of table.values()) {
        const beginning = triggerOf(pipeline.declaration, region)
        if (beginning) begin(context({ identity: anonymousIdentity, account, region }), pipeline, beginning)
      }
  }
  cloud.bus.on(repositoryPushed, (push) => startEach((pipeline) => pushTrigger(pipeline, push)))
  cloud.bus.on(objectCreated, ({ bucket, key, region: home }) =>
    startEach((pipeline, region) => (region === home ? objectTrigger(pipeline, bucket, key) : undefined)),
  )
}

type TriggerOf = (pipeline: PipelineDeclaration, region: string) => Beginning | undefined

/** AWS: what comes in beyond the limit of concurrent executions is dropped without a message. */
function begin(ctx: Context, pipeline: StoredPipeline, beginning: Beginning): void {
  try {
    beginExecution(ctx, pipeline, beginning)
  } catch (error) {
    if ((error as AwsError).code !== 'ConcurrentPipelineExecutionsLimitExceededException') throw error
  }
}

const sourcesOf = ({ stages }: PipelineDeclaration, provider: string): ActionDeclaration[] =>
  (stages[0]?.actions ?? []).filter((action) => action.actionTypeId.provider === provider)

/** AWS: a trigger replaces the watching of the branch that the source action names. */
function pushTrigger(pipeline: PipelineDeclaration, push: Push): Beginning | undefined {
  for (const action of sourcesOf(pipeline, 'CodeStarSourceConnection')) {
    const { FullRepositoryId, BranchName, DetectChanges, ConnectionArn = '' } = action.configuration ?? {}
    if (FullRepositoryId !== push.repository) continue
    const overrides = [
      { actionName: action.name, revisionType: 'COMMIT_ID', revisionValue: push.commit, branch: push.branch },
    ]
    const own = triggersOf(pipeline).find((one) => one.gitConfiguration?.sourceActionName === action.name)
    if (own) {
      const filters = own.gitConfiguration?.push
      const detail = JSON.stringify({ branch: push.branch, commitId: push.commit })
      if (filters ? filters.some((filter) => passes(filter, push)) : push.branch === BranchName)
        return { trigger: { type: 'WebhookV2', detail }, overrides }
    } else if (DetectChanges !== 'false' && push.branch === BranchName)
      return { trigger: { type: 'Webhook', detail: ConnectionArn }, overrides }
  }
  return undefined
}

/** AWS: every kind of filter in an entry must pass; one changed file that passes is enough. */
function passes({ branches, filePaths }: PushFilter, push: Push): boolean {
  if (branches && !matches(branches, push.branch)) return false
  if (!filePaths) return true
  return (
    push.previous !== undefined &&
    push.changedFiles.slice(0, FILES_LOOKED_AT).some((file) => matches(filePaths, file))
  )
}

/** AWS: excludes win over includes. */
function matches({ includes, excludes }: Globs, text: string): boolean {
  const any = (globs: readonly string[]) => globs.some((glob) => globPattern(glob)(text))
  if (excludes && any(excludes)) return false
  return !includes || any(includes)
}

function objectTrigger(pipeline: PipelineDeclaration, bucket: string, key: string): Beginning | undefined {
  const polled = sourcesOf(pipeline, 'S3').find(({ configuration = {} }) => {
    const { S3Bucket, S3ObjectKey, PollForSourceChanges = 'true' } = configuration
    return PollForSourceChanges !== 'false' && S3Bucket === bucket && S3ObjectKey === key
  })
  return polled && { trigger: { type: 'PollForSourceChanges', detail: polled.name } }
}
