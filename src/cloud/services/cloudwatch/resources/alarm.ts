/** AWS::CloudWatch::Alarm. */
import { formatArn } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

/** Properties that are numbers and truth values, which templates may give as text. */
const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold']
const TRUTHS = ['ActionsEnabled', 'ReturnData']

function settingsOf({ Tags: _, ...properties }: Properties): Properties {
  const settings = typed(properties)
  if (Array.isArray(settings.Metrics))
    settings.Metrics = settings.Metrics.map((query: Properties) => {
      const one = typed(query)
      return one.MetricStat ? { ...one, MetricStat: typed(one.MetricStat) } : one
    })
  return settings
}

function typed(properties: Properties): Properties {
  const values = { ...properties }
  for (const name of NUMBERS) if (values[name] !== undefined) values[name] = Number(values[name])
  for (const name of TRUTHS) if (values[name] !== undefined) values[name] = String(values[name]) === 'true'
  return values
}

const outcome = (name: string, { account, region }: Pick<ResourceContext, 'account' | 'region'>) => ({
  physicalId: name,
  attributes: { Arn: formatArn('cloudwatch', region, account, `alarm:${name}`) },
})

/** AWS: looks for the alarm of the name, and at what it has made. */
const look = (AlarmName: string, rc: Pick<ResourceContext, 'call'>) =>
  rc.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [AlarmName], AlarmTypes: ['MetricAlarm'] })

export const alarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  create: async (properties, rc) => {
    const AlarmName = properties.AlarmName ?? rc.generateName()
    await rc.call('cloudwatch', 'PutMetricAlarm', {
      ...settingsOf(properties),
      AlarmName,
      Tags: tagList(resourceTags(properties, rc)),
    } as never)
    rc.made(AlarmName)
    await look(AlarmName, rc)
    return outcome(AlarmName, rc)
  },
  update: async (AlarmName, properties, previous, rc) => {
    await look(AlarmName, rc)
    await rc.call('cloudwatch', 'PutMetricAlarm', { ...settingsOf(properties), AlarmName } as never)
    await retag(AlarmName, properties, previous, rc)
    return outcome(AlarmName, rc)
  },
  read: async (AlarmName, rc) => {
    const { MetricAlarms = [] } = await look(AlarmName, rc)
    return MetricAlarms.length ? outcome(AlarmName, rc) : undefined
  },
  delete: async (AlarmName, _properties, rc) => {
    await look(AlarmName, rc)
    await rc.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [AlarmName] })
  },
})

/** Brings the tags of an alarm of either type to what a template wants. */
export async function retag(
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
