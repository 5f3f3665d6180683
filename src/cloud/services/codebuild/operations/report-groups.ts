/** Report groups: create, update, look up, list, delete. */
import type { ReportExportConfig, ReportGroup } from '@aws-sdk/client-codebuild'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalid } from '../engine/refusals.ts'
import { reportGroupArn, reportGroupKind } from '../kinds.ts'
import { reportGroups, reports, type StoredReportGroup } from '../state.ts'

export const CreateReportGroup = operation({
  service: 'codebuild',
  name: 'CreateReportGroup',
  access: (input, ctx) => [reportGroupKind.on(ctx, 'CreateReportGroup', reportGroupArn(ctx, input.name))],
  run: (input, ctx) => {
    const arn = reportGroupArn(ctx, input.name)
    if (reportGroupKind.lookUp(ctx, input.name))
      throw new AwsError('ResourceAlreadyExistsException', `Report group already exists: ${arn}`)
    checkExport(input.exportConfig as ReportExportConfig)
    const now = ctx.cloud.clock.date()
    const group = {
      name: input.name,
      arn,
      type: input.type,
      exportConfig: input.exportConfig,
      tags: input.tags ?? [],
      created: now,
      lastModified: now,
      status: 'ACTIVE',
    } as StoredReportGroup
    ctx.table(reportGroups).put(group.name, group)
    return { reportGroup: group }
  },
})

export const UpdateReportGroup = operation({
  service: 'codebuild',
  name: 'UpdateReportGroup',
  access: (input, ctx) => [reportGroupKind.on(ctx, 'UpdateReportGroup', input.arn)],
  run: (input, ctx) => {
    if (input.exportConfig) checkExport(input.exportConfig as ReportExportConfig)
    const changes = {
      ...(input.exportConfig && { exportConfig: input.exportConfig }),
      ...(input.tags && { tags: input.tags }),
      lastModified: ctx.cloud.clock.date(),
    } as Partial<StoredReportGroup>
    return { reportGroup: reportGroupKind.change(ctx, input.arn, changes) as ReportGroup }
  },
})

export const DeleteReportGroup = operation({
  service: 'codebuild',
  name: 'DeleteReportGroup',
  access: (input, ctx) => [reportGroupKind.on(ctx, 'DeleteReportGroup', input.arn)],
  run: (input, ctx) => {
    const group = reportGroupKind.lookUp(ctx, input.arn)
    if (!group) return {}
    const held = [...keysOf(ctx, group.name)]
    // AWS: with reports it is deleted only where deleteReports says so.
    if (held.length && !input.deleteReports)
      throw invalid(`Report group ${group.arn} cannot be deleted because it contains reports`)
    for (const key of held) ctx.table(reports).delete(key)
    ctx.table(reportGroups).delete(group.name)
    return {}
  },
})

function* keysOf(ctx: Context, group: string): Iterable<string> {
  for (const [key] of ctx.table(reports).entries())
    if (key.slice(0, key.lastIndexOf(':')) === group) yield key
}

export const BatchGetReportGroups = operation({
  service: 'codebuild',
  name: 'BatchGetReportGroups',
  access: (input, ctx) =>
    input.reportGroupArns.map((arn) => reportGroupKind.on(ctx, 'BatchGetReportGroups', arn)),
  run: (input, ctx) => ({
    reportGroups: input.reportGroupArns.flatMap((arn) => reportGroupKind.lookUp(ctx, arn) ?? []),
    reportGroupsNotFound: input.reportGroupArns.filter((arn) => !reportGroupKind.lookUp(ctx, arn)),
  }),
})

export const ListReportGroups = operation({
  service: 'codebuild',
  name: 'ListReportGroups',
  access: () => [{ action: 'codebuild:ListReportGroups', resource: '*' }],
  run: (input, ctx) => {
    const time = (one: StoredReportGroup, key: 'created' | 'lastModified') => one[key]?.getTime() ?? 0
    const compare: Record<string, (a: StoredReportGroup, b: StoredReportGroup) => number> = {
      NAME: (a, b) => (a.name < b.name ? -1 : 1),
      CREATED_TIME: (a, b) => time(a, 'created') - time(b, 'created'),
      LAST_MODIFIED_TIME: (a, b) => time(a, 'lastModified') - time(b, 'lastModified'),
    }
    const arns = ctx
      .table(reportGroups)
      .values()
      .sort(compare[input.sortBy ?? 'NAME'])
      .map(({ arn }) => arn)
    if (input.sortOrder === 'DESCENDING') arns.reverse()
    const page = paginate(arns, {
      token: input.nextToken,
      limit: input.maxResults ?? 100,
      query: [input.sortBy, input.sortOrder],
      error: () => invalid('Invalid next token'),
    })
    return { reportGroups: page.items, nextToken: page.nextToken }
  },
})

function checkExport({ exportConfigType, s3Destination }: ReportExportConfig): void {
  if (exportConfigType === 'S3' && !s3Destination?.bucket)
    throw invalid('Invalid export config: s3Destination with a bucket is required if the export type is S3')
}
