/** StartBuild: a project's definition with the caller's overrides becomes a build, which runs in the background. */

import { createHash } from 'node:crypto'
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkDefinition, invalid, passRole } from '../engine/check-project.ts'
import { addBuild, buildsInOrder } from '../engine/history.ts'
import type { StartBuildInput } from '../engine/new-build.ts'
import { newBuild } from '../engine/new-build.ts'
import { publishState } from '../engine/publish-state.ts'
import { runBuild } from '../engine/run-build.ts'
import { endBuild, running } from '../engine/running.ts'
import { projectKind } from '../kinds.ts'
import { projects, type StoredBuild, type StoredProject, shownBuild } from '../state.ts'

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
    const build = { ...newBuild(ctx, project, input), request }
    checkBuild(build)
    checkLimit(ctx, project)
    ctx.table(projects).put(project.name, { ...project, buildCount: build.buildNumber ?? 1 })
    addBuild(ctx, build)
    publishState(ctx, build)
    launch(ctx, build)
    return { build: shownBuild(build) }
  },
})

function checkBuild(build: StoredBuild): void {
  const { primary, secondary } = build.targets
  const { buildspec } = build
  checkDefinition({
    source: { ...build.source!, buildspec },
    secondarySources: build.secondarySources,
    artifacts: primary,
    secondaryArtifacts: secondary,
    environment: build.environment,
    cache: build.cache,
    logsConfig: build.logsConfig,
  })
  if (build.source?.type === 'CODEPIPELINE' && !build.source.location)
    throw invalid(
      'A project whose source type is CODEPIPELINE gets its source from a pipeline that starts it.',
    )
}

/** AWS: builds above the project's limit are not run. */
function checkLimit(ctx: Context, { name, concurrentBuildLimit: limit }: StoredProject): void {
  if (limit === undefined || limit < 1) return
  const prefix = formatArn('codebuild', ctx.region, ctx.account, `build/${name}:`)
  if ([...running(ctx.cloud).keys()].filter((arn) => arn.startsWith(prefix)).length >= limit)
    throw new AwsError(
      'AccountLimitExceededException',
      `Cannot have more than ${limit} concurrent builds for the project ${name}`,
    )
}

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

/** Runs a recorded build in the background, with its timeout. */
function launch(ctx: Context, build: StoredBuild): void {
  running(ctx.cloud).set(build.arn, { kill: () => undefined })
  const over = new AbortController()
  const timeout = (build.timeoutInMinutes ?? 60) * 60_000
  void ctx.cloud.clock.sleep(timeout, over.signal).then(() => {
    if (!over.signal.aborted) endBuild(ctx.cloud, build.arn, 'TIMED_OUT')
  })
  const stopped = () => endBuild(ctx.cloud, build.arn, 'FAULT')
  ctx.cloud.signal.addEventListener('abort', stopped)
  ctx.spawn(`build ${build.id}`, async (background) => {
    try {
      await runBuild(background, build.id)
    } finally {
      over.abort()
      ctx.cloud.signal.removeEventListener('abort', stopped)
    }
  })
}
