/** AWS::Logs::LogStream. */
import { AwsError } from '../../../../model/index.ts'
import { resourceType } from '../../../kernel/resource-type.ts'

const TYPE = 'AWS::Logs::LogStream'

export const logStream = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const logStreamName = properties.LogStreamName ?? rc.generateName()
    await rc.call('logs', 'CreateLogStream', { logGroupName: properties.LogGroupName, logStreamName })
    return { physicalId: logStreamName }
  },
  delete: async (logStreamName, { LogGroupName: logGroupName }, rc) => {
    await rc.call('logs', 'DeleteLogStream', { logGroupName, logStreamName }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
