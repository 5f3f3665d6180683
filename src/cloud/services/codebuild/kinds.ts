/** The kinds of resources that CodeBuild keeps. AWS: a build is no resource for policies, its project is asked. */
import { AwsError, formatArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { tagsSeen } from '../../kernel/tagging.ts'
import { projects, reportGroups, type StoredProject, type StoredReportGroup } from './state.ts'

/** Gives the ARN of a project that is named by its name or its ARN. */
export const projectArn = (ctx: Context, name: string): string =>
  name.startsWith('arn:') ? name : formatArn('codebuild', ctx.region, ctx.account, `project/${name}`)

/** A project, named by its name or its ARN. */
export const projectKind = resourceKind({
  service: 'codebuild',
  table: projects,
  key: (project) => project.name,
  found: (ctx, named: string) => {
    const record = ctx.table(projects).get(named.slice(named.lastIndexOf('/') + 1))
    const isMeant = record?.name === named || record?.arn === named
    const { account, region } = ctx
    return { record: isMeant ? record : undefined, arn: projectArn(ctx, named), account, region }
  },
  absent: ({ arn }) => new AwsError('ResourceNotFoundException', `Project cannot be found: ${arn}`),
  policy: 'none',
  tags: tagsSeen<StoredProject>(({ tags = [] }) =>
    Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])),
  ),
})

/** Gives the ARN of a report group that is named by its name or its ARN. */
export const reportGroupArn = (ctx: Context, name: string): string =>
  name.startsWith('arn:') ? name : formatArn('codebuild', ctx.region, ctx.account, `report-group/${name}`)

/** A report group, named by its name or its ARN. AWS: reports are no resources for policies, their group is asked. */
export const reportGroupKind = resourceKind({
  service: 'codebuild',
  table: reportGroups,
  key: (group) => group.name,
  found: (ctx, named: string) => {
    const record = ctx.table(reportGroups).get(named.slice(named.lastIndexOf('/') + 1))
    const isMeant = record?.name === named || record?.arn === named
    const { account, region } = ctx
    return { record: isMeant ? record : undefined, arn: reportGroupArn(ctx, named), account, region }
  },
  absent: ({ arn }) => new AwsError('ResourceNotFoundException', `Report group cannot be found: ${arn}`),
  policy: 'none',
  tags: tagsSeen<StoredReportGroup>(({ tags = [] }) =>
    Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])),
  ),
})

export const kinds = [projectKind, reportGroupKind]
