/** Runs one build from its first phase to its last, and records what came of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildPhase, BuildPhaseType, StatusType } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../model/index.ts'
import type { AssumedRole, Context } from '../../context.ts'
import { serviceIdentity } from '../../identity.ts'
import { type Buildspec, PHASES, type PhaseName, parseBuildspec } from './buildspec.ts'
import { buildEnvironment } from './environment.ts'
import { BuildLog } from './log.ts'
import { running } from './running.ts'
import { Shell } from './shell.ts'
import { fetchSources } from './source.ts'
import { builds, type StoredBuild } from './state.ts'
import { uploadArtifacts } from './upload-artifacts.ts'

/** A phase that ended the build, with CodeBuild's status code. */
class PhaseFailure extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The state of one build while it runs. */
class BuildRun {
  readonly ctx: Context
  readonly id: string
  status: StatusType = 'IN_PROGRESS'
  private phases: BuildPhase[] = []

  constructor(ctx: Context, id: string) {
    this.ctx = ctx
    this.id = id
  }

  get build(): StoredBuild {
    return this.ctx.table(builds).get(this.id)!
  }

  change(changes: Partial<StoredBuild>): void {
    this.ctx.table(builds).put(this.id, { ...this.build, ...changes, phases: this.phases })
  }

  /** Runs one phase and records its times; a failure is recorded, and told by the answer. */
  async phase(name: BuildPhaseType, work: () => Promise<void>): Promise<boolean> {
    const startTime = this.ctx.cloud.clock.date()
    this.phases = [...this.phases, { phaseType: name, startTime }]
    this.change({ currentPhase: name })
    let failure: PhaseFailure | undefined
    try {
      await work()
    } catch (error) {
      failure = asFailure(error)
    }
    const stopped = running.get(this.build.arn)?.ended
    const endTime = this.ctx.cloud.clock.date()
    const ended: BuildPhase = {
      phaseType: name,
      phaseStatus: stopped ?? (failure ? 'FAILED' : 'SUCCEEDED'),
      startTime,
      endTime,
      durationInSeconds: Math.round((endTime.getTime() - startTime.getTime()) / 1000),
      contexts: failure
        ? [{ statusCode: failure.code, message: failure.message }]
        : [{ statusCode: '', message: '' }],
    }
    this.phases = [...this.phases.slice(0, -1), ended]
    if (stopped) this.status = stopped
    else if (failure && this.status === 'IN_PROGRESS') this.status = 'FAILED'
    this.change({})
    return !failure && !stopped
  }
}

function asFailure(error: unknown): PhaseFailure {
  if (error instanceof PhaseFailure) return error
  if (error instanceof AwsError) return new PhaseFailure('CLIENT_ERROR', `${error.code}: ${error.message}`)
  return new PhaseFailure('CLIENT_ERROR', (error as Error).message)
}

/** Runs a build that is recorded as started; it always ends with a status and an event. */
export async function runBuild(ctx: Context, id: string): Promise<void> {
  const run = new BuildRun(ctx, id)
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-build-'))
  try {
    await run.phase('SUBMITTED', async () => undefined)
    await run.phase('QUEUED', async () => undefined)
    await runPhases(run, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await run.phase('COMPLETED', async () => undefined)
    finish(run)
  }
}

function finish(run: BuildRun): void {
  const { ctx } = run
  const buildStatus: StatusType = run.status === 'IN_PROGRESS' ? 'SUCCEEDED' : run.status
  run.change({ buildStatus, buildComplete: true, endTime: ctx.cloud.clock.date(), currentPhase: 'COMPLETED' })
  running.delete(run.build.arn)
  publishState(ctx, run.build)
}

/** Tells EventBridge of a build's state. AWS: "CodeBuild Build State Change". */
export function publishState(ctx: Context, build: StoredBuild): void {
  ctx.publish({
    source: 'aws.codebuild',
    detailType: 'CodeBuild Build State Change',
    resources: [build.arn],
    detail: {
      'build-status': build.buildStatus,
      'project-name': build.projectName,
      'build-id': build.arn,
      'current-phase': build.currentPhase,
      'additional-information': {
        'build-complete': build.buildComplete,
        initiator: build.initiator,
        'build-number': build.buildNumber,
        logs: { 'group-name': build.logs?.groupName, 'stream-name': build.logs?.streamName },
      },
    },
  })
}

async function runPhases(run: BuildRun, folder: string): Promise<void> {
  const { ctx } = run
  let role!: AssumedRole
  let log!: BuildLog
  const { groupName: group = '', streamName: stream = '' } = run.build.logs ?? {}
  const provisioned = await run.phase('PROVISIONING', async () => {
    role = await assumeServiceRole(run)
    log = new BuildLog(ctx, role.identity, { group, stream })
    await openLog(log, run.build)
  })
  if (!provisioned) return
  try {
    await runWithLog(run, folder, role, log)
  } finally {
    await run.phase('FINALIZING', () => log.close())
  }
}

async function assumeServiceRole(run: BuildRun): Promise<AssumedRole> {
  const { ctx, build } = run
  const roleArn = build.serviceRole ?? ''
  const project = build.arn.replace(/:build\/.*/, `:project/${build.projectName}`)
  const by = serviceIdentity('codebuild.amazonaws.com', { arn: project, account: ctx.account })
  const sessionName = `AWSCodeBuild-${build.id.split(':')[1]}`
  return ctx.assumeRole(roleArn, { by, sessionName, durationSeconds: 3600 }).catch((error) => {
    throw new PhaseFailure(
      'ACCESS_DENIED',
      `CodeBuild is not authorized to perform: sts:AssumeRole on service role ${roleArn}. ${error.message}`,
    )
  })
}

async function openLog(log: BuildLog, build: StoredBuild): Promise<void> {
  await log.open().catch((error) => {
    throw new PhaseFailure(
      'ACCESS_DENIED',
      `Service role ${build.serviceRole} does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams ` +
        `for build ${build.arn}. Error message: ${error.message}`,
    )
  })
}

async function runWithLog(run: BuildRun, folder: string, role: AssumedRole, log: BuildLog): Promise<void> {
  const { ctx, build } = run
  let buildspec!: Buildspec
  let shell!: Shell
  const source = join(folder, 'src')
  const prepared = await run.phase('DOWNLOAD_SOURCE', async () => {
    const { source: primary, sourceVersion: version, secondarySources: secondary = [] } = build
    const inputFolders = await fetchSources(ctx, role.identity, folder, { primary, version, secondary })
    buildspec = await readBuildspec(source, build)
    const place = { ctx, build, role, folder: source, inputFolders }
    const { variables, secrets } = await buildEnvironment(place, buildspec)
    log.mask(secrets)
    const output = (text: string) => log.write(text)
    shell = await Shell.start({ shell: buildspec.shell, folder: source, environment: variables, output })
  })
  if (!prepared) {
    // A build that is stopped while its source comes in has a shell all the same.
    await (shell as Shell | undefined)?.end()
    return logFailure(run, log)
  }
  running.get(build.arn)!.kill = () => shell.kill()
  await runCommands(run, buildspec, shell, log)
  const environment = await shell.end()
  const exported = buildspec.exportedVariables.map((name) => ({ name, value: environment[name] ?? '' }))
  run.change({ exportedEnvironmentVariables: exported })
  if (run.status === 'STOPPED' || run.status === 'TIMED_OUT') return logFailure(run, log)
  await run.phase('UPLOAD_ARTIFACTS', () => uploadArtifacts(ctx, role.identity, source, build, buildspec))
  logFailure(run, log)
}

/** The phases that failed, told at the end of the log, where a reader looks first. */
function logFailure(run: BuildRun, log: BuildLog): void {
  for (const { phaseType, phaseStatus, contexts } of run.build.phases ?? [])
    if (phaseStatus && phaseStatus !== 'SUCCEEDED')
      log.line(
        `[Container] Phase ${phaseType} ${phaseStatus}: ${contexts?.[0]?.statusCode} ${contexts?.[0]?.message}`,
      )
}

async function readBuildspec(sourceFolder: string, build: StoredBuild): Promise<Buildspec> {
  const given = build.buildspec ?? ''
  if (given.includes('\n')) return parseBuildspec(given)
  const file = given || 'buildspec.yml'
  if (file.startsWith('/') || file.split('/').includes('..'))
    throw new PhaseFailure('YAML_FILE_ERROR', `the buildspec path "${file}" leads out of the source`)
  const text = await readFile(join(sourceFolder, file), 'utf8').catch(() => {
    throw new PhaseFailure('YAML_FILE_ERROR', `stat ${file}: no such file or directory`)
  })
  return parseBuildspec(text)
}

/**
 * Runs the phases' commands. AWS: a failing install or pre_build ends the build, a failing build still runs post_build;
 * `finally` always runs; on-failure CONTINUE goes on to the next phase.
 */
async function runCommands(run: BuildRun, buildspec: Buildspec, shell: Shell, log: BuildLog): Promise<void> {
  for (const name of PHASES) {
    const phase = buildspec.phases[name]
    const good = await run.phase(name.toUpperCase() as BuildPhaseType, () =>
      runPhaseCommands(name, phase, shell, log),
    )
    if (good) continue
    await shell.run('CODEBUILD_BUILD_SUCCEEDING=0; export CODEBUILD_BUILD_SUCCEEDING')
    const goesOn = phase?.onFailure ? phase.onFailure === 'CONTINUE' : name === 'build'
    if (!goesOn || run.status === 'STOPPED' || run.status === 'TIMED_OUT') return
  }
}

async function runPhaseCommands(
  name: PhaseName,
  phase: Buildspec['phases'][PhaseName],
  shell: Shell,
  log: BuildLog,
): Promise<void> {
  let failure: PhaseFailure | undefined
  for (const command of phase?.commands ?? []) {
    failure = await runCommand(name, command, shell, log)
    if (failure) break
  }
  for (const command of phase?.finally ?? []) {
    const failed = await runCommand(name, command, shell, log)
    failure ??= failed
  }
  if (failure) throw failure
}

async function runCommand(
  phase: PhaseName,
  command: string,
  shell: Shell,
  log: BuildLog,
): Promise<PhaseFailure | undefined> {
  log.line(`[Container] ${phase}: Running command ${command.trimEnd()}`)
  const status = await shell.run(command)
  if (status === 0) return undefined
  return new PhaseFailure(
    'COMMAND_EXECUTION_ERROR',
    `Error while executing command: ${command.trimEnd()}. Reason: exit status ${status}`,
  )
}
