/** StartBuild: a project's definition with the caller's overrides becomes a build, which runs in the background. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { beginBuild } from '../engine/begin-build.ts'
import { passRole } from '../engine/check-project.ts'
import { startedBefore } from '../engine/history.ts'
import { requestOf } from '../engine/idempotency.ts'
import { projectKind } from '../kinds.ts'
import { shownBuild } from '../state.ts'

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
    const known = request && startedBefore(ctx, project.name, request)
    if (known) return { build: shownBuild(known) }
    return { build: shownBuild(beginBuild(ctx, project, input, { request })) }
  },
})
