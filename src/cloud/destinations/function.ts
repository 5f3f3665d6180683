/** A Lambda function: invoked asynchronously with the text as its event. */
import type { Destination } from './destination.ts'

export const lambdaFunction: Destination = {
  service: 'lambda',
  resource: /^function:/,
  needsRole: false,
  otherAccounts: true,
  otherRegions: false,
  send: (sender, FunctionName, { text }) =>
    sender.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload: Buffer.from(text) }),
}
