/** Tells a repository how the builds of its commits stand, where people look at them. */
import type { ProjectSource, StatusType } from '@aws-sdk/client-codebuild'
import { connectedLocation, repositoryHost } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type CommitStatus, reportStatus } from '../../../sources/commit-status.ts'
import { batches, type StoredBatch, type StoredBuild, type StoredProject } from '../state.ts'

/** A build or a batch of them. */
interface Work {
  readonly id: string
  readonly projectName: string
  readonly source?: ProjectSource | undefined
  readonly commit?: string | undefined
  readonly status?: StatusType | undefined
  readonly webhook?: unknown
  /** Which build of its batch it is. */
  readonly part?: string | undefined
  readonly kind: 'build' | 'batch'
}

/**
 * Tells of a build. AWS: one that a webhook started is always told of, others where the project wants it (ProjectSource,
 * reportBuildStatus); those of a batch where its batchReportMode is REPORT_INDIVIDUAL_BUILDS.
 */
export function tellBuild(ctx: Context, build: StoredBuild): void {
  const { id, projectName, source, resolvedSourceVersion: commit, buildStatus: status, webhook } = build
  const batch =
    build.buildBatchArn && ctx.table(batches).get(build.buildBatchArn.replace(/^.*:build-batch\//, ''))
  if (batch && !isTold(batch)) return
  tell(ctx, { id, projectName, source, commit, status, webhook, part: build.batchIdentifier, kind: 'build' })
}

/** Tells of a batch. AWS: as one status, unless its builds are told of. */
export function tellBatch(ctx: Context, batch: StoredBatch): void {
  if (isTold(batch)) return
  const { id, projectName, source, resolvedSourceVersion: commit, buildBatchStatus: status, webhook } = batch
  tell(ctx, { id, projectName, source, commit, status, webhook, kind: 'batch' })
}

const isTold = ({ buildBatchConfig }: StoredBatch): boolean =>
  buildBatchConfig?.batchReportMode === 'REPORT_INDIVIDUAL_BUILDS'

/** Tells of a commit whose build could not begin. */
export function tellRefusal(
  ctx: Context,
  { name, source }: StoredProject,
  { repository, commit }: { readonly repository: string; readonly commit: string },
  why: string,
): void {
  const description = `The build could not begin: ${why}`
  const context = contextOf(ctx, { projectName: name, source })
  const url = source?.buildStatusConfig?.targetUrl ?? ''
  const updated = ctx.cloud.clock.now()
  reportStatus(ctx.cloud, { repository, commit, context, state: 'error', description, url, updated })
}

const STATES: Partial<Record<StatusType, CommitStatus['state']>> = {
  IN_PROGRESS: 'pending',
  SUCCEEDED: 'success',
  FAILED: 'failure',
}

function tell(ctx: Context, work: Work): void {
  const { source, commit, webhook, status = 'IN_PROGRESS', projectName } = work
  const repository = repositoryHost(source?.type ?? '') && connectedLocation(source?.location ?? '')
  if (!repository || !commit || !(webhook || source?.reportBuildStatus)) return
  reportStatus(ctx.cloud, {
    repository,
    commit,
    context: contextOf(ctx, work),
    state: STATES[status] ?? 'error',
    description: `${work.kind === 'batch' ? 'Batch build' : 'Build'} of ${projectName}: ${status}`,
    url: source?.buildStatusConfig?.targetUrl ?? consoleUrl(ctx, work),
    updated: ctx.cloud.clock.now(),
  })
}

/** AWS: `AWS CodeBuild <region> (<project>)`, where the project names none. */
function contextOf(
  { region }: Context,
  { source, projectName, part }: Pick<Work, 'source' | 'projectName' | 'part'>,
) {
  const name = source?.buildStatusConfig?.context ?? `AWS CodeBuild ${region} (${projectName})`
  return part === undefined ? name : `${name} ${part}`
}

const consoleUrl = ({ region }: Context, { kind, id }: Work): string =>
  `https://console.aws.amazon.com/codebuild/home?region=${region}#/${kind === 'batch' ? 'build-batches' : 'builds'}/${id}/view/new`
