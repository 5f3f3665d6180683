/** CloudWatch: metrics that are put into it, and alarms on them. */
import type { Cloud } from '../../kernel/cloud.ts'
import type { ContextFactory } from '../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../kernel/identity.ts'
import { implementation } from '../../kernel/service.ts'
import { alarmAction } from './engine/alarm-action.ts'
import { resumeAlarms } from './engine/evaluate.ts'
import { kinds } from './kinds.ts'
import { DeleteAlarms, DisableAlarmActions, EnableAlarmActions, SetAlarmState } from './operations/alarms.ts'
import { DescribeAlarmHistory } from './operations/describe-alarm-history.ts'
import { DescribeAlarms, DescribeAlarmsForMetric } from './operations/describe-alarms.ts'
import { GetMetricData, GetMetricStatistics, ListMetrics } from './operations/metrics.ts'
import { PutCompositeAlarm } from './operations/put-composite-alarm.ts'
import { PutMetricAlarm } from './operations/put-metric-alarm.ts'
import { PutMetricData } from './operations/put-metric-data.ts'
import { PutServiceMetricData } from './operations/put-service-metric-data.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { alarm } from './resources/alarm.ts'
import { compositeAlarm } from './resources/composite-alarm.ts'

export const cloudwatch = implementation({
  kinds,
  operations: [
    PutMetricAlarm,
    PutCompositeAlarm,
    DescribeAlarms,
    DescribeAlarmsForMetric,
    DescribeAlarmHistory,
    SetAlarmState,
    DeleteAlarms,
    EnableAlarmActions,
    DisableAlarmActions,
    PutMetricData,
    GetMetricStatistics,
    GetMetricData,
    ListMetrics,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  privateOperations: [PutServiceMetricData],
  handOvers: [alarmAction],
  resourceTypes: [alarm, compositeAlarm],
  start: (cloud: Cloud, context: ContextFactory) =>
    resumeAlarms(cloud, (account, region) =>
      context({ identity: serviceIdentity(servicePrincipal('cloudwatch')), account, region }),
    ),
})
