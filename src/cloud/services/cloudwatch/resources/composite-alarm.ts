/** AWS::CloudWatch::CompositeAlarm. */
import { formatArn } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { retag } from './alarm.ts'

function settingsOf(properties: Properties): Properties {
  const { Tags: _, ...settings } = properties
  if (settings.ActionsEnabled !== undefined)
    settings.ActionsEnabled = String(settings.ActionsEnabled) === 'true'
  return settings
}

const outcome = (name: string, { account, region }: Pick<ResourceContext, 'account' | 'region'>) => ({
  physicalId: name,
  attributes: { Arn: formatArn('cloudwatch', region, account, `alarm:${name}`) },
})

const look = (AlarmName: string, rc: Pick<ResourceContext, 'call'>) =>
  rc.call('cloudwatch', 'DescribeAlarms', { AlarmNames: [AlarmName], AlarmTypes: ['CompositeAlarm'] })

export const compositeAlarm = resourceType({
  type: 'AWS::CloudWatch::CompositeAlarm',
  create: async (properties, rc) => {
    const AlarmName = properties.AlarmName ?? rc.generateName()
    await rc.call('cloudwatch', 'PutCompositeAlarm', {
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
    await rc.call('cloudwatch', 'PutCompositeAlarm', { ...settingsOf(properties), AlarmName } as never)
    await retag(AlarmName, properties, previous, rc)
    return outcome(AlarmName, rc)
  },
  read: async (AlarmName, rc) => {
    const { CompositeAlarms = [] } = await look(AlarmName, rc)
    return CompositeAlarms.length ? outcome(AlarmName, rc) : undefined
  },
  delete: async (AlarmName, _properties, rc) => {
    await look(AlarmName, rc)
    await rc.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [AlarmName] })
  },
})
