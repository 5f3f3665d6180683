/** Finding topics and subscriptions by ARN, and asking for permission on them. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Table } from '../../../kernel/store.ts'
import { resourceTagKeys } from '../../../kernel/tags.ts'
import { type Subscription, subscriptions, type Topic, topics } from '../state.ts'

export const invalid = (what: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${what}`)

/** The topic if it exists; topics of other accounts can be reached by ARN. */
export function lookUpTopic(ctx: Context, arn: string): Topic | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'sns')
    throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${arn.split(':').length}`)
  return ctx.table(topics, parts.account, parts.region).get(parts.resource)
}

/** Errors: NotFound. */
export function findTopic(ctx: Context, arn: string): Topic {
  const found = lookUpTopic(ctx, arn)
  if (found) return found
  throw new AwsError('NotFound', 'Topic does not exist')
}

/** The table of the subscriptions to a topic, in the topic's own account and region. */
export function subscriptionsOf(ctx: Context, topicArn: string): Table<Subscription> {
  const { account, region } = parseArn(topicArn) ?? { account: ctx.account, region: ctx.region }
  return ctx.table(subscriptions, account, region)
}

/** Errors: NotFound. AWS: a subscription's ARN is its topic's with an id at the end. */
export function findSubscription(ctx: Context, arn: string): Subscription {
  const found = subscriptionsOf(ctx, arn).get(arn)
  if (found) return found
  throw new AwsError('NotFound', 'Subscription does not exist')
}

/** The permission that an action on a topic takes; the topic's own policy has a say. */
export function onTopic(
  ctx: Context,
  action: string,
  arn: string,
  context: AccessRequest['context'] = {},
): AccessRequest[] {
  const topic = lookUpTopic(ctx, arn)
  return [
    {
      action: `sns:${action}`,
      resource: arn,
      resourceAccount: parseArn(arn)?.account,
      resourcePolicy:
        topic && compiledBoundPolicy(topic.policy, ctx.cloud.directory, `policy of topic ${topic.name}`),
      context: { ...resourceTagKeys(topic?.tags), ...context },
    },
  ]
}
