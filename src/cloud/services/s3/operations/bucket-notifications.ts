/** s3:PutBucketNotificationConfiguration and GetBucketNotificationConfiguration. */
import { AwsError } from '../../../../model/index.ts'
import { type Destination, lambdaFunction, placeOf, queue, topic } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changeConfiguration } from '../engine/change-configuration.ts'
import { invalidArgument } from '../engine/errors.ts'
import { noticeOf, senderFor } from '../engine/notify.ts'
import { bucketKind } from '../kinds.ts'
import type { Bucket } from '../state.ts'

type Configuration = NonNullable<Bucket['configurations']['notification']>

const EVENTS =
  /^s3:(ObjectCreated:(\*|Put|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|ObjectTagging:(\*|Put|Delete)|TestEvent)$/
/** Events of AWS that nothing here ever brings about. */
const NEVER =
  /^s3:(ObjectCreated:Post|ReducedRedundancyLostObject|ObjectRestore:|Replication:|LifecycleTransition|LifecycleExpiration:|IntelligentTiering|ObjectAcl:|ObjectAnnotation:)/

export const putBucketNotification = operation({
  service: 's3',
  name: 'PutBucketNotificationConfiguration',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketNotification', input)],
  run: async (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const notification = withIds(input.NotificationConfiguration, ctx)
    checkArns(notification)
    checkEvents(notification)
    if (!input.SkipDestinationValidation) await checkDestinations(ctx, bucket, notification)
    changeConfiguration(input, ctx, { notification })
    return {}
  },
})

export const getBucketNotification = operation({
  service: 's3',
  name: 'GetBucketNotificationConfiguration',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketNotification', input)],
  run: (input, ctx) => bucketKind.find(ctx, input).configurations.notification ?? {},
})

/** AWS: a configuration without an id is given one. */
function withIds(asked: Configuration, ctx: Context): Configuration {
  const named = <T extends { Id?: string }>(one: T): T => ({ ...one, Id: one.Id ?? ctx.cloud.ids.mixed(48) })
  return {
    ...asked,
    TopicConfigurations: asked.TopicConfigurations?.map(named),
    QueueConfigurations: asked.QueueConfigurations?.map(named),
    LambdaFunctionConfigurations: asked.LambdaFunctionConfigurations?.map(named),
  }
}

function checkArns({
  TopicConfigurations = [],
  QueueConfigurations = [],
  LambdaFunctionConfigurations = [],
}: Configuration): void {
  const check = (destination: Destination, arn: string) => {
    if (!placeOf([destination], arn)) throw invalidArgument('The ARN is not well formed', 'ARN', arn)
  }
  for (const { TopicArn } of TopicConfigurations) check(topic, TopicArn)
  for (const { QueueArn } of QueueConfigurations) check(queue, QueueArn)
  for (const { LambdaFunctionArn } of LambdaFunctionConfigurations) check(lambdaFunction, LambdaFunctionArn)
}

function checkEvents({
  TopicConfigurations = [],
  QueueConfigurations = [],
  LambdaFunctionConfigurations = [],
}: Configuration): void {
  const all = [...TopicConfigurations, ...QueueConfigurations, ...LambdaFunctionConfigurations]
  if (new Set(all.map((one) => one.Id)).size < all.length)
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique')
  for (const event of all.flatMap((one) => one.Events)) {
    if (NEVER.test(event)) refuseUnsupported({ [`event ${event}`]: event }, [`event ${event}`])
    if (!EVENTS.test(event))
      throw invalidArgument('The event is not supported for notifications', 'Event', event)
  }
  const rules = all.flatMap((one) => one.Filter?.Key?.FilterRules ?? [])
  if (rules.some(({ Name }) => !['prefix', 'suffix'].includes(String(Name).toLowerCase())))
    throw invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name')
}

/**
 * AWS: S3 sends a topic and a queue a test event, and looks whether it may invoke a function, before it takes the
 * configuration. A FIFO queue is none of its destinations.
 */
async function checkDestinations(ctx: Context, bucket: Bucket, notification: Configuration): Promise<void> {
  const sender = senderFor(ctx, bucket)
  const test = noticeOf({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: ctx.cloud.clock.date().toISOString(),
    Bucket: bucket.name,
    RequestId: ctx.requestId,
  })
  for (const { TopicArn } of notification.TopicConfigurations ?? [])
    await reach(TopicArn, () => topic.send(sender, TopicArn, test))
  for (const { QueueArn } of notification.QueueConfigurations ?? [])
    await reach(QueueArn, () => queue.send(sender, QueueArn, test))
  for (const { LambdaFunctionArn } of notification.LambdaFunctionConfigurations ?? []) {
    const input = { FunctionName: LambdaFunctionArn, InvocationType: 'DryRun' as const }
    await reach(LambdaFunctionArn, () => sender.call('lambda', 'Invoke', input))
  }
}

async function reach(arn: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw invalidArgument('Unable to validate the following destination configurations', arn, error.message)
  }
}
