/** Runs one build from its first phase to its last, and records what came of it. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setEntry } from '../../../../model/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { freeImageStorage } from '../../../machine/containers/image-storage.ts'
import { projects } from '../state.ts'
import { BuildRun } from './build-run.ts'
import type { Buildspec, BuildspecArtifacts, BuildspecReport } from './buildspec.ts'
import { BuildCache } from './cache.ts'
import { buildEnvironment } from './environment.ts'
import { exportVariables } from './exported-variables.ts'
import type { BuildLog } from './log.ts'
import { assumeServiceRole, openLog } from './provision.ts'
import { publishState } from './publish-state.ts'
import { readBuildspec } from './read-buildspec.ts'
import { writeReports } from './reports/write-reports.ts'
import { RecentOutput, runCommands, type Workshop } from './run-commands.ts'
import { running } from './running.ts'
import { chooseRuntimes } from './runtimes.ts'
import { Shell } from './shell.ts'
import { fetchSources } from './source.ts'
import { tellBuild } from './tell-status.ts'
import { uploadArtifacts } from './upload-artifacts.ts'
import { askForInterface } from './vpc.ts'

/** AWS: the build of a batch that fetches its buildspec, and runs none of its commands. */
export const FETCHING = 'DOWNLOAD_SOURCE'

/** Runs a build that is recorded as started; it always ends with a status and an event. */
export async function runBuild(ctx: Context, id: string): Promise<void> {
  const run = new BuildRun(ctx, id)
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-build-'))
  run.change({ folder })
  try {
    await run.phase('SUBMITTED', async () => undefined)
    await run.phase('QUEUED', async () => undefined)
    await runPhases(run, folder)
  } finally {
    await freeImageStorage(join(folder, 'tmp'))
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    run.complete()
    running(ctx.cloud).delete(run.build.arn)
    tellBuild(ctx, run.build)
    publishState(ctx, run.build)
  }
}

async function runPhases(run: BuildRun, folder: string): Promise<void> {
  if (run.cutShort) return
  let role!: AssumedRole
  let log: BuildLog | undefined
  const provisioned = await run.phase('PROVISIONING', async () => {
    role = await assumeServiceRole(run.ctx, run.build)
    log = await openLog(run.ctx, role, run.build)
    await askForInterface(run.ctx, role.identity, run.build)
  })
  if (!log) return
  const opened = log
  try {
    if (provisioned) await runWithLog(run, folder, role, opened)
    logFailure(run, opened)
  } finally {
    await run.phase('FINALIZING', () => opened.close())
  }
}

async function runWithLog(run: BuildRun, folder: string, role: AssumedRole, log: BuildLog): Promise<void> {
  let prepared: Workshop | undefined
  const good = await run.phase('DOWNLOAD_SOURCE', async () => {
    prepared = await prepare(run, folder, role, log)
  })
  // A build that is stopped while its source comes in has not run any command.
  if (!good || !prepared) return
  const { shell, buildspec } = prepared
  if (run.build.batchIdentifier === FETCHING) return run.change({ batchSpec: buildspec.batch })
  running(run.ctx.cloud).get(run.build.arn)!.kill = () => shell.kill()
  const { ctx, build } = run
  const settings = {
    ctx,
    identity: role.identity,
    log,
    shell,
    folder: join(folder, 'src'),
    projectName: build.projectName,
    generation: ctx.table(projects).get(build.projectName)?.cacheGeneration,
  }
  const cache = new BuildCache(settings, build.cache, buildspec.cache)
  try {
    await cache.restore()
    if (await runCommands(run, prepared))
      await run.phase('UPLOAD_ARTIFACTS', async () => {
        await cache.save()
        const reports = await reportsOf(shell, buildspec)
        const job = { run, ctx: ctx.as(role.identity), folder: settings.folder, log }
        const outcomes = await Promise.allSettled([
          writeReports(job, reports),
          upload(run, role, settings.folder, prepared!),
        ])
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      })
  } finally {
    const { exported, refused } = exportVariables(buildspec, run.build, await shell.end())
    for (const name of refused) log.line(`[Container] ${name} is exported by the buildspec, but cannot be.`)
    run.change({ exportedEnvironmentVariables: exported })
  }
}

async function prepare(run: BuildRun, folder: string, role: AssumedRole, log: BuildLog): Promise<Workshop> {
  const { ctx } = run
  const place = join(folder, 'src')
  const { source: primary, sourceVersion: version, secondarySources: secondary = [] } = run.build
  const { resolvedSourceVersion: commit, secondarySourceVersions: versions } = run.build
  const sources = { primary, version, commit, secondary, versions }
  const fetched = await fetchSources(ctx, role.identity, folder, sources)
  if (fetched.found) {
    const { commit: resolvedSourceVersion, branch } = fetched.found
    run.change({ resolvedSourceVersion, ...(branch !== undefined && { branch }) })
    tellBuild(ctx, run.build)
  }
  const { build } = run
  const buildspec = await readBuildspec(ctx, role.identity, place, build.buildspec ?? '')
  for (const warning of buildspec.warnings) log.line(`[Container] ${warning}`)
  const [scratch, temporary] = [join(folder, 'shell'), join(folder, 'tmp')]
  await Promise.all([mkdir(scratch), mkdir(temporary)])
  const details = { ctx, build, role, folder: place, inputFolders: fetched.folders, temporary }
  const { variables, secrets } = await buildEnvironment(details, buildspec)
  log.mask(secrets)
  const runtimes = chooseRuntimes(buildspec, build.environment?.image ?? '', variables, log)
  const batch = build.batchIdentifier
  const environment = {
    ...(batch === undefined ? {} : { CODEBUILD_BATCH_BUILD_IDENTIFIER: batch }),
    ...variables,
    ...(buildspec.gitCredentialHelper ? gitCredentialHelper(ctx.cloud.endpoint) : {}),
  }
  const recent = new RecentOutput()
  const output = (text: string) => {
    recent.add(text)
    return log.write(text)
  }
  const { processes } = ctx.cloud
  const shell = new Shell({
    processes,
    shell: buildspec.shell,
    folder: place,
    scratch,
    environment,
    output,
  })
  return { buildspec, runtimes, shell, log, recent }
}

/**
 * AWS: git asks CodeBuild's helper, which answers as the build's role; the AWS command line has the same one. It answers
 * for AWS's own host names, so that the cloud's address, which clone URLs have here, is said to be one too.
 */
const gitCredentialHelper = (endpoint: string) => ({
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'credential.helper',
  GIT_CONFIG_VALUE_0: '!aws codecommit credential-helper $@',
  GIT_CONFIG_KEY_1: 'credential.UseHttpPath',
  GIT_CONFIG_VALUE_1: 'true',
  GIT_CONFIG_KEY_2: `credential.${endpoint}.helper`,
  GIT_CONFIG_VALUE_2: '!aws codecommit credential-helper --ignore-host-check $@',
})

async function upload(
  run: BuildRun,
  role: AssumedRole,
  place: string,
  { shell, buildspec }: Workshop,
): Promise<void> {
  const names = await artifactNames(shell, buildspec)
  const expanded = await withFoldersExpanded(shell, buildspec)
  run.change(await uploadArtifacts(run.ctx, role.identity, place, run.build, expanded, names))
}

/** AWS: a base directory may be a variable (sample-pipeline-multi-input-output has $CODEBUILD_SRC_DIR_source2). */
async function withFoldersExpanded(shell: Shell, buildspec: Buildspec): Promise<Buildspec> {
  const expanded = async (section: BuildspecArtifacts) =>
    section.baseDirectory?.includes('$')
      ? { ...section, baseDirectory: await shell.expand(section.baseDirectory) }
      : section
  const secondaryArtifacts: Record<string, BuildspecArtifacts> = {}
  for (const [id, section] of Object.entries(buildspec.secondaryArtifacts))
    setEntry(secondaryArtifacts, id, await expanded(section))
  const { artifacts } = buildspec
  return { ...buildspec, artifacts: artifacts && (await expanded(artifacts)), secondaryArtifacts }
}

/** AWS: the name of a report group may be a variable (build-spec-ref, report-group-name-or-arn). */
async function reportsOf(
  shell: Shell,
  { reports }: Buildspec,
): Promise<(readonly [string, BuildspecReport])[]> {
  const found: (readonly [string, BuildspecReport])[] = []
  for (const [name, report] of Object.entries(reports))
    found.push([name.includes('$') ? await shell.expand(name) : name, report])
  return found
}

/** AWS: an artifact's name in the buildspec is written in the shell's language. Gives the names by identifier. */
async function artifactNames(shell: Shell, buildspec: Buildspec): Promise<Record<string, string>> {
  const names: Record<string, string> = {}
  const sections = { '': buildspec.artifacts, ...buildspec.secondaryArtifacts }
  for (const [id, section] of Object.entries(sections))
    if (section?.name !== undefined) setEntry(names, id, await shell.expand(section.name))
  return names
}

/** The phases that failed, told at the end of the log, where a reader looks first. */
function logFailure(run: BuildRun, log: BuildLog): void {
  for (const { phaseType, phaseStatus, contexts } of run.build.phases ?? [])
    if (phaseStatus && phaseStatus !== 'SUCCEEDED')
      log.line(
        `[Container] Phase ${phaseType} ${phaseStatus}: ${contexts?.[0]?.statusCode} ${contexts?.[0]?.message}`,
      )
}
