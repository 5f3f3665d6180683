/** AWS::CloudWatch::CompositeAlarm. */
import { alarmType } from './alarm-type.ts'

export const compositeAlarm = alarmType({
  type: 'AWS::CloudWatch::CompositeAlarm',
  put: 'PutCompositeAlarm',
  kind: 'CompositeAlarm',
  settings: (properties) => ({
    ...properties,
    ...(properties.ActionsEnabled !== undefined && {
      ActionsEnabled: String(properties.ActionsEnabled) === 'true',
    }),
  }),
})
