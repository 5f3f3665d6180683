/** AWS::Events::Rule. */
import type { Target } from '@aws-sdk/client-eventbridge'
import { AwsError } from '../../../../model/index.ts'
import {
  type Properties,
  type ResourceContext,
  type ResourceOutcome,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { DEFAULT_BUS } from '../state.ts'
import { retag } from './retag.ts'

const TYPE = 'AWS::Events::Rule'

/** Where a rule is. */
interface Place {
  readonly Name: string
  readonly EventBusName?: string
}

const busName = (EventBusName: string = DEFAULT_BUS): string => EventBusName.replace(/^.*event-bus\//, '')

/** AWS: what Ref gives has the bus in front, unless it is the default bus. */
const physicalId = ({ Name, EventBusName }: Place): string =>
  busName(EventBusName) === DEFAULT_BUS ? Name : `${busName(EventBusName)}|${Name}`

const nameOf = (id: string): string => id.slice(id.indexOf('|') + 1)

const text = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value)

/** Errors: that of a call, or InvalidRequest with what PutTargets says of the first target that it refused. */
async function put(place: Place, properties: Properties, rc: ResourceContext): Promise<ResourceOutcome> {
  const { Description, EventPattern, ScheduleExpression, State, Targets = [] } = properties
  const { RuleArn = '' } = await rc.call('events', 'PutRule', {
    ...place,
    Description,
    EventPattern: text(EventPattern),
    ScheduleExpression,
    State,
    Tags: tagList(resourceTags(properties, rc)),
  })
  if (Targets.length) {
    const targets = (Targets as Target[]).map((target) => ({ ...target, Input: text(target.Input) })) as never
    const { FailedEntries: [failed] = [] } = await rc.call('events', 'PutTargets', {
      Rule: place.Name,
      EventBusName: place.EventBusName,
      Targets: targets,
    })
    if (failed) throw new AwsError('InvalidRequest', `${failed.TargetId}: ${failed.ErrorMessage}`)
  }
  return { physicalId: physicalId(place), attributes: { Arn: RuleArn, RuleName: place.Name } }
}

async function removeTargets(
  { Name: Rule, EventBusName }: Place,
  Ids: string[],
  rc: ResourceContext,
): Promise<void> {
  if (Ids.length) await rc.call('events', 'RemoveTargets', { Rule, EventBusName, Ids })
}

async function remove(place: Place, rc: ResourceContext): Promise<void> {
  try {
    const { Name: Rule, EventBusName } = place
    await rc.call('events', 'DescribeRule', place)
    const { Targets = [] } = await rc.call('events', 'ListTargetsByRule', { Rule, EventBusName })
    await removeTargets(
      place,
      Targets.map((target) => target.Id!),
      rc,
    )
    await rc.call('events', 'DeleteRule', place)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof AwsError && error.code === 'ResourceNotFoundException'

async function exists(place: Place, rc: ResourceContext): Promise<boolean> {
  try {
    await rc.call('events', 'DescribeRule', place)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

export const rule = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const place = {
      Name: properties.Name ?? rc.generateName(),
      EventBusName: properties.EventBusName,
    }
    if (await exists(place, rc)) throw new AwsError('AlreadyExists', `${physicalId(place)} already exists`)
    try {
      return await put(place, properties, rc)
    } catch (error) {
      await remove(place, rc).catch(() => undefined)
      throw error
    }
  },
  update: async (id, properties, previous, rc) => {
    const place = { Name: nameOf(id), EventBusName: properties.EventBusName }
    await rc.call('events', 'DescribeRule', place)
    const outcome = await put(place, properties, rc)
    const ids = (list: Target[] = []) => list.map((target) => target.Id!)
    const kept = ids(properties.Targets)
    await removeTargets(
      place,
      ids(previous.Targets).filter((one) => !kept.includes(one)),
      rc,
    )
    await retag(outcome.attributes!.Arn as string, properties, previous, rc)
    return outcome
  },
  delete: (id, { EventBusName }, rc) => remove({ Name: nameOf(id), EventBusName }, rc),
})
