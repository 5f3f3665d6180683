/** A CodeBuild build, or a batch of them: started once, then waited for by its event. */

import type { Build, BuildBatch, ExportedEnvironmentVariable, PhaseContext } from '@aws-sdk/client-codebuild'
import { entryOf, readJson } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import { buildEnded } from '../../../kernel/service-events.ts'
import type { ArtifactAt } from '../state.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner } from './runner.ts'

const runner = (category: 'Build' | 'Test'): Runner => ({
  id: `${category}/CodeBuild`,
  run: (job) => {
    const kind = job.configuration.BatchEnabled === 'true' ? BATCH : BUILD
    return runWork(job, kind, () => begin(job, kind))
  },
})

/** Begins work and waits for its end; what a kill interrupted is waited for on. Errors: ActionFailure. */
export async function runWork(
  job: ActionJob,
  { look }: Pick<Kind, 'look'>,
  start: () => Promise<Work>,
): Promise<Outcome> {
  const finished = watchBuilds(job.ctx.cloud)
  try {
    const known = job.progress?.build as string | undefined
    const id = known ?? (await begun(job, await start()))
    const work = await waitFor(job, look, id, finished)
    const external = externalOf(job, work)
    if (work.status !== 'SUCCEEDED') throw new ActionFailure(failureOf(work), { external })
    const { exported = [] } = work
    return {
      variables: Object.fromEntries(exported.map((one) => [one.name ?? '', one.value ?? ''])),
      external,
    }
  } finally {
    finished.stop()
  }
}

function begun(job: ActionJob, work: Work): string {
  job.save({ build: work.id }, externalOf(job, work))
  return work.id
}

export const codeBuild = runner('Build')
export const codeBuildTest = runner('Test')

/** What a build and a batch of builds have in common. */
interface Work {
  readonly id: string
  readonly status?: string
  readonly complete: boolean
  readonly phases: readonly Phase[]
  readonly exported?: readonly ExportedEnvironmentVariable[]
  readonly log?: string
}

interface Phase {
  readonly phaseType?: string
  readonly phaseStatus?: string
  readonly contexts?: readonly PhaseContext[]
}

type StartInput = Input<'codebuild', 'StartBuild'>

interface Kind {
  start(job: ActionJob, input: StartInput): Promise<Work>
  look(job: ActionJob, id: string): Promise<Work | undefined>
}

const BUILD: Kind = {
  start: async (job, input) => {
    const { build } = await job.call('codebuild', 'StartBuild', { ...input, ...outputsOfBuild(job) })
    return workOf((build ?? {}) as Build)
  },
  look: async (job, id) => {
    const { builds = [] } = await job.call('codebuild', 'BatchGetBuilds', { ids: [id] })
    return builds[0] && workOf(builds[0] as Build)
  },
}

export const workOf = (build: Build): Work => ({
  id: build.id ?? '',
  status: build.buildStatus,
  complete: build.buildComplete ?? false,
  phases: build.phases ?? [],
  exported: build.exportedEnvironmentVariables,
  log: build.logs?.cloudWatchLogsArn,
})

const BATCH: Kind = {
  start: async (job, { timeoutInMinutesOverride: _, ...input }) => {
    const combineArtifacts = job.configuration.CombineArtifacts === 'true'
    const { buildBatch } = await job.call('codebuild', 'StartBuildBatch', {
      ...input,
      ...(combineArtifacts ? outputsOfBuild(job) : outputsOfBatch(job)),
      ...(combineArtifacts && { buildBatchConfigOverride: { combineArtifacts } }),
    })
    return batchWorkOf((buildBatch ?? {}) as BuildBatch)
  },
  look: async (job, id) => {
    const { buildBatches = [] } = await job.call('codebuild', 'BatchGetBuildBatches', { ids: [id] })
    return buildBatches[0] && batchWorkOf(buildBatches[0] as BuildBatch)
  },
}

const batchWorkOf = (batch: BuildBatch): Work => ({
  id: batch.id ?? '',
  status: batch.buildBatchStatus,
  complete: batch.complete ?? false,
  phases: batch.phases ?? [],
})

function begin(job: ActionJob, kind: Kind): Promise<Work> {
  const { ProjectName: projectName = '', PrimarySource, EnvironmentVariables = '[]' } = job.configuration
  const primary = job.inputs.find((one) => one.name === PrimarySource) ?? job.inputs[0]!
  const secondary = job.inputs.filter((one) => one !== primary)
  return kind.start(job, {
    projectName,
    idempotencyToken: job.actionRunId,
    sourceTypeOverride: 'CODEPIPELINE',
    sourceLocationOverride: location(primary),
    sourceVersion: entryOf(job.revisions, primary.name)?.id,
    secondarySourcesOverride: secondary.map((one) => ({
      type: 'CODEPIPELINE' as const,
      sourceIdentifier: one.name,
      location: location(one),
    })),
    buildspecOverride: job.configuration.BuildspecOverride || undefined,
    serviceRoleOverride: job.configuration.ServiceRoleArnOverride || undefined,
    environmentVariablesOverride: readJson(EnvironmentVariables) as never,
  })
}

export const location = ({ bucket, key }: ArtifactAt): string => `${bucket}/${key}`
const artifact = (one: ArtifactAt) => ({ type: 'CODEPIPELINE' as const, location: location(one) })
const identified = (one: ArtifactAt) => ({ ...artifact(one), artifactIdentifier: one.name })

/** AWS: one output is the build's artifact, several are its secondary ones, by their names. */
function outputsOfBuild({ outputs }: ActionJob) {
  const [only, ...more] = outputs
  return {
    artifactsOverride: only && !more.length ? artifact(only) : { type: 'NO_ARTIFACTS' as const },
    secondaryArtifactsOverride: more.length ? outputs.map(identified) : [],
  }
}

/** AWS: outputs are named for the builds of the batch, and for their secondary artifacts (sample-pipeline-batch). */
const outputsOfBatch = ({ outputs }: ActionJob) => ({
  artifactsOverride: { type: 'NO_ARTIFACTS' as const },
  secondaryArtifactsOverride: outputs.map(identified),
})

interface Watch {
  /** Ids of builds that ended since the watch began. */
  readonly ended: ReadonlySet<string>
  /** Resolves at the next end of any build, or when the cloud stops. */
  next(): Promise<void>
  stop(): void
}

function watchBuilds(cloud: Cloud): Watch {
  const ended = new Set<string>()
  let wake: () => void = () => undefined
  const stopListening = cloud.bus.on(buildEnded, ({ build }) => {
    ended.add(build.replace(/^.*:build(?:-batch)?\//, ''))
    wake()
  })
  const aborted = () => wake()
  cloud.signal.addEventListener('abort', aborted)
  return {
    ended,
    next: () =>
      new Promise((resolve) => {
        wake = resolve
        if (cloud.signal.aborted) resolve()
      }),
    stop: () => {
      stopListening()
      cloud.signal.removeEventListener('abort', aborted)
    },
  }
}

/** After a restart the build may have ended unheard, so it is looked up once without waiting. */
async function waitFor(job: ActionJob, look: Kind['look'], id: string, watch: Watch): Promise<Work> {
  let unheard = job.progress !== undefined
  while (true) {
    if (unheard || watch.ended.has(id)) {
      const work = await look(job, id)
      if (!work) throw new ActionFailure(`The build ${id} is gone`)
      if (work.complete) return work
      unheard = false
    }
    if (job.ctx.cloud.signal.aborted) throw new Error('the cloud stops')
    await watch.next()
  }
}

function externalOf({ region }: ActionJob, { id, log }: Work) {
  const [project = '', uuid = ''] = id.split(':')
  return {
    id,
    url: `https://console.aws.amazon.com/codebuild/home?region=${region}#/builds/${project}:${uuid}/view/new`,
    logStreamArn: log,
  }
}

/** AWS: the state, then the first phase that failed with its code and message. */
function failureOf({ status, phases }: Work): string {
  const phase = phases.find((one) => one.phaseStatus && one.phaseStatus !== 'SUCCEEDED')
  const context = phase?.contexts?.find((one) => one.message)
  const state = `Build terminated with state: ${status}`
  return context
    ? `${state}. Phase: ${phase?.phaseType}, Code: ${context.statusCode}, Message: ${context.message}`
    : state
}
