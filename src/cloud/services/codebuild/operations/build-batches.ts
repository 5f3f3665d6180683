/** Batch builds: start, stop, look up, list, delete. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { endBatch } from '../engine/batch/batch-run.ts'
import { beginBatch } from '../engine/batch/begin-batch.ts'
import { batchId, findBatch, onBatch, projectOf } from '../engine/batch/find-batch.ts'
import { passRole } from '../engine/check-project.ts'
import { requestOf, requireSame, TOKEN_LIFE, type TokenedRequest } from '../engine/idempotency.ts'
import { invalid } from '../engine/refusals.ts'
import { projectKind } from '../kinds.ts'
import { batches, type StoredBatch, shownBatch } from '../state.ts'

/** Overrides that a local build cannot honour. */
const UNSUPPORTED = ['certificateOverride', 'registryCredentialOverride', 'debugSessionEnabled'] as const

export const StartBuildBatch = operation({
  service: 'codebuild',
  name: 'StartBuildBatch',
  access: (input, ctx) => [
    projectKind.on(ctx, 'StartBuildBatch', input.projectName),
    ...passRole(ctx, input.serviceRoleOverride),
    ...passRole(ctx, input.buildBatchConfigOverride?.serviceRole),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const project = projectKind.find(ctx, input.projectName)
    const request = requestOf(input)
    const known = request && startedBefore(ctx, project.name, request)
    if (known) return { buildBatch: shownBatch(known) }
    return { buildBatch: shownBatch(beginBatch(ctx, project, input, { request })) }
  },
})

/** AWS: the same token within five minutes gives the same batch; with other parameters it is refused. */
function startedBefore(ctx: Context, project: string, request: TokenedRequest): StoredBatch | undefined {
  const since = ctx.cloud.clock.now() - TOKEN_LIFE
  const found = ofProject(ctx, project).find(
    (one) => one.request?.token === request.token && one.startTime.getTime() > since,
  )
  if (found) requireSame(found.request, request)
  return found
}

export const StopBuildBatch = operation({
  service: 'codebuild',
  name: 'StopBuildBatch',
  access: (input, ctx) => [onBatch(ctx, 'StopBuildBatch', input.id)],
  run: (input, ctx) => {
    const batch = findBatch(ctx, input.id)
    if (!batch.complete) endBatch(ctx.cloud, batch.arn, 'STOPPED')
    return { buildBatch: shownBatch(findBatch(ctx, input.id)) }
  },
})

export const BatchGetBuildBatches = operation({
  service: 'codebuild',
  name: 'BatchGetBuildBatches',
  access: (input, ctx) =>
    [...new Set(input.ids.map((id) => projectOf(ctx, id)))].map((arn) =>
      projectKind.on(ctx, 'BatchGetBuildBatches', arn),
    ),
  run: (input, ctx) => {
    const table = ctx.table(batches)
    return {
      buildBatches: input.ids.flatMap((id) => {
        const found = table.get(batchId(id))
        return found ? [shownBatch(found)] : []
      }),
      buildBatchesNotFound: input.ids.filter((id) => !table.has(batchId(id))),
    }
  },
})

const ofProject = (ctx: Context, project?: string): StoredBatch[] =>
  ctx
    .table(batches)
    .values()
    .filter((one) => project === undefined || one.projectName === project)

interface Listing {
  readonly filter?: { readonly status?: string }
  readonly sortOrder?: string
  readonly nextToken?: string
  readonly maxResults?: number
}

function listed(ctx: Context, input: Listing, project?: string) {
  const status = input.filter?.status
  const found = ofProject(ctx, project)
    .filter((one) => !status || one.buildBatchStatus === status)
    .sort(
      (a, b) => a.startTime.getTime() - b.startTime.getTime() || a.buildBatchNumber! - b.buildBatchNumber!,
    )
  if (input.sortOrder !== 'ASCENDING') found.reverse()
  const page = paginate(found, {
    token: input.nextToken,
    limit: input.maxResults ?? 100,
    query: [project, status, input.sortOrder],
    error: () => invalid('Invalid next token'),
  })
  return { ids: page.items.map(({ id }) => id), nextToken: page.nextToken }
}

export const ListBuildBatches = operation({
  service: 'codebuild',
  name: 'ListBuildBatches',
  access: () => [{ action: 'codebuild:ListBuildBatches', resource: '*' }],
  run: (input, ctx) => listed(ctx, input),
})

export const ListBuildBatchesForProject = operation({
  service: 'codebuild',
  name: 'ListBuildBatchesForProject',
  access: (input, ctx) =>
    input.projectName ? [projectKind.on(ctx, 'ListBuildBatchesForProject', input.projectName)] : [],
  run: (input, ctx) => {
    if (!input.projectName) throw invalid('A project name is required')
    return listed(ctx, input, projectKind.find(ctx, input.projectName).name)
  },
})

export const DeleteBuildBatch = operation({
  service: 'codebuild',
  name: 'DeleteBuildBatch',
  access: (input, ctx) => [onBatch(ctx, 'DeleteBuildBatch', input.id)],
  run: (input, ctx) => {
    const batch = ctx.table(batches).get(batchId(input.id))
    if (batch && !batch.complete) throw invalid(`The batch build ${batch.id} is in progress`)
    if (batch) ctx.table(batches).delete(batch.id)
    return {
      statusCode: batch ? 'BATCH_DELETED' : 'BATCH_NOT_FOUND',
      buildsDeleted: [],
      buildsNotDeleted: [],
    }
  },
})
