/** The record of a build that begins: the project's definition, and over it what StartBuild gives. */

import type {
  Build,
  EnvironmentVariable,
  LogsConfig,
  ProjectArtifacts,
  ProjectCache,
  ProjectSource,
  ProjectSourceVersion,
  SourceAuth,
} from '@aws-sdk/client-codebuild'
import { formatArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { typed } from '../operations/projects.ts'
import type { StoredBuild, StoredProject } from '../state.ts'
import { roleArn } from './check-project.ts'
import { shownArtifact } from './upload-artifacts.ts'
import { isInVpc } from './vpc.ts'

/** What builds and batches of them are given alike. */
export type BuildOverrides = Omit<StartBuildInput, 'timeoutInMinutesOverride'> & {
  readonly timeoutInMinutesOverride?: number
}

export function newBuild(ctx: Context, project: StoredProject, input: BuildOverrides): StoredBuild {
  const uuid = ctx.cloud.ids.uuid()
  const id = `${project.name}:${uuid}`
  const source = overriddenSource(project.source, input)
  const sourceVersion = input.sourceVersion || project.sourceVersion
  const logsConfig = (input.logsConfigOverride ?? project.logsConfig) as LogsConfig | undefined
  const targets = targetsOf(project, input)
  const build: StoredBuild = {
    id,
    arn: formatArn('codebuild', ctx.region, ctx.account, `build/${id}`),
    projectName: project.name,
    buildNumber: project.buildCount + 1,
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'SUBMITTED',
    startTime: ctx.cloud.clock.date(),
    phases: [],
    initiator: initiator(ctx),
    source,
    buildspec: source.buildspec,
    // AWS: of a pipeline's build it is where the input artifact lies, and what it was made of is resolved.
    sourceVersion: source.type === 'CODEPIPELINE' ? `arn:aws:s3:::${source.location}` : sourceVersion,
    // AWS: S3 sources have no resolved version.
    resolvedSourceVersion: source.type === 'CODEPIPELINE' ? sourceVersion : undefined,
    secondarySources: (input.secondarySourcesOverride ?? project.secondarySources ?? []) as ProjectSource[],
    secondarySourceVersions: versionsOf(project, input),
    targets,
    environment: overriddenEnvironment(project, input),
    vpcConfig: isInVpc(project.vpcConfig) ? project.vpcConfig : undefined,
    serviceRole: input.serviceRoleOverride ? roleArn(ctx, input.serviceRoleOverride) : project.serviceRole,
    encryptionKey: input.encryptionKeyOverride || project.encryptionKey,
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: input.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutInMinutes,
    cache: (input.cacheOverride ?? project.cache) as ProjectCache | undefined,
    logsConfig,
    logs: logsOf(ctx, project.name, uuid, logsConfig),
  }
  return {
    ...build,
    artifacts: targets.primary && shownArtifact(targets.primary, build),
    secondaryArtifacts: targets.secondary.map((one) => shownArtifact(one, build)),
  }
}

function targetsOf(project: StoredProject, input: BuildOverrides): StoredBuild['targets'] {
  const secondary = input.secondaryArtifactsOverride ?? project.secondaryArtifacts ?? []
  return {
    primary: (input.artifactsOverride ?? project.artifacts) as ProjectArtifacts | undefined,
    secondary: secondary as ProjectArtifacts[],
  }
}

export function logsOf(
  ctx: Context,
  project: string,
  uuid: string,
  config: LogsConfig | undefined,
): Build['logs'] {
  const cloudWatchLogs = config?.cloudWatchLogs
  if (cloudWatchLogs?.status === 'DISABLED') return { cloudWatchLogs }
  const groupName = cloudWatchLogs?.groupName ?? `/aws/codebuild/${project}`
  const streamName = cloudWatchLogs?.streamName ? `${cloudWatchLogs.streamName}/${uuid}` : uuid
  const resource = `log-group:${groupName}:log-stream:${streamName}`
  return {
    groupName,
    streamName,
    cloudWatchLogsArn: formatArn('logs', ctx.region, ctx.account, resource),
    ...(cloudWatchLogs ? { cloudWatchLogs } : {}),
  }
}

export type StartBuildInput = Input<'codebuild', 'StartBuild'>

/** AWS: `codepipeline/<name>` for a pipeline, the role's name and session for a role, the user's name otherwise. */
export function initiator(ctx: Context): string {
  if (ctx.invokedBy) return ctx.invokedBy
  const [, name = ctx.identity.arn] = /(?:assumed-role|user)\/(.+)$/.exec(ctx.identity.arn) ?? []
  return ctx.identity.kind === 'root' ? 'root' : name
}

function overriddenSource(source: ProjectSource | undefined, input: BuildOverrides): ProjectSource {
  return {
    ...source,
    type: input.sourceTypeOverride ?? source?.type ?? 'NO_SOURCE',
    location: input.sourceLocationOverride ?? source?.location,
    buildspec: input.buildspecOverride || source?.buildspec,
    auth: (input.sourceAuthOverride as SourceAuth | undefined) ?? source?.auth,
    gitCloneDepth: input.gitCloneDepthOverride ?? source?.gitCloneDepth,
    gitSubmodulesConfig: input.gitSubmodulesConfigOverride ?? source?.gitSubmodulesConfig,
    insecureSsl: input.insecureSslOverride ?? source?.insecureSsl,
    reportBuildStatus: input.reportBuildStatusOverride ?? source?.reportBuildStatus,
    buildStatusConfig: input.buildStatusConfigOverride ?? source?.buildStatusConfig,
  }
}

/** AWS: versions of secondary sources are overridden together; they fall away with the sources. */
function versionsOf(project: StoredProject, input: BuildOverrides): Build['secondarySourceVersions'] {
  const given = input.secondarySourcesVersionOverride as ProjectSourceVersion[] | undefined
  return given ?? (input.secondarySourcesOverride ? undefined : project.secondarySourceVersions)
}

function overriddenEnvironment(project: StoredProject, input: BuildOverrides): Build['environment'] {
  const { environment } = project
  if (!environment) return undefined
  const overrides = typed((input.environmentVariablesOverride ?? []) as EnvironmentVariable[])
  const names = new Set(overrides.map((one) => one.name))
  return {
    ...environment,
    type: input.environmentTypeOverride ?? environment.type,
    image: input.imageOverride ?? environment.image,
    computeType: input.computeTypeOverride ?? environment.computeType,
    privilegedMode: input.privilegedModeOverride ?? environment.privilegedMode,
    imagePullCredentialsType: input.imagePullCredentialsTypeOverride ?? environment.imagePullCredentialsType,
    environmentVariables: [
      ...(environment.environmentVariables ?? []).filter((one) => !names.has(one.name)),
      ...overrides,
    ],
  }
}
