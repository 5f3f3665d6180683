/** A log group. AWS: each message has a stream of its own; a template may give the line and its time. */
import { parseArn } from '../../model/index.ts'
import { type Destination, parametersOf } from './destination.ts'

export const logGroup: Destination = {
  service: 'logs',
  resource: /^log-group:./,
  needsRole: false,
  otherAccounts: false,
  otherRegions: false,
  send: async (sender, to, message) => {
    const logGroupName = parseArn(to)!
      .resource.replace(/^log-group:/, '')
      .replace(/:\*$/, '')
    const logStreamName = sender.cloud.ids.uuid()
    const line = parametersOf(message)
    const given = line.timestamp as string | number | undefined
    const timestamp = given === undefined ? sender.cloud.clock.now() : new Date(given).getTime()
    const text = typeof line.message === 'string' ? line.message : message.text
    await sender.call('logs', 'CreateLogStream', { logGroupName, logStreamName })
    await sender.call('logs', 'PutLogEvents', {
      logGroupName,
      logStreamName,
      logEvents: [{ timestamp, message: text }],
    })
  },
}
