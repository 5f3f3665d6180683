/** Builds: start, stop, look up. */
import type { Build, EnvironmentVariable, ProjectSource } from '@aws-sdk/client-codebuild'
import { AwsError, formatArn } from '../../../model/index.ts'
import type { Input } from '../../api.ts'
import type { Context } from '../../context.ts'
import { operation } from '../../operation.ts'
import { paginate } from '../../pagination.ts'
import { refuseUnsupported } from '../../unsupported.ts'
import { findProject, projectArn } from './project.ts'
import { publishState, runBuild } from './run-build.ts'
import { endBuild, running } from './running.ts'
import { builds, projects, type StoredBuild, type StoredProject } from './state.ts'

/** Errors: ResourceNotFoundException. */
function findBuild(ctx: Context, idOrArn: string): StoredBuild {
  const id = buildId(idOrArn)
  const found = ctx.table(builds).get(id)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Build ${idOrArn} cannot be found`)
}

const buildId = (idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn.slice(idOrArn.indexOf(':build/') + 7) : idOrArn

const projectOfBuild = (ctx: Context, idOrArn: string): string =>
  projectArn(ctx, buildId(idOrArn).replace(/:[^:]*$/, ''))

type StartBuildInput = Input<'codebuild', 'StartBuild'>

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
] as const

export const StartBuild = operation({
  service: 'codebuild',
  name: 'StartBuild',
  access: (input, ctx) => [
    { action: 'codebuild:StartBuild', resource: projectArn(ctx, input.projectName) },
    ...(input.serviceRoleOverride
      ? [
          {
            action: 'iam:PassRole',
            resource: input.serviceRoleOverride,
            context: { 'iam:PassedToService': 'codebuild.amazonaws.com' },
          },
        ]
      : []),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const project = findProject(ctx, input.projectName)
    const build = newBuild(ctx, project, input)
    ctx.table(projects).put(project.name, { ...project, buildCount: build.buildNumber ?? 1 })
    ctx.table(builds).put(build.id, build)
    publishState(ctx, build)
    launch(ctx, build)
    return { build: shown(build) }
  },
})

/** Runs a recorded build in the background, with its timeout. */
function launch(ctx: Context, build: StoredBuild): void {
  running.set(build.arn, { kill: () => undefined })
  const over = new AbortController()
  const timeout = (build.timeoutInMinutes ?? 60) * 60_000
  void ctx.cloud.clock.sleep(timeout, over.signal).then(() => {
    if (!over.signal.aborted) endBuild(build.arn, 'TIMED_OUT')
  })
  const stopped = () => endBuild(build.arn, 'STOPPED')
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

function newBuild(ctx: Context, project: StoredProject, input: StartBuildInput): StoredBuild {
  const uuid = ctx.cloud.ids.uuid()
  const id = `${project.name}:${uuid}`
  const startTime = ctx.cloud.clock.date()
  const cloudWatch = project.logsConfig?.cloudWatchLogs
  const groupName = cloudWatch?.groupName ?? `/aws/codebuild/${project.name}`
  const streamName = cloudWatch?.streamName ? `${cloudWatch.streamName}/${uuid}` : uuid
  const source = overriddenSource(project.source ?? {}, input)
  return {
    id,
    arn: formatArn('codebuild', ctx.region, ctx.account, `build/${id}`),
    projectName: project.name,
    buildNumber: project.buildCount + 1,
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'SUBMITTED',
    startTime,
    phases: [],
    initiator: initiator(ctx),
    source,
    buildspec: input.buildspecOverride ?? source.buildspec,
    sourceVersion: input.sourceVersion ?? project.sourceVersion,
    resolvedSourceVersion: input.sourceVersion ?? project.sourceVersion,
    secondarySources: input.secondarySourcesOverride ?? project.secondarySources ?? [],
    artifacts: (input.artifactsOverride ?? project.artifacts) as Build['artifacts'],
    secondaryArtifacts: (input.secondaryArtifactsOverride ??
      project.secondaryArtifacts ??
      []) as Build['secondaryArtifacts'],
    environment: overriddenEnvironment(project, input),
    serviceRole: input.serviceRoleOverride ?? project.serviceRole,
    encryptionKey: input.encryptionKeyOverride ?? project.encryptionKey,
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: input.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutInMinutes,
    logs: {
      groupName,
      streamName,
      cloudWatchLogsArn: formatArn(
        'logs',
        ctx.region,
        ctx.account,
        `log-group:${groupName}:log-stream:${streamName}`,
      ),
    },
  }
}

/** AWS: the role's name and session for a role, `codepipeline/<name>` for a pipeline, the user's name otherwise. */
function initiator(ctx: Context): string {
  const [, name = ctx.identity.arn] = /(?:assumed-role|user)\/(.+)$/.exec(ctx.identity.arn) ?? []
  return ctx.identity.kind === 'root' ? 'root' : name
}

function overriddenSource(source: Partial<ProjectSource>, input: StartBuildInput): ProjectSource {
  return {
    ...source,
    type: input.sourceTypeOverride ?? source.type ?? 'NO_SOURCE',
    location: input.sourceLocationOverride ?? source.location,
  }
}

function overriddenEnvironment(project: StoredProject, input: StartBuildInput): Build['environment'] {
  const { environment } = project
  if (!environment) return undefined
  const overrides = (input.environmentVariablesOverride ?? []) as EnvironmentVariable[]
  const names = new Set(overrides.map((one) => one.name))
  return {
    ...environment,
    type: input.environmentTypeOverride ?? environment.type,
    image: input.imageOverride ?? environment.image,
    computeType: input.computeTypeOverride ?? environment.computeType,
    privilegedMode: input.privilegedModeOverride ?? environment.privilegedMode,
    environmentVariables: [
      ...(environment.environmentVariables ?? []).filter((one) => !names.has(one.name)),
      ...overrides,
    ],
  }
}

export const StopBuild = operation({
  service: 'codebuild',
  name: 'StopBuild',
  access: (input, ctx) => [{ action: 'codebuild:StopBuild', resource: projectOfBuild(ctx, input.id) }],
  run: (input, ctx) => {
    const build = findBuild(ctx, input.id)
    if (!build.buildComplete) endBuild(build.arn, 'STOPPED')
    return { build: shown(findBuild(ctx, input.id)) }
  },
})

export const BatchGetBuilds = operation({
  service: 'codebuild',
  name: 'BatchGetBuilds',
  access: (input, ctx) =>
    [...new Set(input.ids.map((id) => projectOfBuild(ctx, id)))].map((resource) => ({
      action: 'codebuild:BatchGetBuilds',
      resource,
    })),
  run: (input, ctx) => {
    const table = ctx.table(builds)
    return {
      builds: input.ids.flatMap((id) => {
        const found = table.get(buildId(id))
        return found ? [shown(found)] : []
      }),
      buildsNotFound: input.ids.filter((id) => !table.has(buildId(id))),
    }
  },
})

export const BatchDeleteBuilds = operation({
  service: 'codebuild',
  name: 'BatchDeleteBuilds',
  access: (input, ctx) =>
    [...new Set(input.ids.map((id) => projectOfBuild(ctx, id)))].map((resource) => ({
      action: 'codebuild:BatchDeleteBuilds',
      resource,
    })),
  run: (input, ctx) => {
    const table = ctx.table(builds)
    const ended = input.ids.filter((id) => table.get(buildId(id))?.buildComplete)
    for (const id of ended) table.delete(buildId(id))
    return {
      buildsDeleted: ended,
      buildsNotDeleted: input.ids
        .filter((id) => !ended.includes(id))
        .map((id) => ({ id, statusCode: table.has(buildId(id)) ? 'BUILD_IN_PROGRESS' : 'BUILD_NOT_FOUND' })),
    }
  },
})

const newestFirst = (a: StoredBuild, b: StoredBuild): number =>
  (b.startTime?.getTime() ?? 0) - (a.startTime?.getTime() ?? 0) || (b.buildNumber ?? 0) - (a.buildNumber ?? 0)

function listed(all: StoredBuild[], input: { nextToken?: string; sortOrder?: string }, query: unknown) {
  const ids = all.sort(newestFirst).map((one) => one.id)
  if (input.sortOrder === 'ASCENDING') ids.reverse()
  const error = () => new AwsError('InvalidInputException', 'Invalid next token')
  const page = paginate(ids, { token: input.nextToken, limit: 100, query: [query, input.sortOrder], error })
  return { ids: page.items, nextToken: page.nextToken }
}

export const ListBuilds = operation({
  service: 'codebuild',
  name: 'ListBuilds',
  access: () => [{ action: 'codebuild:ListBuilds', resource: '*' }],
  run: (input, ctx) => listed(ctx.table(builds).values(), input, ''),
})

export const ListBuildsForProject = operation({
  service: 'codebuild',
  name: 'ListBuildsForProject',
  access: (input, ctx) => [
    { action: 'codebuild:ListBuildsForProject', resource: projectArn(ctx, input.projectName) },
  ],
  run: (input, ctx) => {
    const { name } = findProject(ctx, input.projectName)
    return listed(
      ctx
        .table(builds)
        .values()
        .filter((one) => one.projectName === name),
      input,
      name,
    )
  },
})

function shown(build: StoredBuild): Build {
  const { buildspec: _, ...rest } = build
  return rest
}
