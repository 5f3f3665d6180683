/** Sums up what stands in the files of a report: what the API tells of it, and of each of its parts. */
import type { CodeCoverage, ReportStatusType, TestCase } from '@aws-sdk/client-codebuild'
import type { StoredReport } from '../../state.ts'
import type { FileCoverage, TestResult } from './report-file.ts'

/** AWS: a report has 500 test cases at most, and those that failed go first (test-report statuses). */
const CASES_MOST = 500

/** A file as a build wrote it. */
export interface RawFile {
  readonly path: string
  readonly name: string
  readonly content: Buffer
}

type Read = { readonly file: RawFile; readonly found: readonly TestResult[] }[]

/** Gives the report of tests, with those cases that matter most. */
export function testReport(report: StoredReport['report'], read: Read): StoredReport {
  const all = read.flatMap(({ file, found }) => found.map((one) => ({ ...one, file })))
  const statusCounts: Record<string, number> = { ERROR: 0, FAILED: 0, SKIPPED: 0, SUCCEEDED: 0, UNKNOWN: 0 }
  for (const { status } of all) statusCounts[status] = (statusCounts[status] ?? 0) + 1
  const bad = statusCounts.FAILED! + statusCounts.ERROR! > 0
  const status: ReportStatusType = bad ? 'FAILED' : 'SUCCEEDED'
  const durationInNanoSeconds = all.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)
  const first = (one: TestResult) => (one.status === 'FAILED' || one.status === 'ERROR' ? 0 : 1)
  const kept = [...all].sort((a, b) => first(a) - first(b)).slice(0, CASES_MOST)
  return {
    report: {
      ...report,
      status,
      truncated: all.length > CASES_MOST,
      testSummary: { total: all.length, statusCounts, durationInNanoSeconds },
    },
    testCases: kept.map(
      (one): TestCase => ({
        reportArn: report.arn,
        testRawDataPath: one.file.path,
        prefix: one.prefix,
        name: one.name,
        status: one.status,
        durationInNanoSeconds: one.nanoseconds,
        message: one.message,
        expired: report.expired,
        testSuiteName: one.testSuiteName,
      }),
    ),
    coverages: [],
  }
}

const percentage = (covered: number, missed: number): number =>
  covered + missed ? (covered / (covered + missed)) * 100 : 0

const shares = (one: Omit<FileCoverage, 'filePath'>) => ({
  lineCoveragePercentage: percentage(one.linesCovered, one.linesMissed),
  linesCovered: one.linesCovered,
  linesMissed: one.linesMissed,
  branchCoveragePercentage: percentage(one.branchesCovered, one.branchesMissed),
  branchesCovered: one.branchesCovered,
  branchesMissed: one.branchesMissed,
})

/** Gives the report of code coverage, with its files. */
export function coverageReport(report: StoredReport['report'], all: readonly FileCoverage[]): StoredReport {
  const sum = (key: keyof Omit<FileCoverage, 'filePath'>) => all.reduce((total, one) => total + one[key], 0)
  const codeCoverageSummary = shares({
    linesCovered: sum('linesCovered'),
    linesMissed: sum('linesMissed'),
    branchesCovered: sum('branchesCovered'),
    branchesMissed: sum('branchesMissed'),
  })
  return {
    report: { ...report, status: 'SUCCEEDED', codeCoverageSummary },
    testCases: [],
    coverages: all.map(
      (one, index): CodeCoverage => ({
        id: `${report.arn.replace(/.*:/, '')}-${index}`,
        reportARN: report.arn,
        filePath: one.filePath,
        ...shares(one),
        expired: report.expired,
      }),
    ),
  }
}
