/** StartBuild: a project's definition with the caller's overrides becomes a build, which runs in the background. */

import { createHash } from 'node:crypto'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { beginBuild } from '../engine/begin-build.ts'
import { invalid, passRole } from '../engine/check-project.ts'
import { buildsInOrder } from '../engine/history.ts'
import type { StartBuildInput } from '../engine/new-build.ts'
import { projectKind } from '../kinds.ts'
import { type StoredBuild, type StoredProject, shownBuild } from '../state.ts'

/** How long an idempotency token is good for, in milliseconds. */
const TOKEN_LIFE = 5 * 60_000

/** Overrides that a local build cannot honour. */
const UNSUPPORTED = [
  'secondarySourcesVersionOverride',
  'sourceAuthOverride',
  'certificateOverride',
  'registryCredentialOverride',
  'debugSessionEnabled',
  'fleetOverride',
  'hostKernelOverride',
  'buildStatusConfigOverride',
  'gitSubmodulesConfigOverride',
  'gitCloneDepthOverride',
  'reportBuildStatusOverride',
  'insecureSslOverride',
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

function requestOf({ idempotencyToken: token, ...input }: StartBuildInput): StoredBuild['request'] {
  if (token === undefined) return undefined
  return { token, digest: createHash('sha256').update(JSON.stringify(input)).digest('base64') }
}

/** AWS: the same token within five minutes gives the same build; with other parameters it is refused. */
function startedBefore(
  ctx: Context,
  project: StoredProject,
  request: { token: string; digest: string },
): StoredBuild | undefined {
  const since = ctx.cloud.clock.now() - TOKEN_LIFE
  for (const build of buildsInOrder(ctx)) {
    if ((build.startTime?.getTime() ?? 0) <= since) return undefined
    if (build.request?.token !== request.token || build.projectName !== project.name) continue
    if (build.request.digest === request.digest) return build
    throw invalid('The idempotency token was used with other parameters before')
  }
  return undefined
}
