/** The NotificationConfiguration property, turned into what the API takes. */
import type { Properties } from '../../../kernel/resource-type.ts'
import { flag } from './property.ts'

export function notificationConfiguration(value: Properties) {
  const functions = value.LambdaConfigurations as Properties[] | undefined
  const topics = value.TopicConfigurations as Properties[] | undefined
  const queues = value.QueueConfigurations as Properties[] | undefined
  const isOnBus =
    value.EventBridgeConfiguration && (flag(value.EventBridgeConfiguration.EventBridgeEnabled) ?? true)
  return {
    ...(isOnBus && { EventBridgeConfiguration: {} }),
    LambdaFunctionConfigurations: functions?.map((one) => ({
      LambdaFunctionArn: one.Function,
      ...eventAndFilter(one),
    })),
    QueueConfigurations: queues?.map((one) => ({ QueueArn: one.Queue, ...eventAndFilter(one) })),
    TopicConfigurations: topics?.map((one) => ({ TopicArn: one.Topic, ...eventAndFilter(one) })),
  }
}

function eventAndFilter(one: Properties) {
  const rules = one.Filter?.S3Key?.Rules as { Name: never; Value: string }[] | undefined
  return { Events: [one.Event as never], Filter: rules && { Key: { FilterRules: rules } } }
}
