/** GetReportGroupTrend: a figure of a group's newest reports, one by one and summed up. */
import type { Report } from '@aws-sdk/client-codebuild'
import { operation } from '../../../kernel/operation.ts'
import { reportGroupKind } from '../kinds.ts'
import { reports } from '../state.ts'

/** AWS: reports that are looked at where nobody says how many. */
const MOST = 100

const share = (part: number, whole: number): number => (whole ? (part / whole) * 100 : 0)

/** By the field's name: the figure of a report, where it has one. AWS: durations are told in seconds. */
const FIGURES: Readonly<Record<string, (report: Report) => number | undefined>> = {
  DURATION: ({ testSummary: tests }) => tests && (tests.durationInNanoSeconds ?? 0) / 1e9,
  PASS_RATE: ({ testSummary: tests }) => tests && share(tests.statusCounts?.SUCCEEDED ?? 0, tests.total ?? 0),
  TOTAL: ({ testSummary: tests }) => tests?.total,
  LINE_COVERAGE: ({ codeCoverageSummary: covered }) => covered?.lineCoveragePercentage,
  LINES_COVERED: ({ codeCoverageSummary: covered }) => covered?.linesCovered,
  LINES_MISSED: ({ codeCoverageSummary: covered }) => covered?.linesMissed,
  BRANCH_COVERAGE: ({ codeCoverageSummary: covered }) => covered?.branchCoveragePercentage,
  BRANCHES_COVERED: ({ codeCoverageSummary: covered }) => covered?.branchesCovered,
  BRANCHES_MISSED: ({ codeCoverageSummary: covered }) => covered?.branchesMissed,
}

/** Errors: ResourceNotFoundException. */
export const GetReportGroupTrend = operation({
  service: 'codebuild',
  name: 'GetReportGroupTrend',
  access: (input, ctx) => [reportGroupKind.on(ctx, 'GetReportGroupTrend', input.reportGroupArn)],
  run: ({ reportGroupArn, trendField, numOfReports = MOST }, ctx) => {
    const { arn } = reportGroupKind.find(ctx, reportGroupArn)
    const figureOf = FIGURES[trendField]!
    const figures = ctx
      .table(reports)
      .values()
      .map(({ report }) => report)
      .filter((one) => one.reportGroupArn === arn)
      .sort((one, other) => other.created.getTime() - one.created.getTime())
      .slice(0, numOfReports)
      .flatMap((report) => {
        const figure = figureOf(report)
        return figure === undefined ? [] : [{ reportArn: report.arn, figure }]
      })
    if (!figures.length) return { rawData: [] }
    const all = figures.map(({ figure }) => figure)
    return {
      stats: {
        average: String(all.reduce((sum, one) => sum + one, 0) / all.length),
        max: String(Math.max(...all)),
        min: String(Math.min(...all)),
      },
      rawData: figures.map(({ reportArn, figure }) => ({ reportArn, data: String(figure) })),
    }
  },
})
