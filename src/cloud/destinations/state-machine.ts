/** A Step Functions state machine: an execution is started with the text as its input, once for a token. */
import type { Destination } from './destination.ts'

export const stateMachine: Destination = {
  service: 'states',
  resource: /^stateMachine:./,
  needsRole: true,
  otherAccounts: false,
  otherRegions: false,
  send: (sender, stateMachineArn, { text, token }) =>
    sender.call('states', 'StartExecution', { stateMachineArn, input: text, name: token }),
}
