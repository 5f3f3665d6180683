/** The record of a batch build that begins: the project's definition, and over it what StartBuildBatch gives. */
import type { ProjectBuildBatchConfig } from '@aws-sdk/client-codebuild'
import { formatArn } from '../../../../../model/index.ts'
import type { Input } from '../../../../kernel/api.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { StoredBatch, StoredProject } from '../../state.ts'
import { roleArn } from '../check-project.ts'
import { newBuild } from '../new-build.ts'
import { invalid } from '../refusals.ts'

export type StartBatchInput = Input<'codebuild', 'StartBuildBatch'>

/** AWS: minutes that a batch may take, where the project does not say (timeoutInMins). */
const TIMEOUT = 480

/** Errors: InvalidInputException where there is no role for the batch. */
export function newBatch(ctx: Context, project: StoredProject, input: StartBatchInput): StoredBatch {
  const config = {
    ...project.buildBatchConfig,
    ...(input.buildBatchConfigOverride as ProjectBuildBatchConfig | undefined),
  }
  if (!config.serviceRole)
    throw invalid(
      `Batch builds of ${project.name} need a service role of their own (buildBatchConfig.serviceRole), under which CodeBuild starts them`,
    )
  const id = `${project.name}:${ctx.cloud.ids.uuid()}`
  const build = newBuild(ctx, project, asBuild(input))
  return {
    id,
    arn: formatArn('codebuild', ctx.region, ctx.account, `build-batch/${id}`),
    projectName: project.name,
    buildBatchNumber: (project.batchCount ?? 0) + 1,
    buildBatchStatus: 'IN_PROGRESS',
    complete: false,
    currentPhase: 'SUBMITTED',
    startTime: ctx.cloud.clock.date(),
    phases: [],
    initiator: build.initiator,
    source: build.source,
    sourceVersion: build.sourceVersion,
    resolvedSourceVersion: build.resolvedSourceVersion,
    secondarySources: build.secondarySources,
    artifacts: build.artifacts,
    secondaryArtifacts: build.secondaryArtifacts,
    environment: build.environment,
    vpcConfig: build.vpcConfig,
    serviceRole: build.serviceRole,
    encryptionKey: build.encryptionKey,
    buildTimeoutInMinutes: input.buildTimeoutInMinutesOverride ?? build.timeoutInMinutes,
    queuedTimeoutInMinutes: build.queuedTimeoutInMinutes,
    cache: build.cache,
    logConfig: build.logsConfig,
    buildBatchConfig: {
      ...config,
      serviceRole: roleArn(ctx, config.serviceRole),
      restrictions: config.restrictions ?? { maximumBuildsAllowed: 100 },
      timeoutInMins: config.timeoutInMins ?? TIMEOUT,
    },
    buildGroups: [{ identifier: 'DOWNLOAD_SOURCE', dependsOn: [], ignoreFailure: false }],
    input,
  }
}

/** Gives what StartBuildBatch is given as StartBuild calls it. */
export const asBuild = ({ reportBuildBatchStatusOverride, ...input }: StartBatchInput) => ({
  ...input,
  reportBuildStatusOverride: reportBuildBatchStatusOverride,
})
