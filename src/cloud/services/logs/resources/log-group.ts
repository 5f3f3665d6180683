/** AWS::Logs::LogGroup. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'

const TYPE = 'AWS::Logs::LogGroup'

/** AWS: the handler reads the group back, which takes logs:DescribeLogGroups. */
async function outcome(name: string, rc: ReadContext) {
  const { logGroups = [] } = await rc.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name })
  return { physicalId: name, attributes: { Arn: logGroups.find((one) => one.logGroupName === name)?.arn } }
}

export const logGroup = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const name = properties.LogGroupName ?? rc.generateName()
    const tags = resourceTags(properties, rc)
    await rc.call('logs', 'CreateLogGroup', {
      logGroupName: name,
      kmsKeyId: properties.KmsKeyId,
      logGroupClass: properties.LogGroupClass,
      ...(hasTags(tags) ? { tags } : {}),
    })
    rc.made(name)
    const retentionInDays = properties.RetentionInDays
    if (retentionInDays) await rc.call('logs', 'PutRetentionPolicy', { logGroupName: name, retentionInDays })
    return outcome(name, rc)
  },
  update: async (name, properties, previous, rc) => {
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
    // AWS: an update starts from the tags that the group has.
    await rc.call('logs', 'ListTagsForResource', { resourceArn })
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('logs', 'UntagResource', { resourceArn, tagKeys: gone })
    if (hasTags(changed)) await rc.call('logs', 'TagResource', { resourceArn, tags: changed })
    return outcome(name, rc)
  },
  read: async (name, rc) => {
    const found = await outcome(name, rc)
    return found.attributes.Arn === undefined ? undefined : found
  },
  delete: async (name, _properties, rc) => {
    await rc.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name })
    await rc.call('logs', 'DeleteLogGroup', { logGroupName: name }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
