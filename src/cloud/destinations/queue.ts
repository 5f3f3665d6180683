/** An SQS queue: the text is sent as a message, to a FIFO queue in the group that is given with it. */
import { parseArn } from '../../model/index.ts'
import type { Destination } from './destination.ts'

export const queue: Destination = {
  service: 'sqs',
  resource: /^[\w-]+(?:\.fifo)?$/,
  needsRole: false,
  otherAccounts: true,
  otherRegions: false,
  send: (sender, to, { text: MessageBody, group: MessageGroupId, attributes: MessageAttributes }) =>
    sender.call('sqs', 'SendMessage', {
      QueueUrl: queueUrlOf(to),
      MessageBody,
      MessageGroupId,
      MessageAttributes,
    }),
}

/** AWS: the URL of a queue has its region, account and name. */
export function queueUrlOf(arn: string): string {
  const { region, account, resource } = parseArn(arn)!
  return `https://sqs.${region}.amazonaws.com/${account}/${resource}`
}
