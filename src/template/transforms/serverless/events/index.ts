/** The events of functions and state machines; a new one is a file beside this and a line in a table. */
import { entryOf } from '../../../../model/index.ts'
import type { Expansion } from '../expansion.ts'
import { checkEventProperties } from '../known-properties.ts'
import type { RolePolicies } from '../policies.ts'
import { isMap } from '../properties.ts'
import { InvalidResource, invalid } from '../refusals.ts'
import { joined } from '../role.ts'
import { alexaSkill } from './alexa-skill.ts'
import { cognito } from './cognito.ts'
import type { EventTarget, ExpandEvent } from './event.ts'
import { httpApi } from './http-api.ts'
import { iotRule } from './iot-rule.ts'
import { logs } from './logs.ts'
import { mapping } from './mapping.ts'
import { restApi } from './rest-api.ts'
import { rule } from './rule.ts'
import { s3 } from './s3.ts'
import { scheduleV2 } from './schedule-v2.ts'
import { sns } from './sns.ts'

const OF_MACHINES: Readonly<Record<string, ExpandEvent>> = {
  Api: restApi,
  CloudWatchEvent: rule,
  EventBridgeRule: rule,
  Schedule: rule,
  ScheduleV2: scheduleV2,
}

const OF_FUNCTIONS: Readonly<Record<string, ExpandEvent>> = {
  ...OF_MACHINES,
  AlexaSkill: alexaSkill,
  CloudWatchLogs: logs,
  Cognito: cognito,
  DocumentDB: mapping,
  DynamoDB: mapping,
  HttpApi: httpApi,
  IoTRule: iotRule,
  Kinesis: mapping,
  MQ: mapping,
  MSK: mapping,
  S3: s3,
  SNS: sns,
  SQS: mapping,
  SelfManagedKafka: mapping,
}

/** Makes what the events take; gives what the target's role needs. Errors: InvalidResource for the first wrong one. */
export function expandEvents(target: EventTarget, into: Expansion): RolePolicies {
  const { source, kind } = target
  const known = kind === 'Function' ? OF_FUNCTIONS : OF_MACHINES
  const given = isMap(source.properties.Events) ? source.properties.Events : {}
  // AWS: in the order of their ids, which is the order of the role's policies and of a bucket's notifications.
  const names = Object.keys(given).sort()
  const needed = names.map((name) => {
    const { Type: type = '', Properties: properties = {} } = (given[name] ?? {}) as {
      Type?: string
      Properties?: object
    }
    const path = ['Properties', 'Events', name]
    const expand = entryOf(known, type)
    if (!expand)
      throw invalid(
        `Event with id [${name}] is invalid. Resource dict has missing or invalid value for key Type. Event Type is: ${type}.`,
        path,
      )
    const id = `${source.id}${name}`
    into.from('Resources', source.id, ...path)
    try {
      checkEventProperties(type, properties as object as Record<string, unknown>, id)
      return expand({ id, name, type, target, properties: properties as Record<string, unknown>, into })
    } catch (cause) {
      throw cause instanceof InvalidResource ? new InvalidResource(cause.message, path, cause.id) : cause
    } finally {
      into.from('Resources', source.id)
    }
  })
  return joined(...needed.filter((one) => one !== undefined))
}
