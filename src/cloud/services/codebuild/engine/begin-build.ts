/** Begins a build: what a project says of it and what it is given are checked, recorded, and run in the background. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { projects, type StoredBuild, type StoredProject } from '../state.ts'
import { checkDefinition } from './check-project.ts'
import { addBuild } from './history.ts'
import { newBuild, type StartBuildInput } from './new-build.ts'
import { publishState } from './publish-state.ts'
import { invalid } from './refusals.ts'
import { runBuild } from './run-build.ts'
import { endBuild, running } from './running.ts'
import { tellBuild } from './tell-status.ts'

/** Gives the record of the build that begins. Errors: InvalidInputException, AccountLimitExceededException. */
export function beginBuild(
  ctx: Context,
  project: StoredProject,
  input: StartBuildInput,
  more: Partial<StoredBuild> = {},
): StoredBuild {
  const build = { ...newBuild(ctx, project, input), ...more }
  checkBuild(build)
  return recordBuild(ctx, project, build)
}

/** Records a build and runs it. Errors: AccountLimitExceededException. */
export function recordBuild(ctx: Context, project: StoredProject, build: StoredBuild): StoredBuild {
  checkLimit(ctx, project)
  ctx.table(projects).put(project.name, { ...project, buildCount: build.buildNumber ?? 1 })
  return recordAndRun(ctx, build)
}

/** As `beginBuild`, of a build that no project is kept of. Errors: InvalidInputException. */
export function beginCompute(ctx: Context, build: StoredBuild): StoredBuild {
  checkBuild(build)
  return recordAndRun(ctx, build)
}

function recordAndRun(ctx: Context, build: StoredBuild): StoredBuild {
  addBuild(ctx, build)
  publishState(ctx, build)
  tellBuild(ctx, build)
  launch(ctx, build)
  return build
}

function checkBuild(build: StoredBuild): void {
  const { primary, secondary } = build.targets
  const { buildspec } = build
  checkDefinition({
    source: { ...build.source!, buildspec },
    secondarySources: build.secondarySources,
    secondarySourceVersions: build.secondarySourceVersions,
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
