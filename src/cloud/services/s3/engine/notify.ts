/** Event notifications to Lambda functions and SNS topics, sent by S3 itself on behalf of the bucket. */
import type { Context } from '../../../kernel/context.ts'
import { serviceIdentity } from '../../../kernel/identity.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { bucketArn } from './bucket-access.ts'

type Configuration = NonNullable<Bucket['configurations']['notification']>
type Filter = NonNullable<Configuration['LambdaFunctionConfigurations']>[number]['Filter']

/** The identity S3 delivers events with. AWS: with the bucket as aws:SourceArn and its owner as aws:SourceAccount. */
export const deliveryIdentity = (bucket: Bucket) =>
  serviceIdentity('s3.amazonaws.com', { arn: bucketArn(bucket.name), account: bucket.account })

/** AWS: a hexadecimal number that orders the events of one key. */
export const sequencer = ({ sequence }: ObjectVersion): string =>
  sequence.toString(16).toUpperCase().padStart(18, '0')

/** Sends the event to every destination whose events and filter fit; goes on in the background. */
export function notifyDestinations(
  ctx: Context,
  bucket: Bucket,
  version: ObjectVersion,
  event: string,
): void {
  const { notification } = bucket.configurations
  const { LambdaFunctionConfigurations: functions = [], TopicConfigurations: topics = [] } =
    notification ?? {}
  if (functions.length === 0 && topics.length === 0) return
  const fits = (one: { Events?: readonly string[]; Filter?: Filter }) =>
    (one.Events ?? []).some((pattern) => eventFits(pattern, event)) && filterFits(one.Filter, version.key)
  const as = deliveryIdentity(bucket)
  ctx.spawn(`notifies of ${event}`, async (task) => {
    for (const one of functions.filter(fits)) {
      const Payload = Buffer.from(JSON.stringify(message(ctx, bucket, version, event, one.Id)))
      await attempt(() =>
        task.call(
          'lambda',
          'Invoke',
          { FunctionName: one.LambdaFunctionArn!, InvocationType: 'Event', Payload },
          { as, region: bucket.region },
        ),
      )
    }
    for (const one of topics.filter(fits)) {
      const Message = JSON.stringify(message(ctx, bucket, version, event, one.Id))
      const input = { TopicArn: one.TopicArn!, Subject: 'Amazon S3 Notification', Message }
      await attempt(() => task.call('sns', 'Publish', input, { as, region: bucket.region }))
    }
  })
}

/** AWS: an event that cannot be delivered, because the destination is gone or forbids it, is lost without a word. */
async function attempt(deliver: () => Promise<unknown>): Promise<void> {
  try {
    await deliver()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AwsError') throw error
  }
}

/** `s3:ObjectCreated:*` takes every way of creating. */
const eventFits = (pattern: string, event: string): boolean =>
  pattern === `s3:${event}` || (pattern.endsWith('*') && `s3:${event}`.startsWith(pattern.slice(0, -1)))

function filterFits(filter: Filter, key: string): boolean {
  return (filter?.Key?.FilterRules ?? []).every(({ Name, Value = '' }) =>
    Name?.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
  )
}

/** The record as S3 sends it; the key is URL-encoded, with `+` for a blank. */
function message(
  ctx: Context,
  bucket: Bucket,
  version: ObjectVersion,
  event: string,
  id: string | undefined,
) {
  const { clock } = ctx.cloud
  const isRemoved = event.startsWith('ObjectRemoved')
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: bucket.region,
        eventTime: clock.date().toISOString(),
        eventName: event,
        userIdentity: { principalId: ctx.identity.userId },
        requestParameters: { sourceIPAddress: String(ctx.conditions['aws:SourceIp'] ?? '') },
        responseElements: { 'x-amz-request-id': ctx.requestId, 'x-amz-id-2': ctx.requestId },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: id ?? '',
          bucket: {
            name: bucket.name,
            ownerIdentity: { principalId: bucket.account },
            arn: bucketArn(bucket.name),
          },
          object: {
            key: encodeURIComponent(version.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
            ...(!isRemoved && { size: version.size, eTag: version.etag }),
            ...(version.versionId !== 'null' && { versionId: version.versionId }),
            sequencer: sequencer(version),
          },
        },
      },
    ],
  }
}
