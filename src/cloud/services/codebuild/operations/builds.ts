/** Builds that are there: stop, look up, list, delete. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { buildId, findBuild, onProjectsOf } from '../engine/find-build.ts'
import { buildsInOrder } from '../engine/history.ts'
import { invalid } from '../engine/refusals.ts'
import { endBuild } from '../engine/running.ts'
import { projectKind } from '../kinds.ts'
import { builds, type StoredBuild, shownBuild } from '../state.ts'

export const StopBuild = operation({
  service: 'codebuild',
  name: 'StopBuild',
  access: (input, ctx) => onProjectsOf(ctx, 'StopBuild', [input.id]),
  run: (input, ctx) => {
    const build = findBuild(ctx, input.id)
    if (!build.buildComplete) endBuild(ctx.cloud, build.arn, 'STOPPED')
    return { build: shownBuild(findBuild(ctx, input.id)) }
  },
})

export const BatchGetBuilds = operation({
  service: 'codebuild',
  name: 'BatchGetBuilds',
  access: (input, ctx) => onProjectsOf(ctx, 'BatchGetBuilds', input.ids),
  run: (input, ctx) => {
    const find = (id: string) => {
      const found = ctx.table(builds).get(buildId(id))
      return found?.compute ? undefined : found
    }
    return {
      builds: input.ids.flatMap((id) => {
        const found = find(id)
        return found ? [shownBuild(found)] : []
      }),
      buildsNotFound: input.ids.filter((id) => !find(id)),
    }
  },
})

export const BatchDeleteBuilds = operation({
  service: 'codebuild',
  name: 'BatchDeleteBuilds',
  access: (input, ctx) => onProjectsOf(ctx, 'BatchDeleteBuilds', input.ids),
  run: (input, ctx) => {
    const table = ctx.table(builds)
    const ended = input.ids.filter((id) => table.get(buildId(id))?.buildComplete)
    for (const id of ended) table.delete(buildId(id))
    return {
      buildsDeleted: ended,
      buildsNotDeleted: input.ids
        .filter((id) => !ended.includes(id))
        .map((id) => ({ id, statusCode: table.has(buildId(id)) ? 'BUILD_IN_PROGRESS' : 'BUILD_NOT_FOUND' })),
    }
  },
})

function listed(ctx: Context, input: { nextToken?: string; sortOrder?: string }, project?: string) {
  const all = buildsInOrder(ctx, input.sortOrder === 'ASCENDING' ? 'oldest' : 'newest')
  const error = () => invalid('Invalid next token')
  const query = [project ?? '', input.sortOrder]
  const page = paginate(ofProject(all, project), { token: input.nextToken, limit: 100, query, error })
  return { ids: page.items.map(({ id }) => id), nextToken: page.nextToken }
}

function* ofProject(all: Iterable<StoredBuild>, project: string | undefined): Iterable<StoredBuild> {
  for (const build of all)
    if (!build.compute && (project === undefined || build.projectName === project)) yield build
}

export const ListBuilds = operation({
  service: 'codebuild',
  name: 'ListBuilds',
  access: () => [{ action: 'codebuild:ListBuilds', resource: '*' }],
  run: (input, ctx) => listed(ctx, input),
})

export const ListBuildsForProject = operation({
  service: 'codebuild',
  name: 'ListBuildsForProject',
  access: (input, ctx) => [projectKind.on(ctx, 'ListBuildsForProject', input.projectName)],
  run: (input, ctx) => {
    const { name } = projectKind.find(ctx, input.projectName)
    return listed(ctx, input, name)
  },
})
