/** The kinds of resources that CloudWatch keeps. */
import { AwsError, formatArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type Alarm, alarms } from './state.ts'

export const alarmArn = ({ account, region }: Pick<Context, 'account' | 'region'>, name: string): string =>
  formatArn('cloudwatch', region, account, `alarm:${name}`)

/** An alarm of either type, named by its name. */
export const alarmKind = resourceKind({
  service: 'cloudwatch',
  table: alarms,
  key: (alarm) => alarm.name,
  found: (ctx, name: string) => ({
    record: ctx.table(alarms).get(name),
    arn: alarmArn(ctx, name),
    account: ctx.account,
    region: ctx.region,
  }),
  absent: () => new AwsError('ResourceNotFound', '', { status: 404 }),
  policy: 'none',
  // AWS: "To be able to set tags with this operation, you must have the cloudwatch:TagResource permission" (PutMetricAlarm).
  tags: tagsInRecord<Alarm>({
    join: joinTags((problem) => new AwsError('InvalidParameterValue', problem)),
    creation: 'TagResource',
  }),
})

export const kinds = [alarmKind]
