/** RetryBuild: a build that has ended runs once more, with what it was given and of the same commit. */
import { operation } from '../../../kernel/operation.ts'
import { buildId, findBuild, onProjectsOf } from '../engine/find-build.ts'
import { startedBefore } from '../engine/history.ts'
import { requestOf } from '../engine/idempotency.ts'
import { invalid } from '../engine/refusals.ts'
import { retryBuild } from '../engine/retry-build.ts'
import { projectKind } from '../kinds.ts'
import { shownBuild } from '../state.ts'

/** Errors: ResourceNotFoundException; InvalidInputException while it runs, and for a build of a batch. */
export const RetryBuild = operation({
  service: 'codebuild',
  name: 'RetryBuild',
  access: ({ id }, ctx) => (id === undefined ? [] : onProjectsOf(ctx, 'RetryBuild', [id])),
  run: (input, ctx) => {
    if (input.id === undefined) throw invalid('A build id is required')
    const build = findBuild(ctx, buildId(input.id))
    const project = projectKind.find(ctx, build.projectName)
    const request = requestOf(input)
    const known = request && startedBefore(ctx, project.name, request)
    if (known) return { build: shownBuild(known) }
    if (!build.buildComplete) throw invalid(`The build ${build.id} cannot be retried: it is in progress`)
    if (build.buildBatchArn)
      throw invalid(`The build ${build.id} is of a batch: retry that, ${build.buildBatchArn}`)
    return { build: shownBuild(retryBuild(ctx, project, build, request)) }
  },
})
