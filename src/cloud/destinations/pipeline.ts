/** A pipeline: an execution is started, once for a token. */
import { parseArn } from '../../model/index.ts'
import { type Destination, parametersOf } from './destination.ts'

export const pipeline: Destination = {
  service: 'codepipeline',
  resource: /^[\w.@-]+$/,
  needsRole: true,
  otherAccounts: false,
  otherRegions: false,
  send: (sender, to, message) => {
    const { variables, sourceRevisions } = parametersOf(message)
    const input = {
      name: parseArn(to)!.resource,
      variables,
      sourceRevisions,
      clientRequestToken: message.token,
    }
    return sender.call('codepipeline', 'StartPipelineExecution', input as never)
  },
}
