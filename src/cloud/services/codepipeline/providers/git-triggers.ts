/** Triggers of a pipeline by pushes to connected repositories: which push passes which filter. */
import { type AwsError, globPattern, type PipelineDeclaration } from '../../../../model/index.ts'
import type { Push } from '../../../kernel/service-events.ts'
import type { Start, WaitingSource } from './runner.ts'

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

/** Gives what a push starts through a source action. AWS: a trigger replaces the watching of the branch that it names. */
export function startByPush(push: Push, { pipeline, action }: WaitingSource): Start | undefined {
  const { FullRepositoryId, BranchName, DetectChanges, ConnectionArn = '' } = action.configuration ?? {}
  if (FullRepositoryId !== push.repository) return undefined
  const overrides = [
    { actionName: action.name, revisionType: 'COMMIT_ID', revisionValue: push.commit, branch: push.branch },
  ]
  const own = triggersOf(pipeline).find((one) => one.gitConfiguration?.sourceActionName === action.name)
  if (own) {
    const filters = own.gitConfiguration?.push
    const detail = JSON.stringify({ branch: push.branch, commitId: push.commit })
    return (filters ? filters.some((filter) => passes(filter, push)) : push.branch === BranchName)
      ? { trigger: { type: 'WebhookV2', detail }, overrides }
      : undefined
  }
  return DetectChanges !== 'false' && push.branch === BranchName
    ? { trigger: { type: 'Webhook', detail: ConnectionArn }, overrides }
    : undefined
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
