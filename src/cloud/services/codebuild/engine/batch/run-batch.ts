/** Runs one batch build: fetches its buildspec, starts its builds as their dependencies allow, combines their artifacts. */
import type { EnvironmentVariable, ProjectArtifacts } from '@aws-sdk/client-codebuild'
import type { AssumedRole, Context } from '../../../../kernel/context.ts'
import { projectKind } from '../../kinds.ts'
import type { StoredBuild } from '../../state.ts'
import { beginBuild } from '../begin-build.ts'
import { PhaseFailure } from '../build-run.ts'
import type { BatchSpec, BatchTask } from '../buildspec-batch.ts'
import type { StartBuildInput } from '../new-build.ts'
import { codeBuildIdentity } from '../provision.ts'
import { FETCHING } from '../run-build.ts'
import { tellBatch } from '../tell-status.ts'
import { BatchRun } from './batch-run.ts'
import { combineArtifacts, partOf } from './combine-artifacts.ts'
import { asBuild, type StartBatchInput } from './new-batch.ts'

/** AWS: how many builds a batch may have where the project does not say (maximumBuildsAllowed). */
const BUILDS_ALLOWED = 100
/** Builds at one time; AWS has machines for more. */
const WIDTH = 8

/** Runs a batch that is recorded as started; it always ends with a status and an event. */
export async function runBatch(ctx: Context, id: string): Promise<void> {
  const run = new BatchRun(ctx, id)
  try {
    await run.phase('SUBMITTED', async () => undefined)
    let spec: BatchSpec | undefined
    const fetched = await run.phase('DOWNLOAD_BATCHSPEC', async () => {
      spec = await fetchSpec(run)
    })
    if (!fetched || !spec) return
    const batch = spec
    const built = await run.phase('IN_PROGRESS', () => runTasks(run, batch))
    if (built) await run.phase('COMBINE_ARTIFACTS', () => combineArtifacts(run))
  } finally {
    run.complete()
    tellBatch(ctx, run.batch)
  }
}

/** AWS: a batch's builds are started under its own role, not under that of its builds (batch-build, security role). */
async function batchRole({ ctx, batch }: BatchRun): Promise<AssumedRole> {
  const role = batch.buildBatchConfig?.serviceRole ?? ''
  const by = codeBuildIdentity(projectKind.find(ctx, batch.projectName).arn, ctx.account)
  const sessionName = `AWSCodeBuild-${batch.id.split(':')[1]}`
  return ctx.assumeRole(role, { by, sessionName, durationSeconds: 3600 }).catch((error) => {
    const what = `CodeBuild is not authorized to perform: sts:AssumeRole on service role ${role}`
    throw new PhaseFailure('ACCESS_DENIED', `${what}. ${error.message}`)
  })
}

async function start(
  run: BatchRun,
  input: StartBuildInput,
  more: Partial<StoredBuild>,
): Promise<StoredBuild> {
  const { ctx, batch } = run
  const role = await batchRole(run)
  await ctx.as(role.identity).authorize([projectKind.on(ctx, 'StartBuild', batch.projectName)])
  const project = projectKind.find(ctx, batch.projectName)
  const { resolvedSourceVersion, webhook } = batch
  return beginBuild(ctx, project, input, {
    ...more,
    buildBatchArn: batch.arn,
    ...(webhook && { webhook }),
    // AWS: the builds of a batch are of one commit.
    ...(resolvedSourceVersion && { resolvedSourceVersion }),
  })
}

/** What StartBuildBatch gives every build. */
function common({ batch }: BatchRun): StartBuildInput {
  const {
    buildTimeoutInMinutesOverride,
    buildBatchConfigOverride: _,
    idempotencyToken: _t,
    ...rest
  } = asBuild(batch.input as StartBatchInput)
  return { ...rest, timeoutInMinutesOverride: buildTimeoutInMinutesOverride }
}

async function fetchSpec(run: BatchRun): Promise<BatchSpec> {
  const input = { ...common(run), artifactsOverride: NONE, secondaryArtifactsOverride: [] }
  const begun = await start(run, input, { batchIdentifier: FETCHING })
  const ended = await run.settled(FETCHING, begun)
  if (ended.buildStatus !== 'SUCCEEDED') {
    const failed = ended.phases?.find(({ phaseStatus }) => phaseStatus && phaseStatus !== 'SUCCEEDED')
    const context = failed?.contexts?.[0]
    throw new PhaseFailure(
      context?.statusCode ?? 'CLIENT_ERROR',
      context?.message ?? 'no buildspec was found',
    )
  }
  const spec = ended.batchSpec as BatchSpec | undefined
  if (!spec) throw new PhaseFailure('YAML_FILE_ERROR', 'the buildspec has no batch section')
  checkRestrictions(run, spec)
  const before = run.batch.buildGroups
  const groups = spec.tasks.map(({ identifier, dependsOn, ignoreFailure }) => ({
    ...before.find((one) => one.identifier === identifier),
    identifier,
    dependsOn: [...dependsOn],
    ignoreFailure,
  }))
  const fetching = before.filter(({ identifier }) => identifier === FETCHING)
  const { resolvedSourceVersion } = ended
  run.change({ buildGroups: [...fetching, ...groups], resolvedSourceVersion })
  tellBatch(run.ctx, run.batch)
  return spec
}

function checkRestrictions({ batch }: BatchRun, { tasks }: BatchSpec): void {
  const { maximumBuildsAllowed: most = BUILDS_ALLOWED, computeTypesAllowed = [] } =
    batch.buildBatchConfig?.restrictions ?? {}
  if (tasks.length > most)
    throw new PhaseFailure('CLIENT_ERROR', `the batch has ${tasks.length} builds; the project allows ${most}`)
  for (const { identifier, computeType = batch.environment?.computeType ?? '' } of tasks)
    if (computeTypesAllowed.length && !computeTypesAllowed.includes(computeType))
      throw new PhaseFailure(
        'CLIENT_ERROR',
        `the build ${identifier} has the compute type ${computeType}, which the project does not allow`,
      )
}

/** Errors: a PhaseFailure naming the builds that failed. */
async function runTasks(run: BatchRun, { tasks, fastFail }: BatchSpec): Promise<void> {
  const outcomes = new Map<string, 'good' | 'bad'>()
  // AWS: of a batch that is retried for what failed, builds that succeeded are as they were.
  const isDone = ({ identifier }: BatchTask) =>
    run.batch.again !== undefined &&
    run.batch.buildGroups.some((one) => one.identifier === identifier && one.currentBuildSummary)
  for (const task of tasks.filter(isDone)) outcomes.set(task.identifier, 'good')
  const waiting = new Set(tasks.filter((task) => !isDone(task)))
  const working = new Map<BatchTask, Promise<void>>()
  const isBad = () => [...outcomes.values()].includes('bad')
  // A build that could not be started at all ends the batch, whatever its task says.
  let problem: unknown
  const isOver = () => run.ended !== undefined || problem !== undefined || (fastFail && isBad())
  while (waiting.size || working.size) {
    for (const task of waiting) {
      if (working.size >= WIDTH || isOver()) break
      if (!task.dependsOn.every((one) => outcomes.get(one) === 'good')) continue
      waiting.delete(task)
      const attempt = runTask(run, task).catch((error: unknown) => {
        problem ??= error
        return false
      })
      const work = attempt.then((good) => {
        outcomes.set(task.identifier, good || task.ignoreFailure ? 'good' : 'bad')
        working.delete(task)
        if (isOver()) run.stopBuilds()
      })
      working.set(task, work)
    }
    if (!working.size) break
    await Promise.race(working.values())
  }
  if (problem !== undefined) throw problem
  const failed = tasks.filter(({ identifier }) => outcomes.get(identifier) === 'bad')
  if (failed.length)
    throw new PhaseFailure(
      'BUILD_FAILED',
      `builds of the batch failed: ${failed.map((one) => one.identifier).join(', ')}`,
    )
}

/** Gives whether the build succeeded; one that cannot be started has failed, and its group says nothing of it. */
async function runTask(run: BatchRun, task: BatchTask): Promise<boolean> {
  const input = common(run)
  const given = (input.environmentVariablesOverride ?? []) as EnvironmentVariable[]
  const own = Object.entries(task.variables)
    .filter(([name]) => !given.some((one) => one.name === name))
    .map(([name, value]) => ({ name, value, type: 'PLAINTEXT' as const }))
  const { primary, secondary } = targetsOf(run, task)
  const build = await start(
    run,
    {
      ...input,
      environmentVariablesOverride: [...own, ...given] as never,
      buildspecOverride: task.buildspec ?? input.buildspecOverride,
      imageOverride: task.image ?? input.imageOverride,
      computeTypeOverride: (task.computeType ?? input.computeTypeOverride) as never,
      environmentTypeOverride: (task.type ?? input.environmentTypeOverride) as never,
      privilegedModeOverride: task.privilegedMode ?? input.privilegedModeOverride,
      artifactsOverride: primary as never,
      secondaryArtifactsOverride: secondary as never,
    },
    { batchIdentifier: task.identifier, ...(task.shard && { shard: task.shard }) },
  )
  return (await run.settled(task.identifier, build)).buildStatus === 'SUCCEEDED'
}

const NONE = { type: 'NO_ARTIFACTS' as const }

interface Targets {
  readonly primary: ProjectArtifacts
  readonly secondary: readonly ProjectArtifacts[]
}

/**
 * Where a build of the batch puts its artifacts. AWS: outputs of a pipeline are named for the build, or for the build
 * and its artifact (`build1_artifact1`); combined, each build's primary artifact is a part of the one.
 */
function targetsOf(run: BatchRun, { identifier }: BatchTask): Targets {
  const { batch, ctx } = run
  const input = batch.input as StartBatchInput
  const project = projectKind.find(ctx, batch.projectName)
  const primary = (input.artifactsOverride ?? project.artifacts ?? NONE) as ProjectArtifacts
  const secondary = (input.secondaryArtifactsOverride ??
    project.secondaryArtifacts ??
    []) as ProjectArtifacts[]
  if (batch.buildBatchConfig?.combineArtifacts && primary.type !== 'NO_ARTIFACTS')
    return { primary: partOf(run, identifier), secondary: [] }
  if (!secondary.some(({ type }) => type === 'CODEPIPELINE')) {
    const path = [primary.path, identifier].filter(Boolean).join('/')
    return { primary: primary.type === 'S3' ? { ...primary, path } : primary, secondary }
  }
  const prefix = `${identifier}_`
  const own = secondary.find(({ artifactIdentifier }) => artifactIdentifier === identifier)
  return {
    primary: own ? { ...own, artifactIdentifier: undefined } : NONE,
    secondary: secondary
      .filter(({ artifactIdentifier = '' }) => artifactIdentifier.startsWith(prefix))
      .map((one) => ({ ...one, artifactIdentifier: one.artifactIdentifier!.slice(prefix.length) })),
  }
}
