/** Subscriptions: who gets a topic's messages. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError, readJson } from '../../../../model/index.ts'
import { lambdaFunction, placeOf, queue } from '../../../destinations/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn } from '../../../kernel/hand-over.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import type { Table } from '../../../kernel/store.ts'
import { delivery } from '../engine/deliver.ts'
import { filterProblem } from '../engine/filter.ts'
import { findSubscription, subscriptionsOf } from '../engine/find.ts'
import { invalid } from '../engine/invalid.ts'
import { topicKind } from '../kinds.ts'
import { type Protocol, type Subscription, subscriptions } from '../state.ts'

const PROTOCOLS: readonly Protocol[] = ['lambda', 'sqs', 'email', 'email-json', 'http', 'https']
const ATTRIBUTES = ['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'] as const

function checkEndpoint(protocol: Protocol, endpoint: string): void {
  if (protocol === 'lambda' && !placeOf([lambdaFunction], endpoint)) throw invalid('Lambda endpoint ARN')
  if (protocol === 'sqs' && !placeOf([queue], endpoint)) throw invalid('SQS endpoint ARN')
  if (protocol === 'sqs' && endpoint.endsWith('.fifo'))
    throw invalid(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    )
  if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address')
  if (!protocol.startsWith('http')) return
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== `${protocol}:`) throw invalid('Endpoint must match the specified protocol')
  // A cloud on a laptop must not be made to call out into the network.
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    throw invalid('Endpoint Reason: the embedded cloud delivers to loopback addresses only')
}

function withAttribute(subscription: Subscription, name: string, value: string): Subscription {
  switch (name) {
    case 'RawMessageDelivery':
      return { ...subscription, rawMessageDelivery: value === 'true' }
    case 'FilterPolicy':
      if (value) checkFilter(value)
      return { ...subscription, filterPolicy: value || undefined }
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody') throw invalid('FilterPolicyScope')
      return { ...subscription, filterPolicyScope: value }
    default:
      throw invalid(
        `Attributes Reason: the embedded cloud does not support "${name}" (it has ${ATTRIBUTES.join(', ')})`,
      )
  }
}

function checkFilter(text: string): void {
  let policy: unknown
  try {
    policy = readJson(text)
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON.')
  }
  const problem = filterProblem(policy)
  if (problem) throw invalid(`FilterPolicy: ${problem}`)
}

/**
 * AWS: functions and queues are subscribed at once; mail and HTTP endpoints have to confirm with a token that is sent to
 * them.
 */
const needsConfirmation = (protocol: Protocol): boolean => protocol !== 'lambda' && protocol !== 'sqs'

export const Subscribe = operation({
  service: 'sns',
  name: 'Subscribe',
  access: (input, ctx) => [
    topicKind.on(ctx, 'Subscribe', input.TopicArn, {
      'sns:Protocol': input.Protocol,
      ...(input.Endpoint ? { 'sns:Endpoint': input.Endpoint } : {}),
    }),
  ],
  run: (input, ctx) => {
    const topic = topicKind.find(ctx, input.TopicArn)
    const protocol = input.Protocol as Protocol
    if (!PROTOCOLS.includes(protocol))
      throw invalid(`Protocol Reason: the embedded cloud has ${PROTOCOLS.join(', ')}, not ${input.Protocol}`)
    const endpoint = input.Endpoint ?? ''
    checkEndpoint(protocol, endpoint)
    const table = subscriptionsOf(ctx, topic.arn)
    const existing = table
      .values()
      .find((one) => one.topicArn === topic.arn && one.protocol === protocol && one.endpoint === endpoint)
    let subscription: Subscription = existing ?? {
      arn: `${topic.arn}:${ctx.cloud.ids.uuid()}`,
      topicArn: topic.arn,
      owner: ctx.account,
      protocol,
      endpoint,
      token: needsConfirmation(protocol) ? ctx.cloud.ids.lower(64) : undefined,
      rawMessageDelivery: false,
      filterPolicyScope: 'MessageAttributes',
    }
    for (const [name, value] of Object.entries(input.Attributes ?? {}))
      subscription = withAttribute(subscription, name, value)
    table.put(subscription.arn, subscription)
    if (!existing && subscription.token) askToConfirm(ctx, subscription)
    const shown =
      subscription.token && !input.ReturnSubscriptionArn ? 'pending confirmation' : subscription.arn
    return { SubscriptionArn: shown }
  },
})

function askToConfirm(ctx: Context, subscription: Subscription): void {
  const { topicArn, token = '' } = subscription
  const url = `${ctx.cloud.endpoint}/_sns/confirm?TopicArn=${topicArn}&Token=${token}`
  const message = {
    Type: 'SubscriptionConfirmation' as const,
    MessageId: ctx.cloud.ids.uuid(),
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, call ConfirmSubscription with the token ${token}.`,
    SubscribeURL: url,
    Timestamp: ctx.cloud.clock.date().toISOString(),
  }
  handOn(ctx, delivery, { subscription, message })
}

/** Confirms the subscription that a token was sent to. */
function confirm(table: Table<Subscription>, topicArn: string, token: string): Subscription | undefined {
  const found = table.values().find((one) => one.topicArn === topicArn && one.token === token)
  if (found) table.put(found.arn, { ...found, token: undefined })
  return found
}

export const ConfirmSubscription = operation({
  service: 'sns',
  name: 'ConfirmSubscription',
  access: (input, ctx) => [topicKind.on(ctx, 'ConfirmSubscription', input.TopicArn)],
  run: (input, ctx) => {
    const found = confirm(subscriptionsOf(ctx, input.TopicArn), input.TopicArn, input.Token)
    if (!found) throw invalid('Token')
    return { SubscriptionArn: found.arn }
  },
})

/** Answers the link in a confirmation message. AWS: whoever has the token may confirm. */
export async function followConfirmationLink(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.endpoint)
  const topicArn = url.searchParams.get('TopicArn') ?? ''
  const [, , , region, account] = topicArn.split(':')
  const table = cloud.store.of(subscriptions, account, region)
  const asked = request.method === 'GET' && url.pathname === '/_sns/confirm'
  const found = asked ? confirm(table, topicArn, url.searchParams.get('Token') || 'none') : undefined
  await cloud.store.flush()
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain' })
  response.end(
    found ? `Subscription confirmed: ${found.arn}\n` : 'There is no such subscription to confirm.\n',
  )
}

export const Unsubscribe = operation({
  service: 'sns',
  name: 'Unsubscribe',
  access: (input, ctx) => [topicKind.on(ctx, 'Unsubscribe', topicOf(input.SubscriptionArn))],
  run: (input, ctx) => {
    const found = findSubscription(ctx, input.SubscriptionArn)
    // AWS's words as public code meets them; Terraform's provider takes just these for an end.
    if (found.token)
      throw new AwsError(
        'InvalidParameter',
        'Invalid parameter: SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation',
      )
    subscriptionsOf(ctx, found.topicArn).delete(found.arn)
    return {}
  },
})

/** The ARN of a subscription's topic. */
const topicOf = (subscriptionArn: string): string => subscriptionArn.split(':').slice(0, 6).join(':')

const listed = (one: Subscription) => ({
  SubscriptionArn: one.token ? 'PendingConfirmation' : one.arn,
  Owner: one.owner,
  Protocol: one.protocol,
  Endpoint: one.endpoint,
  TopicArn: one.topicArn,
})

export const ListSubscriptions = operation({
  service: 'sns',
  name: 'ListSubscriptions',
  access: () => [{ action: 'sns:ListSubscriptions', resource: '*' }],
  run: (input, ctx) => {
    const all = ctx.cloud.store
      .everywhere(subscriptions)
      .filter(({ region }) => region === ctx.region)
      .flatMap(({ table }) => table.values())
      .filter((one) => one.owner === ctx.account)
    const page = paginate(all, {
      token: input.NextToken,
      limit: 100,
      query: '',
      error: () => invalid('NextToken'),
    })
    return { Subscriptions: page.items.map(listed), NextToken: page.nextToken }
  },
})

export const ListSubscriptionsByTopic = operation({
  service: 'sns',
  name: 'ListSubscriptionsByTopic',
  access: (input, ctx) => [topicKind.on(ctx, 'ListSubscriptionsByTopic', input.TopicArn)],
  run: (input, ctx) => {
    const { arn } = topicKind.find(ctx, input.TopicArn)
    const all = subscriptionsOf(ctx, arn)
      .values()
      .filter((one) => one.topicArn === arn)
    const page = paginate(all, {
      token: input.NextToken,
      limit: 100,
      query: arn,
      error: () => invalid('NextToken'),
    })
    return { Subscriptions: page.items.map(listed), NextToken: page.nextToken }
  },
})

export const GetSubscriptionAttributes = operation({
  service: 'sns',
  name: 'GetSubscriptionAttributes',
  access: (input, ctx) => [topicKind.on(ctx, 'GetSubscriptionAttributes', topicOf(input.SubscriptionArn))],
  run: (input, ctx) => {
    const one = findSubscription(ctx, input.SubscriptionArn)
    return {
      Attributes: {
        SubscriptionArn: one.arn,
        TopicArn: one.topicArn,
        Owner: one.owner,
        Protocol: one.protocol,
        Endpoint: one.endpoint,
        PendingConfirmation: String(one.token !== undefined),
        RawMessageDelivery: String(one.rawMessageDelivery),
        ...(one.filterPolicy
          ? { FilterPolicy: one.filterPolicy, FilterPolicyScope: one.filterPolicyScope }
          : {}),
      },
    }
  },
})

export const SetSubscriptionAttributes = operation({
  service: 'sns',
  name: 'SetSubscriptionAttributes',
  access: (input, ctx) => [topicKind.on(ctx, 'SetSubscriptionAttributes', topicOf(input.SubscriptionArn))],
  run: (input, ctx) => {
    const one = findSubscription(ctx, input.SubscriptionArn)
    subscriptionsOf(ctx, one.topicArn).put(
      one.arn,
      withAttribute(one, input.AttributeName, input.AttributeValue ?? ''),
    )
    return {}
  },
})
