/** Makes reports of what a build's tests wrote, as the build's role, and keeps them in their groups. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { entryOf } from '../../../../../model/index.ts'
import { REPORT_FORMATS, reportGroupName } from '../../../../../pipeline/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import { pack } from '../../../../machine/archive.ts'
import { reportGroupKind } from '../../kinds.ts'
import { reports, type StoredReport, type StoredReportGroup } from '../../state.ts'
import { choosePaths } from '../artifacts.ts'
import type { BuildRun } from '../build-run.ts'
import type { BuildspecReport } from '../buildspec.ts'
import type { BuildLog } from '../log.ts'
import { COVERAGE_READERS } from './coverage-reports.ts'
import { FILE_LIMIT } from './report-file.ts'
import { coverageReport, type RawFile, testReport } from './sum-up.ts'
import { TEST_READERS } from './test-reports.ts'

/** Files of one report, and bytes of them all. */
const FILES_MOST = 10_000
const BYTES_MOST = 4 * FILE_LIMIT
/** AWS: reports expire after 30 days. */
const KEPT = 30 * 24 * 3600 * 1000

interface Job {
  readonly run: BuildRun
  /** The build's context under its role. */
  readonly ctx: Context
  readonly folder: string
  readonly log: BuildLog
}

/**
 * Makes every report of the buildspec; each is tried. Errors: an Error in CodeBuild's words, "Error in UPLOAD_ARTIFACTS
 * phase: [tests: [error creating report group: AccessDeniedException …]]" (aws/aws-cdk#7367).
 */
export async function writeReports(
  job: Job,
  wanted: readonly (readonly [name: string, report: BuildspecReport])[],
): Promise<void> {
  const problems: string[] = []
  for (const [name, report] of wanted)
    await writeReport(job, name, report).catch((error: Error & { code?: string }) => {
      problems.push(`${name}: [${error.message}]`)
    })
  if (problems.length) throw new Error(`Error in UPLOAD_ARTIFACTS phase: [${problems.join(', ')}]`)
}

async function writeReport(job: Job, name: string, spec: BuildspecReport): Promise<void> {
  const { ctx, run, log } = job
  const isTest = (REPORT_FORMATS.test as readonly string[]).includes(spec.fileFormat)
  const type = isTest ? ('TEST' as const) : ('CODE_COVERAGE' as const)
  const group = await groupOf(job, name, type)
  if (group.type !== type) throw new Error(`the report group ${group.name} is of the type ${group.type}`)
  await telling('error creating report', ctx.authorize([reportGroupKind.on(ctx, 'CreateReport', group.arn)]))
  const key = `${group.name}:${ctx.cloud.ids.uuid()}`
  const created = ctx.cloud.clock.date()
  const report: StoredReport['report'] = {
    arn: group.arn.replace(/:report-group\/.*/, `:report/${key}`),
    type,
    name,
    reportGroupArn: group.arn,
    executionId: run.build.arn,
    status: 'GENERATING',
    created,
    expired: new Date(created.getTime() + KEPT),
    exportConfig: group.exportConfig,
    truncated: false,
  }
  const keep = (change: Partial<StoredReport>) =>
    ctx.table(reports).put(key, { report, testCases: [], coverages: [], ...change })
  keep({})
  run.change({ reportArns: [...(run.build.reportArns ?? []), report.arn] })
  try {
    const files = await readFiles(job.folder, spec)
    const put = isTest ? 'BatchPutTestCases' : 'BatchPutCodeCoverages'
    const asked = [put, 'UpdateReport'].map((action) => reportGroupKind.on(ctx, action, group.arn))
    await telling('error updating report', ctx.authorize(asked))
    const made = await readReport(job, report, spec, files)
    keep(made)
    await exportRaw(ctx, group, key, files)
    log.line(`[Container] ${type} report ${report.arn}: ${summaryOf(made)}`)
  } catch (error) {
    keep({ report: { ...report, status: 'INCOMPLETE' } })
    throw error
  }
}

async function readReport(
  job: Job,
  report: StoredReport['report'],
  { fileFormat }: BuildspecReport,
  files: readonly RawFile[],
): Promise<StoredReport> {
  const readTests = entryOf(TEST_READERS, fileFormat)
  if (readTests) return testReport(report, await parsed(job, files, readTests))
  const read = await parsed(job, files, COVERAGE_READERS[fileFormat]!)
  return coverageReport(
    report,
    read.flatMap(({ found }) => found),
  )
}

const summaryOf = ({ report, testCases, coverages }: StoredReport): string =>
  report.type === 'TEST'
    ? `${report.status}, ${report.testSummary?.total ?? testCases.length} tests`
    : `${Number(report.codeCoverageSummary?.lineCoveragePercentage ?? 0).toFixed(2)} % of the lines of ${coverages.length} files`

/** Says what a denial stopped, with its code. */
async function telling<T>(what: string, work: Promise<T>): Promise<T> {
  return work.catch((error: Error & { code?: string }) => {
    throw new Error(`${what}: ${error.code}: ${error.message}`)
  })
}

/** AWS: an ARN is that of a group that is there; a name is `<project>-<name>`, which is made where it is not. */
async function groupOf(
  { ctx, run }: Job,
  name: string,
  type: 'TEST' | 'CODE_COVERAGE',
): Promise<StoredReportGroup> {
  if (name.startsWith('arn:')) return reportGroupKind.find(ctx, name)
  const full = reportGroupName(run.build.projectName, name)
  const found = reportGroupKind.lookUp(ctx, full)
  if (found) return found
  const input = { name: full, type, exportConfig: { exportConfigType: 'NO_EXPORT' as const } }
  await telling(
    'error creating report group',
    ctx.call('codebuild', 'CreateReportGroup', input, { as: ctx.identity }),
  )
  return reportGroupKind.find(ctx, full)
}

async function readFiles(folder: string, spec: BuildspecReport): Promise<RawFile[]> {
  const chosen = await choosePaths(folder, spec)
  if (!chosen.length) throw new Error('report files not found in build')
  if (chosen.length > FILES_MOST) throw new Error(`the report has more than ${FILES_MOST} files`)
  let total = 0
  const files: RawFile[] = []
  for (const { base, path, name } of chosen) {
    const file = join(base, path)
    const { size } = await stat(file)
    total += size
    if (size > FILE_LIMIT || total > BYTES_MOST) throw new Error(`the report file ${path} is too large`)
    files.push({ path, name, content: await readFile(file) })
  }
  return files
}

/**
 * Reads file after file, and lets others work in between. Patterns take in what is no report (Surefire writes texts beside
 * them): such a file is told and passed over, unless all are.
 */
async function parsed<T>(
  { log }: Job,
  files: readonly RawFile[],
  read: (text: string) => T[],
): Promise<{ file: RawFile; found: T[] }[]> {
  const all: { file: RawFile; found: T[] }[] = []
  const problems: string[] = []
  for (const file of files) {
    await new Promise((resolve) => setImmediate(resolve))
    try {
      all.push({ file, found: read(textOf(file.content)) })
    } catch (error) {
      problems.push(`error reading the report file ${file.path}: ${(error as Error).message}`)
    }
  }
  if (!all.length) throw new Error(problems[0])
  for (const problem of problems) log.line(`[Container] ${problem}`)
  return all
}

/** Reports of Windows' tools may be UTF-16, with a mark. */
function textOf(content: Buffer): string {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(content)
}

/** AWS: the group's bucket gets the files as they are, or one archive of them, written by the build's role. */
async function exportRaw(
  ctx: Context,
  group: StoredReportGroup,
  key: string,
  files: readonly RawFile[],
): Promise<void> {
  const { exportConfigType, s3Destination: to } = group.exportConfig ?? {}
  if (exportConfigType !== 'S3' || !to?.bucket) return
  const folder = [to.path, key.slice(key.lastIndexOf(':') + 1)].filter(Boolean).join('/')
  const objects =
    to.packaging === 'ZIP' ? [{ name: `${group.name}.zip`, content: Buffer.from(await pack(files)) }] : files
  for (const { name, content } of objects)
    await ctx.call(
      's3',
      'PutObject',
      {
        Bucket: to.bucket,
        Key: `${folder}/${name}`,
        Body: content as never,
        ...(to.encryptionDisabled
          ? {}
          : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: to.encryptionKey || undefined }),
      },
      { as: ctx.identity },
    )
}
