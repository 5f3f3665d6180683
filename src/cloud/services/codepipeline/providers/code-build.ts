/** A CodeBuild build: started once, then waited for by its event. */

import type { Build } from '@aws-sdk/client-codebuild'
import { entryOf, readJson } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import { buildEnded } from '../../../kernel/service-events.ts'
import type { ArtifactAt } from '../state.ts'
import { ActionFailure, type ActionJob, type Runner } from './runner.ts'

const runner = (category: 'Build' | 'Test'): Runner => ({
  id: `${category}/CodeBuild`,
  unsupported: ({ configuration = {} }) =>
    configuration.BatchEnabled === 'true' ? 'batch builds (BatchEnabled)' : undefined,
  run: async (job) => {
    const finished = watchBuilds(job.ctx.cloud)
    try {
      const id = (job.progress?.build as string | undefined) ?? (await startBuild(job))
      const build = await waitForBuild(job, id, finished)
      const external = externalOf(job, build)
      if (build.buildStatus !== 'SUCCEEDED') throw new ActionFailure(failureOf(build), { external })
      const exported = build.exportedEnvironmentVariables ?? []
      return {
        variables: Object.fromEntries(exported.map((one) => [one.name ?? '', one.value ?? ''])),
        external,
      }
    } finally {
      finished.stop()
    }
  },
})

export const codeBuild = runner('Build')
export const codeBuildTest = runner('Test')

async function startBuild(job: ActionJob): Promise<string> {
  const { ProjectName: projectName = '', PrimarySource, EnvironmentVariables = '[]' } = job.configuration
  const primary = job.inputs.find((one) => one.name === PrimarySource) ?? job.inputs[0]!
  const secondary = job.inputs.filter((one) => one !== primary)
  const [only, ...more] = job.outputs
  const artifact = (one: ArtifactAt) => ({ type: 'CODEPIPELINE' as const, location: location(one) })
  const { build } = (await job.call('codebuild', 'StartBuild', {
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
    artifactsOverride: only && !more.length ? artifact(only) : { type: 'NO_ARTIFACTS' },
    secondaryArtifactsOverride: more.length
      ? job.outputs.map((one) => ({ ...artifact(one), artifactIdentifier: one.name }))
      : [],
    environmentVariablesOverride: readJson(EnvironmentVariables) as never,
  })) as Output<'codebuild', 'StartBuild'>
  const id = build?.id ?? ''
  job.save({ build: id }, externalOf(job, build ?? {}))
  return id
}

const location = ({ bucket, key }: ArtifactAt): string => `${bucket}/${key}`

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
    ended.add(build.replace(/^.*:build\//, ''))
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
async function waitForBuild(job: ActionJob, id: string, watch: Watch): Promise<Build> {
  let unheard = job.progress !== undefined
  while (true) {
    if (unheard || watch.ended.has(id)) {
      const { builds = [] } = await job.call('codebuild', 'BatchGetBuilds', { ids: [id] })
      const build = builds[0] as Build | undefined
      if (!build) throw new ActionFailure(`The build ${id} is gone`)
      if (build.buildComplete) return build
      unheard = false
    }
    if (job.ctx.cloud.signal.aborted) throw new Error('the cloud stops')
    await watch.next()
  }
}

function externalOf({ region }: ActionJob, build: Build) {
  const [project = '', uuid = ''] = (build.id ?? '').split(':')
  return {
    id: build.id,
    url: `https://console.aws.amazon.com/codebuild/home?region=${region}#/builds/${project}:${uuid}/view/new`,
    logStreamArn: build.logs?.cloudWatchLogsArn,
  }
}

/** AWS: the state, then the first phase that failed with its code and message. */
function failureOf(build: Build): string {
  const phase = build.phases?.find((one) => one.phaseStatus && one.phaseStatus !== 'SUCCEEDED')
  const context = phase?.contexts?.find((one) => one.message)
  const state = `Build terminated with state: ${build.buildStatus}`
  return context
    ? `${state}. Phase: ${phase?.phaseType}, Code: ${context.statusCode}, Message: ${context.message}`
    : state
}
