/** Triggers of a pipeline by what happens in connected repositories: which event passes which filter. */
import { globPattern, type PipelineDeclaration } from '../../../../model/index.ts'
import type { GitTrigger, Globs, TriggerFilter } from '../../../../pipeline/index.ts'
import type { PullRequestChange, Push, TagPush } from '../../../kernel/service-events.ts'
import type { Start, WaitingSource } from './runner.ts'

/** Changed files that AWS looks at for filters by path. */
const FILES_LOOKED_AT = 100

type GitFilters = NonNullable<GitTrigger['gitConfiguration']>

/** Gives the filters of a source action's trigger; undefined where it has none. AWS: it has one at most. */
const filtersOf = ({ pipeline, action }: WaitingSource): GitFilters | undefined =>
  triggersOf(pipeline).find(({ gitConfiguration: git }) => git?.sourceActionName === action.name)
    ?.gitConfiguration

const triggersOf = ({ triggers = [] }: PipelineDeclaration) => triggers as readonly GitTrigger[]

/**
 * Gives what a push to a branch starts through a source action. AWS: a trigger that filters anything replaces the
 * watching of the branch that the action names; one without filters starts on pushes to that branch (pipelines-triggers).
 */
export function startByPush(push: Push, waiting: WaitingSource): Start | undefined {
  const { BranchName, DetectChanges, ConnectionArn = '' } = waiting.action.configuration ?? {}
  if (!isOf(push, waiting)) return undefined
  const { branch, commit } = push
  const filters = filtersOf(waiting)
  if (filters) {
    const isFree = !filters.push && !filters.pullRequest && branch === BranchName
    const passing = isFree || (filters.push ?? []).some((filter) => passesPush(filter, push))
    return passing ? filtered(waiting, { branch, commit }, { branch, commitId: commit }) : undefined
  }
  return DetectChanges !== 'false' && branch === BranchName
    ? {
        trigger: { type: 'Webhook', detail: ConnectionArn },
        overrides: overridesOf(waiting, { branch, commit }),
      }
    : undefined
}

/** Gives what a tag starts. AWS: by filters on tags alone; the action fetches the commit that the tag is on. */
export function startByTag(told: TagPush, waiting: WaitingSource): Start | undefined {
  if (!isOf(told, waiting)) return undefined
  const { tag, commit } = told
  const filters = filtersOf(waiting)?.push ?? []
  return filters.some(({ tags }) => tags && matches(tags, tag))
    ? filtered(waiting, { commit }, { tag, commitId: commit })
    : undefined
}

/**
 * Gives what a pull request starts. AWS: filters by branch are for the one that is "opened into", and "the execution will
 * use the commit from the source branch" (pipelines-filter); a filter without events takes all of them.
 */
export function startByPullRequest(change: PullRequestChange, waiting: WaitingSource): Start | undefined {
  if (!isOf(change, waiting)) return undefined
  const { source: branch, destination, commit, number, event } = change
  const filters = filtersOf(waiting)?.pullRequest ?? []
  const passing = filters.some(
    ({ events, branches, filePaths }) =>
      (!events || events.includes(event)) &&
      (!branches || matches(branches, destination)) &&
      (!filePaths || passesFiles(filePaths, change.changedFiles)),
  )
  const detail = { pullRequest: number, event, branch, destination, commitId: commit }
  return passing ? filtered(waiting, { branch, commit }, detail) : undefined
}

const isOf = ({ repository }: { readonly repository: string }, { action }: WaitingSource): boolean =>
  action.configuration?.FullRepositoryId === repository

interface Fetched {
  /** Where it may differ from the action's. */
  readonly branch?: string
  readonly commit: string
}

const overridesOf = ({ action }: WaitingSource, { branch, commit }: Fetched) => [
  { actionName: action.name, revisionType: 'COMMIT_ID', revisionValue: commit, branch },
]

const filtered = (waiting: WaitingSource, fetched: Fetched, detail: object): Start => ({
  trigger: { type: 'WebhookV2', detail: JSON.stringify(detail) },
  overrides: overridesOf(waiting, fetched),
})

/**
 * AWS: every kind of filter in an entry must pass; a first push of a branch tells no files, so that it passes no filter by
 * paths; filters on tags are not for branches.
 */
function passesPush({ branches, tags, filePaths }: TriggerFilter, push: Push): boolean {
  if (tags) return false
  if (branches && !matches(branches, push.branch)) return false
  return !filePaths || (push.previous !== undefined && passesFiles(filePaths, push.changedFiles))
}

/** AWS: one changed file that passes is enough. */
const passesFiles = (filter: Globs, files: readonly string[]): boolean =>
  files.slice(0, FILES_LOOKED_AT).some((file) => matches(filter, file))

/** AWS: excludes win over includes. */
function matches({ includes, excludes }: Globs, text: string): boolean {
  const any = (globs: readonly string[]) => globs.some((glob) => globPattern(glob)(text))
  if (excludes && any(excludes)) return false
  return !includes || any(includes)
}
