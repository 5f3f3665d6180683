/** Reports of tests and code coverage: look up, list, their cases, delete. */
import type { Report } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalid } from '../engine/refusals.ts'
import { reportGroupKind } from '../kinds.ts'
import { reports, type StoredReport } from '../state.ts'

const keyOf = (arn: string): string => arn.slice(arn.indexOf(':report/') + 8)
const groupOf = (arn: string): string => arn.replace(/:report\/(.*):[^:]*$/, ':report-group/$1')

const onGroups = (ctx: Context, action: string, arns: readonly string[]): AccessRequest[] =>
  [...new Set(arns.map(groupOf))].map((arn) => reportGroupKind.on(ctx, action, arn))

function findReport(ctx: Context, arn: string): StoredReport {
  const found = ctx.table(reports).get(keyOf(arn))
  if (found?.report.arn === arn) return found
  throw new AwsError('ResourceNotFoundException', `Report cannot be found: ${arn}`)
}

export const BatchGetReports = operation({
  service: 'codebuild',
  name: 'BatchGetReports',
  access: (input, ctx) => onGroups(ctx, 'BatchGetReports', input.reportArns),
  run: (input, ctx) => {
    const found = new Map(
      input.reportArns.map((arn) => {
        const stored = ctx.table(reports).get(keyOf(arn))
        return [arn, stored?.report.arn === arn ? stored.report : undefined]
      }),
    )
    return {
      reports: [...found.values()].filter((one) => one !== undefined) as Report[],
      reportsNotFound: [...found].filter(([, one]) => !one).map(([arn]) => arn),
    }
  },
})

interface Listing {
  readonly filter?: { readonly status?: string }
  readonly sortOrder?: string
  readonly nextToken?: string
  readonly maxResults?: number
}

function listed(ctx: Context, input: Listing, group?: string) {
  const status = input.filter?.status
  const found = ctx
    .table(reports)
    .values()
    .map(({ report }) => report)
    .filter((one) => (!group || one.reportGroupArn === group) && (!status || one.status === status))
    .sort((a, b) => a.created.getTime() - b.created.getTime())
  if (input.sortOrder !== 'ASCENDING') found.reverse()
  const page = paginate(found, {
    token: input.nextToken,
    limit: input.maxResults ?? 100,
    query: [group, status, input.sortOrder],
    error: () => invalid('Invalid next token'),
  })
  return { reports: page.items.map(({ arn }) => arn), nextToken: page.nextToken }
}

export const ListReports = operation({
  service: 'codebuild',
  name: 'ListReports',
  access: () => [{ action: 'codebuild:ListReports', resource: '*' }],
  run: (input, ctx) => listed(ctx, input),
})

export const ListReportsForReportGroup = operation({
  service: 'codebuild',
  name: 'ListReportsForReportGroup',
  access: (input, ctx) => [reportGroupKind.on(ctx, 'ListReportsForReportGroup', input.reportGroupArn)],
  run: (input, ctx) => listed(ctx, input, reportGroupKind.find(ctx, input.reportGroupArn).arn),
})

export const DescribeTestCases = operation({
  service: 'codebuild',
  name: 'DescribeTestCases',
  access: (input, ctx) => onGroups(ctx, 'DescribeTestCases', [input.reportArn]),
  run: (input, ctx) => {
    const { status, keyword } = input.filter ?? {}
    const cases = findReport(ctx, input.reportArn).testCases.filter(
      (one) =>
        (status === undefined || one.status === status) &&
        (keyword === undefined || `${one.prefix ?? ''} ${one.name ?? ''}`.includes(keyword)),
    )
    const page = paginate(cases, {
      token: input.nextToken,
      limit: input.maxResults ?? 100,
      query: [input.reportArn, status, keyword],
      error: () => invalid('Invalid next token'),
    })
    return { testCases: page.items, nextToken: page.nextToken }
  },
})

export const DescribeCodeCoverages = operation({
  service: 'codebuild',
  name: 'DescribeCodeCoverages',
  access: (input, ctx) => onGroups(ctx, 'DescribeCodeCoverages', [input.reportArn]),
  run: (input, ctx) => {
    const { minLineCoveragePercentage: least = 0, maxLineCoveragePercentage: most = 100 } = input
    const files = findReport(ctx, input.reportArn).coverages.filter(
      ({ lineCoveragePercentage: share = 0 }) => share >= least && share <= most,
    )
    const sorted =
      input.sortBy === 'LINE_COVERAGE_PERCENTAGE'
        ? [...files].sort((a, b) => (a.lineCoveragePercentage ?? 0) - (b.lineCoveragePercentage ?? 0))
        : [...files].sort((a, b) => ((a.filePath ?? '') < (b.filePath ?? '') ? -1 : 1))
    if (input.sortOrder === 'DESCENDING') sorted.reverse()
    const page = paginate(sorted, {
      token: input.nextToken,
      limit: input.maxResults ?? 100,
      query: [input.reportArn, least, most, input.sortBy, input.sortOrder],
      error: () => invalid('Invalid next token'),
    })
    return { codeCoverages: page.items, nextToken: page.nextToken }
  },
})

export const DeleteReport = operation({
  service: 'codebuild',
  name: 'DeleteReport',
  access: (input, ctx) => onGroups(ctx, 'DeleteReport', [input.arn]),
  run: (input, ctx) => {
    if (ctx.table(reports).get(keyOf(input.arn))?.report.arn === input.arn)
      ctx.table(reports).delete(keyOf(input.arn))
    return {}
  },
})
