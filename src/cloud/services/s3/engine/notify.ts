/** Event notifications to Lambda functions, SNS topics and SQS queues, sent by S3 itself on behalf of the bucket. */
import type { Arn } from '../../../../model/index.ts'
import {
  lambdaFunction,
  type Message,
  placeOf,
  queue,
  type Sender,
  senderAs,
  topic,
} from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { bucketArn } from './find-bucket.ts'

type Configuration = NonNullable<Bucket['configurations']['notification']>
type Asked = Omit<NonNullable<Configuration['LambdaFunctionConfigurations']>[number], 'LambdaFunctionArn'>
type Filter = Asked['Filter']

const DESTINATIONS = [lambdaFunction, topic, queue]

/** S3 as it delivers events. AWS: with the bucket as aws:SourceArn and its owner as aws:SourceAccount. */
export const senderFor = (ctx: Context, bucket: Pick<Bucket, 'name' | 'account' | 'region'>): Sender =>
  senderAs(
    ctx,
    serviceIdentity(servicePrincipal('s3'), { arn: bucketArn(bucket.name), account: bucket.account }),
    bucket.region,
  )

/** What is said in a notification. AWS: topics get it under this subject. */
export const noticeOf = (content: object): Message => ({
  subject: 'Amazon S3 Notification',
  text: JSON.stringify(content),
})

/** AWS: a hexadecimal number that orders the events of one key. */
export const sequencer = ({ sequence }: ObjectVersion): string =>
  sequence.toString(16).toUpperCase().padStart(18, '0')

interface Notice {
  readonly bucket: Pick<Bucket, 'name' | 'account' | 'region'>
  readonly to: Arn
  readonly message: Message
}

/**
 * An event owed to a destination. AWS: one that cannot be delivered, because the destination is gone or forbids it, is
 * lost without a word.
 */
export const notification = handOver<Notice>({
  name: 's3.notification',
  deliver: async (ctx, { bucket, to, message }) =>
    placeOf(DESTINATIONS, to)?.send(senderFor(ctx, bucket), to, message),
})

/** Sends the event to every destination whose events and filter fit; goes on in the background. */
export function notifyDestinations(
  ctx: Context,
  bucket: Bucket,
  version: ObjectVersion,
  event: string,
): void {
  const {
    LambdaFunctionConfigurations: functions = [],
    TopicConfigurations: topics = [],
    QueueConfigurations: queues = [],
  } = bucket.configurations.notification ?? {}
  const send = (one: Asked, to: Arn) => {
    if (!(one.Events ?? []).some((pattern) => eventFits(pattern, event))) return
    if (!filterFits(one.Filter, version.key)) return
    const { name, account, region } = bucket
    const message = noticeOf(recordsOf(ctx, bucket, version, event, one.Id))
    handOn(ctx, notification, { bucket: { name, account, region }, to, message })
  }
  for (const one of functions) send(one, one.LambdaFunctionArn!)
  for (const one of topics) send(one, one.TopicArn!)
  for (const one of queues) send(one, one.QueueArn!)
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
function recordsOf(
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
