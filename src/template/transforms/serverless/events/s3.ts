/** The event S3: objects of a bucket of the same template. */
import { isMap, NO_VALUE, type Properties } from '../properties.ts'
import { invalid } from '../refusals.ts'
import { calledArn, type Event, type ExpandEvent, putPermission } from './event.ts'

export const s3: ExpandEvent = (event) => {
  const { id, into, name, properties } = event
  const bucketId = isMap(properties.Bucket) ? (properties.Bucket.Ref as string) : undefined
  const bucket = into.resource(bucketId)
  if (bucketId === undefined || bucket?.Type !== 'AWS::S3::Bucket')
    throw invalid(
      `Event with id [${name}] is invalid. S3 events must reference an S3 bucket in the same template.`,
    )
  putPermission(event, 's3.amazonaws.com', { SourceAccount: { Ref: 'AWS::AccountId' } })
  into.change(
    bucketId,
    depending({ ...bucket, Properties: notified(bucket, event) }, `${id}Permission`, event),
  )
  return undefined
}

function notified(bucket: Properties, event: Event): Properties {
  const given = (bucket.Properties ?? {}) as Properties
  const notifications = (given.NotificationConfiguration ?? {}) as Properties
  const condition = event.target.source.attributes.Condition
  const { Filter } = event.properties
  const added = [event.properties.Events].flat().map((Event) => {
    const one = { Function: calledArn(event), ...(Filter !== undefined && { Filter }), Event }
    return condition === undefined || condition === bucket.Condition
      ? one
      : { 'Fn::If': [condition, one, NO_VALUE] }
  })
  const before = (notifications.LambdaConfigurations ?? []) as readonly unknown[]
  return {
    ...given,
    NotificationConfiguration: { ...notifications, LambdaConfigurations: [...before, ...added] },
  }
}

/**
 * AWS: S3 checks that it may call the function, so the bucket waits for the permission. A permission that a condition
 * may leave out cannot stand in DependsOn: a tag refers to it instead.
 */
function depending(bucket: Properties, permission: string, event: Event): Properties {
  const condition = event.target.source.attributes.Condition
  if (condition === undefined) {
    const before = [bucket.DependsOn ?? []].flat() as string[]
    return { ...bucket, DependsOn: [...new Set([...before, permission])].sort() }
  }
  const given = bucket.Properties as Properties
  const tag = {
    Key: `sam:ConditionalDependsOn:${permission}`,
    Value: { 'Fn::If': [condition, { Ref: permission }, 'no dependency'] },
  }
  return { ...bucket, Properties: { ...given, Tags: [...((given.Tags ?? []) as readonly unknown[]), tag] } }
}
