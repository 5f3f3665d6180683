/** Subscriptions: who gets a topic's messages. */
import { AwsError } from '../../../model/index.ts'
import type { Context } from '../../context.ts'
import { operation } from '../../operation.ts'
import { paginate } from '../../pagination.ts'
import { deliver } from './deliver.ts'
import { findSubscription, findTopic, invalid, onTopic, subscriptionsOf } from './find.ts'
import type { Protocol, Subscription } from './state.ts'

const PROTOCOLS: readonly Protocol[] = ['lambda', 'email', 'email-json', 'http', 'https']
const ATTRIBUTES = ['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'] as const

function checkEndpoint(protocol: Protocol, endpoint: string): void {
  if (protocol === 'lambda' && !/^arn:aws:lambda:/.test(endpoint)) throw invalid('Lambda endpoint ARN')
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
      if (value && !isObject(value)) throw invalid('FilterPolicy: failed to parse JSON.')
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

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
  } catch {
    return false
  }
}

/** AWS: functions are subscribed at once; mail and HTTP endpoints have to confirm with a token that is sent to them. */
const needsConfirmation = (protocol: Protocol): boolean => protocol !== 'lambda'

export const Subscribe = operation({
  service: 'sns',
  name: 'Subscribe',
  access: (input, ctx) =>
    onTopic(ctx, 'Subscribe', input.TopicArn, {
      'sns:Protocol': input.Protocol,
      ...(input.Endpoint ? { 'sns:Endpoint': input.Endpoint } : {}),
    }),
  run: (input, ctx) => {
    const topic = findTopic(ctx, input.TopicArn)
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
  const url = `${ctx.cloud.endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`
  ctx.spawn('confirmation', (background) =>
    deliver(background, subscription, {
      Type: 'SubscriptionConfirmation',
      MessageId: background.cloud.ids.uuid(),
      Token: token,
      TopicArn: topicArn,
      Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, call ConfirmSubscription with the token ${token}.`,
      SubscribeURL: url,
      Timestamp: background.cloud.clock.date().toISOString(),
    }),
  )
}

export const ConfirmSubscription = operation({
  service: 'sns',
  name: 'ConfirmSubscription',
  access: (input, ctx) => onTopic(ctx, 'ConfirmSubscription', input.TopicArn),
  run: (input, ctx) => {
    const table = subscriptionsOf(ctx, input.TopicArn)
    const found = table.values().find((one) => one.topicArn === input.TopicArn && one.token === input.Token)
    if (!found) throw invalid('Token')
    table.put(found.arn, { ...found, token: undefined })
    return { SubscriptionArn: found.arn }
  },
})

export const Unsubscribe = operation({
  service: 'sns',
  name: 'Unsubscribe',
  access: (input, ctx) => onTopic(ctx, 'Unsubscribe', input.SubscriptionArn.split(':').slice(0, 6).join(':')),
  run: (input, ctx) => {
    const found = findSubscription(ctx, input.SubscriptionArn)
    if (found.token)
      throw new AwsError('InvalidParameter', 'Invalid parameter: This subscription has not been confirmed')
    subscriptionsOf(ctx, found.topicArn).delete(found.arn)
    return {}
  },
})

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
      .everywhere({ name: 'sns.subscriptions' })
      .filter(({ region }) => region === ctx.region)
      .flatMap(({ table }) => table.values() as Subscription[])
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
  access: (input, ctx) => onTopic(ctx, 'ListSubscriptionsByTopic', input.TopicArn),
  run: (input, ctx) => {
    const { arn } = findTopic(ctx, input.TopicArn)
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
  access: (input) => [
    {
      action: 'sns:GetSubscriptionAttributes',
      resource: input.SubscriptionArn.split(':').slice(0, 6).join(':'),
    },
  ],
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
  access: (input) => [
    {
      action: 'sns:SetSubscriptionAttributes',
      resource: input.SubscriptionArn.split(':').slice(0, 6).join(':'),
    },
  ],
  run: (input, ctx) => {
    const one = findSubscription(ctx, input.SubscriptionArn)
    subscriptionsOf(ctx, one.topicArn).put(
      one.arn,
      withAttribute(one, input.AttributeName, input.AttributeValue ?? ''),
    )
    return {}
  },
})
