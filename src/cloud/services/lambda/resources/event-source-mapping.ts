/** AWS::Lambda::EventSourceMapping. */
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { ignoreMissing } from './function.ts'

/** Milliseconds between looks at a mapping that is on its way to a state. */
const WAIT = 3

const settings = (properties: Properties) => ({
  FunctionName: properties.FunctionName,
  Enabled: properties.Enabled,
  BatchSize: properties.BatchSize,
  MaximumBatchingWindowInSeconds: properties.MaximumBatchingWindowInSeconds,
  FilterCriteria: properties.FilterCriteria,
  FunctionResponseTypes: properties.FunctionResponseTypes,
  ScalingConfig: properties.ScalingConfig,
})

/** What an update sets back where a property is taken out of the template. */
const USUAL: Properties = {
  Enabled: true,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  FilterCriteria: {},
  FunctionResponseTypes: [],
  ScalingConfig: {},
}

const given = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(settings(properties)).filter(([, value]) => value !== undefined))

async function untilSettled(UUID: string, rc: ReadContext & Pick<ResourceContext, 'clock'>) {
  for (;;) {
    const { State, EventSourceMappingArn } = await rc.call('lambda', 'GetEventSourceMapping', { UUID })
    if (State === 'Enabled' || State === 'Disabled') return outcome(UUID, EventSourceMappingArn)
    await rc.clock.sleep(WAIT)
  }
}

const outcome = (uuid: string, arn: string | undefined) => ({
  physicalId: uuid,
  attributes: { Id: uuid, EventSourceMappingArn: arn },
})

async function present(UUID: string, rc: ReadContext) {
  const { EventSourceMappingArn } = await rc.call('lambda', 'GetEventSourceMapping', { UUID })
  return outcome(UUID, EventSourceMappingArn)
}

export const eventSourceMapping = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  create: async (properties, rc) => {
    const tags = resourceTags(properties, rc)
    const { UUID = '' } = await rc.call('lambda', 'CreateEventSourceMapping', {
      ...given(properties),
      EventSourceArn: properties.EventSourceArn,
      ...(hasTags(tags) ? { Tags: tags } : {}),
    } as never)
    rc.made(UUID)
    return untilSettled(UUID, rc)
  },
  update: async (uuid, properties, previous, rc) => {
    if (JSON.stringify(given(properties)) !== JSON.stringify(given(previous)))
      await rc.call('lambda', 'UpdateEventSourceMapping', { ...USUAL, ...given(properties), UUID: uuid })
    const made = await untilSettled(uuid, rc)
    await retag(made.attributes.EventSourceMappingArn!, properties, previous, rc)
    return made
  },
  read: (uuid, rc) => unlessAbsent(present(uuid, rc), 'ResourceNotFoundException'),
  delete: async (UUID, _properties, rc) => {
    try {
      // One that is on its way to a state cannot be deleted.
      await untilSettled(UUID, rc)
      await rc.call('lambda', 'DeleteEventSourceMapping', { UUID })
      for (;;) {
        await rc.call('lambda', 'GetEventSourceMapping', { UUID })
        await rc.clock.sleep(WAIT)
      }
    } catch (error) {
      ignoreMissing(error)
    }
  },
})

/** AWS: an update starts from the tags that the mapping has. */
async function retag(
  Resource: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  await rc.call('lambda', 'ListTags', { Resource })
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('lambda', 'UntagResource', { Resource, TagKeys: gone })
  if (hasTags(changed)) await rc.call('lambda', 'TagResource', { Resource, Tags: changed })
}
