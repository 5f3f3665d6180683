/** AWS::Logs::LogGroup. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../resource-type.ts'
import { refuseOtherProperties } from '../../../supported-properties.ts'
import { tagMap } from '../../../tags.ts'

const TYPE = 'AWS::Logs::LogGroup'
const SUPPORTED = ['LogGroupName', 'RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'Tags']

/** AWS: the handler reads the group back, which takes logs:DescribeLogGroups. */
async function outcome(name: string, rc: ResourceContext) {
  const { logGroups = [] } = await rc.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name })
  return { physicalId: name, attributes: { Arn: logGroups.find((one) => one.logGroupName === name)?.arn } }
}

const allTags = (properties: Properties, rc: ResourceContext) => ({
  ...rc.stackTags,
  ...tagMap(properties.Tags),
})

export const logGroup = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    refuseOtherProperties(TYPE, properties, SUPPORTED)
    const name = properties.LogGroupName ?? rc.generateName({ maxLength: 512 })
    const tags = allTags(properties, rc)
    await rc.call('logs', 'CreateLogGroup', {
      logGroupName: name,
      kmsKeyId: properties.KmsKeyId,
      logGroupClass: properties.LogGroupClass,
      ...(Object.keys(tags).length ? { tags } : {}),
    })
    const retentionInDays = properties.RetentionInDays
    if (retentionInDays) await rc.call('logs', 'PutRetentionPolicy', { logGroupName: name, retentionInDays })
    return outcome(name, rc)
  },
  update: async (name, properties, previous, rc) => {
    refuseOtherProperties(TYPE, properties, SUPPORTED)
    const { RetentionInDays: retentionInDays, KmsKeyId: kmsKeyId } = properties
    if (retentionInDays !== previous.RetentionInDays) {
      if (retentionInDays)
        await rc.call('logs', 'PutRetentionPolicy', { logGroupName: name, retentionInDays })
      else await rc.call('logs', 'DeleteRetentionPolicy', { logGroupName: name })
    }
    if (kmsKeyId !== previous.KmsKeyId) {
      if (kmsKeyId) await rc.call('logs', 'AssociateKmsKey', { logGroupName: name, kmsKeyId })
      else await rc.call('logs', 'DisassociateKmsKey', { logGroupName: name })
    }
    const resourceArn = formatArn('logs', rc.region, rc.account, `log-group:${name}`)
    const tags = allTags(properties, rc)
    const gone = Object.keys(tagMap(previous.Tags)).filter((key) => !(key in tags))
    if (gone.length) await rc.call('logs', 'UntagResource', { resourceArn, tagKeys: gone })
    if (Object.keys(tags).length) await rc.call('logs', 'TagResource', { resourceArn, tags })
    return outcome(name, rc)
  },
  delete: async (name, _properties, rc) => {
    await rc.call('logs', 'DeleteLogGroup', { logGroupName: name }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
