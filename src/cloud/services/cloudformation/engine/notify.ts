/** Tells the world of a stack's events: EventBridge always, the stack's topics where it has any. */
import type { Arn } from '../../../../model/index.ts'
import { topic } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import { stackChanged } from '../../../kernel/service-events.ts'
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
  if (ofStack) ctx.cloud.bus.emit(stackChanged, { stack: stack.id })
  for (const to of stack.notificationArns)
    handOn(ctx, notification, { topic: to, text: textOf(ctx, stack, event) })
}

/** A stack's event owed to a topic. AWS: a topic that cannot be reached does not hold up the stack. */
export const notification = handOver<{ readonly topic: Arn; readonly text: string }>({
  name: 'cloudformation.notification',
  deliver: (ctx, { topic: to, text }) =>
    topic.send(ctx, to, { subject: 'AWS CloudFormation Notification', text }),
})

function textOf({ account }: Context, stack: Stack, event: StackEvent): string {
  const lines = [
    ['StackId', stack.id],
    ['Timestamp', new Date(event.time).toISOString()],
    ['EventId', event.id],
    ['LogicalResourceId', event.logicalId],
    ['Namespace', account],
    ['PhysicalResourceId', event.physicalId],
    ['ResourceProperties', event.properties ?? 'null'],
    ['ResourceStatus', event.status],
    ['ResourceStatusReason', event.reason ?? ''],
    ['ResourceType', event.type],
    ['StackName', stack.name],
    ['ClientRequestToken', event.clientRequestToken ?? 'null'],
  ]
  return `${lines.map(([key, value]) => `${key}='${value}'`).join('\n')}\n`
}
