/** StartBuild: a project's definition with the caller's overrides becomes a build, which runs in the background. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { beginBuild } from '../engine/begin-build.ts'
import { passRole } from '../engine/check-project.ts'
import { buildsInOrder } from '../engine/history.ts'
import { requestOf, requireSame, TOKEN_LIFE, type TokenedRequest } from '../engine/idempotency.ts'
import { projectKind } from '../kinds.ts'
import { type StoredBuild, type StoredProject, shownBuild } from '../state.ts'

/** Overrides that a local build cannot honour. */
const UNSUPPORTED = [
  'certificateOverride',
  'registryCredentialOverride',
  'debugSessionEnabled',
  'fleetOverride',
  'hostKernelOverride',
  'autoRetryLimitOverride',
] as const

export const StartBuild = operation({
  service: 'codebuild',
  name: 'StartBuild',
  access: (input, ctx) => [
    projectKind.on(ctx, 'StartBuild', input.projectName),
    ...passRole(ctx, input.serviceRoleOverride),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const project = projectKind.find(ctx, input.projectName)
    const request = requestOf(input)
    const known = request && startedBefore(ctx, project, request)
    if (known) return { build: shownBuild(known) }
    return { build: shownBuild(beginBuild(ctx, project, input, { request })) }
  },
})

/** AWS: the same token within five minutes gives the same build; with other parameters it is refused. */
function startedBefore(
  ctx: Context,
  project: StoredProject,
  request: TokenedRequest,
): StoredBuild | undefined {
  const since = ctx.cloud.clock.now() - TOKEN_LIFE
  for (const build of buildsInOrder(ctx)) {
    if ((build.startTime?.getTime() ?? 0) <= since) return undefined
    if (build.request?.token !== request.token || build.projectName !== project.name) continue
    requireSame(build.request, request)
    return build
  }
  return undefined
}
