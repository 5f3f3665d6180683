/** What the resource types of both kinds of alarms have in common: all but their settings. */
import { formatArn } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

interface AlarmType {
  readonly type: string
  readonly put: 'PutMetricAlarm' | 'PutCompositeAlarm'
  readonly kind: 'MetricAlarm' | 'CompositeAlarm'
  /** The properties as the operation takes them; templates may give numbers and truth values as text. */
  settings(properties: Properties): Properties
}

const outcome = (name: string, { account, region }: Pick<ResourceContext, 'account' | 'region'>) => ({
  physicalId: name,
  attributes: { Arn: formatArn('cloudwatch', region, account, `alarm:${name}`) },
})

/** Gives the resource type of a kind of alarm. */
export function alarmType({ type, put, kind, settings }: AlarmType) {
  /** AWS: looks for the alarm of the name, and at what it has made. */
  const look = (AlarmName: string, rc: Pick<ResourceContext, 'call'>) =>
    rc.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [AlarmName], AlarmTypes: [kind] })
  return resourceType({
    type,
    create: async (properties, rc) => {
      const { AlarmName = rc.generateName(), Tags: _, ...rest } = properties
      const Tags = tagList(resourceTags(properties, rc))
      await rc.call('cloudwatch', put, { ...settings(rest), AlarmName, Tags } as never)
      rc.made(AlarmName)
      await look(AlarmName, rc)
      return outcome(AlarmName, rc)
    },
    update: async (AlarmName, properties, previous, rc) => {
      await look(AlarmName, rc)
      const { AlarmName: _, Tags: __, ...rest } = properties
      await rc.call('cloudwatch', put, { ...settings(rest), AlarmName } as never)
      await retag(AlarmName, properties, previous, rc)
      return outcome(AlarmName, rc)
    },
    read: async (AlarmName, rc) => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await look(AlarmName, rc)
      return MetricAlarms.length || CompositeAlarms.length ? outcome(AlarmName, rc) : undefined
    },
    delete: async (AlarmName, _properties, rc) => {
      await look(AlarmName, rc)
      await rc.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [AlarmName] })
    },
  })
}

/** Brings the tags of an alarm to what a template wants. */
async function retag(
  name: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const ResourceARN = outcome(name, rc).attributes.Arn
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('cloudwatch', 'UntagResource', { ResourceARN, TagKeys: gone })
  if (hasTags(changed)) await rc.call('cloudwatch', 'TagResource', { ResourceARN, Tags: tagList(changed) })
}
