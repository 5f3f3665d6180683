/** A CodeBuild project: a build is started, once for a token; parameters override the project's. */
import { parseArn } from '../../model/index.ts'
import { type Destination, parametersOf } from './destination.ts'

export const build: Destination = {
  service: 'codebuild',
  resource: /^project\/./,
  needsRole: true,
  otherAccounts: false,
  otherRegions: false,
  send: (sender, to, message) => {
    const projectName = parseArn(to)!.resource.slice('project/'.length)
    const input = { idempotencyToken: message.token, ...parametersOf(message), projectName }
    return sender.call('codebuild', 'StartBuild', input as never)
  },
}
