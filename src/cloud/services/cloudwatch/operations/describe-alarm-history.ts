/** cloudwatch:DescribeAlarmHistory. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { badToken } from '../engine/refuse.ts'
import { alarmKind } from '../kinds.ts'
import { history } from '../state.ts'

/** AWS: 30 days, also of alarms that were deleted; newest first unless asked otherwise. */
export const DescribeAlarmHistory = operation({
  service: 'cloudwatch',
  name: 'DescribeAlarmHistory',
  access: (input, ctx) => [alarmKind.on(ctx, 'DescribeAlarmHistory', input.AlarmName ?? '*')],
  run: (input, ctx) => {
    refuseUnsupported(input, ['AlarmContributorId'])
    const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, ScanBy } = input
    const types = AlarmTypes ?? ['MetricAlarm', 'CompositeAlarm']
    const wanted = ctx
      .table(history)
      .values()
      .filter(
        ({ alarm, alarmType, type, at }) =>
          (AlarmName === undefined || alarm === AlarmName) &&
          types.includes(alarmType) &&
          (HistoryItemType === undefined || type === HistoryItemType) &&
          (!StartDate || at >= StartDate.getTime()) &&
          (!EndDate || at <= EndDate.getTime()),
      )
      .sort((one, other) => one.at - other.at)
    if (ScanBy !== 'TimestampAscending') wanted.reverse()
    const { NextToken: token, MaxRecords: limit = 50, ...query } = input
    const page = paginate(wanted, { token, limit, query, error: badToken })
    return {
      AlarmHistoryItems: page.items.map((item) => ({
        AlarmName: item.alarm,
        AlarmType: item.alarmType,
        Timestamp: new Date(item.at),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      NextToken: page.nextToken,
    }
  },
})
