/** Finding subscriptions by ARN. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Table } from '../../../kernel/store.ts'
import { type Subscription, subscriptions } from '../state.ts'

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
