/** The policy of a queue that an event's source sends to. */
import type { Properties } from '../properties.ts'

/** Gives its properties: who may send to the queue, on behalf of which source. */
export const queuePolicy = (
  queue: { readonly arn: unknown; readonly url: unknown },
  from: { readonly principal: unknown; readonly source: unknown },
): Properties => ({
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'sqs:SendMessage',
        Effect: 'Allow',
        Principal: from.principal,
        Resource: queue.arn,
        Condition: { ArnEquals: { 'aws:SourceArn': from.source } },
      },
    ],
  },
  Queues: [queue.url],
})
