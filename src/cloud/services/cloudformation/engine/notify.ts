/** Tells the world of a stack's events: EventBridge always, the stack's topics where it has any. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Stack, StackEvent } from '../state.ts'

/** AWS: EventBridge gets a status change per resource and per stack; topics get a text of `Key='value'` lines. */
export function announce(
  run: { readonly ctx: Context; readonly stack: Stack },
  event: StackEvent,
  ofStack: boolean,
): void {
  const { ctx, stack } = run
  ctx.publish({
    source: 'aws.cloudformation',
    detailType: `CloudFormation ${ofStack ? 'Stack' : 'Resource'} Status Change`,
    resources: [stack.id],
    detail: {
      'stack-id': stack.id,
      ...(ofStack
        ? {}
        : {
            'logical-resource-id': event.logicalId,
            'physical-resource-id': event.physicalId,
            'resource-type': event.type,
          }),
      'status-details': { status: event.status, 'status-reason': event.reason ?? '' },
      'client-request-token': event.clientRequestToken ?? '',
    },
  })
  for (const topic of stack.notificationArns)
    ctx.spawn('notification', () => publish(ctx, stack, topic, event))
}

async function publish(ctx: Context, stack: Stack, topic: string, event: StackEvent): Promise<void> {
  const lines = [
    ['StackId', stack.id],
    ['Timestamp', new Date(event.time).toISOString()],
    ['EventId', event.id],
    ['LogicalResourceId', event.logicalId],
    ['Namespace', ctx.account],
    ['PhysicalResourceId', event.physicalId],
    ['ResourceProperties', event.properties ?? 'null'],
    ['ResourceStatus', event.status],
    ['ResourceStatusReason', event.reason ?? ''],
    ['ResourceType', event.type],
    ['StackName', stack.name],
    ['ClientRequestToken', event.clientRequestToken ?? 'null'],
  ]
  const Message = `${lines.map(([key, value]) => `${key}='${value}'`).join('\n')}\n`
  try {
    await ctx.call('sns', 'Publish', {
      TopicArn: topic,
      Subject: 'AWS CloudFormation Notification',
      Message,
    })
  } catch (error) {
    // AWS: a topic that cannot be reached does not hold up the stack.
    if (!(error instanceof AwsError)) throw error
  }
}
