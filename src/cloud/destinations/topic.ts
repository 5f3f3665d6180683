/** An SNS topic: the text is published to its subscribers. */
import type { Destination } from './destination.ts'

export const topic: Destination = {
  service: 'sns',
  resource: /^[\w-]+$/,
  needsRole: false,
  otherAccounts: true,
  otherRegions: false,
  send: (sender, TopicArn, { text: Message, subject: Subject }) =>
    sender.call('sns', 'Publish', { TopicArn, Subject, Message }),
}
