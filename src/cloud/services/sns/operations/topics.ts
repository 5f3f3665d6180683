/** Topics: create, configure, list, delete. */

import { validate } from '../../../../iam/index.ts'
import { entryOf, formatArn, readJson } from '../../../../model/index.ts'
import { type BoundPolicy, bindPolicy, policyText, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { tagMap } from '../../../kernel/tags.ts'
import { subscriptionsOf } from '../engine/find.ts'
import { invalid } from '../engine/invalid.ts'
import { checkSetting, effectiveDeliveryPolicy, TOPIC_SETTINGS } from '../engine/topic-settings.ts'
import { topicKind } from '../kinds.ts'
import { type Topic, topics } from '../state.ts'

const SETTABLE = ['Policy', 'DisplayName', 'KmsMasterKeyId', ...TOPIC_SETTINGS]

/** AWS: a new topic lets its owner's account do everything with it, told by aws:SourceOwner. */
function defaultPolicy(account: string, arn: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ]
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  })
}

function readPolicy(ctx: Context, text: string): BoundPolicy {
  let document: unknown
  try {
    document = readJson(text)
  } catch {
    throw invalid('Policy Reason: the policy is not JSON')
  }
  const [problem] = validate(document as never, 'resource')
  if (problem) throw invalid(`Policy statement action out of service scope or malformed! ${problem}`)
  const unknown = unknownPrincipal(document as never, ctx.cloud.directory)
  if (unknown !== undefined) throw invalid('Policy Error: PrincipalNotFound')
  return bindPolicy(text, ctx.cloud.directory)
}

function changed(ctx: Context, topic: Topic, name: string, value: string): Topic {
  switch (name) {
    case 'Policy':
      return { ...topic, policy: readPolicy(ctx, value) }
    case 'DisplayName':
      if (value.length > 100) throw invalid('DisplayName Reason: must be at most 100 characters long')
      return { ...topic, displayName: value }
    case 'KmsMasterKeyId':
      return { ...topic, kmsMasterKeyId: value || undefined }
    default:
      if (TOPIC_SETTINGS.includes(name)) return withSetting(topic, name, value)
      throw invalid(
        `AttributeName Reason: the embedded cloud does not support the attribute "${name}" (it has ${SETTABLE.join(', ')})`,
      )
  }
}

/** AWS: an empty text takes a setting back. */
function withSetting(topic: Topic, name: string, value: string): Topic {
  checkSetting(name, value)
  const { [name]: _, ...others } = topic.settings ?? {}
  return { ...topic, settings: value ? { ...others, [name]: value } : others }
}

export const CreateTopic = operation({
  service: 'sns',
  name: 'CreateTopic',
  access: (input, ctx) =>
    topicKind.onNew(ctx, 'CreateTopic', formatArn('sns', ctx.region, ctx.account, input.Name), input.Tags),
  run: (input, ctx) => {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(input.Name)) {
      if (input.Name.endsWith('.fifo'))
        throw invalid('Topic Name Reason: the embedded cloud has no FIFO topics')
      throw invalid('Topic Name')
    }
    if (input.DataProtectionPolicy)
      throw invalid('DataProtectionPolicy Reason: the embedded cloud does not support it')
    const table = ctx.table(topics)
    const tags = tagMap(input.Tags)
    const existing = table.get(input.Name)
    // AWS: creating a topic that exists answers with its ARN, unless attributes or tags differ.
    if (existing) {
      const same = Object.entries(tags).every(([key, value]) => entryOf(existing.tags, key) === value)
      if (!same) throw invalid('Tags Reason: Topic already exists with different tags')
      return { TopicArn: existing.arn }
    }
    topicKind.newTags(Object.entries(tags))
    const arn = formatArn('sns', ctx.region, ctx.account, input.Name)
    const policy = bindPolicy(defaultPolicy(ctx.account, arn), ctx.cloud.directory)
    let topic: Topic = { name: input.Name, arn, policy, displayName: '', tags }
    for (const [name, value] of Object.entries(input.Attributes ?? {}))
      topic = changed(ctx, topic, name, value)
    table.put(topic.name, topic)
    return { TopicArn: arn }
  },
})

export const DeleteTopic = operation({
  service: 'sns',
  name: 'DeleteTopic',
  access: (input, ctx) => [topicKind.on(ctx, 'DeleteTopic', input.TopicArn)],
  run: (input, ctx) => {
    const [, , , region = '', account = '', name = ''] = input.TopicArn.split(':')
    ctx.table(topics, account, region).delete(name)
    const table = subscriptionsOf(ctx, input.TopicArn)
    for (const one of table.values()) if (one.topicArn === input.TopicArn) table.delete(one.arn)
    return {}
  },
})

export const ListTopics = operation({
  service: 'sns',
  name: 'ListTopics',
  access: () => [{ action: 'sns:ListTopics', resource: '*' }],
  run: (input, ctx) => {
    const all = ctx
      .table(topics)
      .values()
      .map(({ arn }) => ({ TopicArn: arn }))
    const page = paginate(all, {
      token: input.NextToken,
      limit: 100,
      query: '',
      error: () => invalid('NextToken'),
    })
    return { Topics: page.items, NextToken: page.nextToken }
  },
})

export const GetTopicAttributes = operation({
  service: 'sns',
  name: 'GetTopicAttributes',
  access: (input, ctx) => [topicKind.on(ctx, 'GetTopicAttributes', input.TopicArn)],
  run: (input, ctx) => {
    const topic = topicKind.find(ctx, input.TopicArn)
    const mine = subscriptionsOf(ctx, topic.arn)
      .values()
      .filter((one) => one.topicArn === topic.arn)
    const confirmed = mine.filter((one) => one.token === undefined).length
    return {
      Attributes: {
        TopicArn: topic.arn,
        Owner: topic.arn.split(':')[4] ?? '',
        Policy: policyText(topic.policy, ctx.cloud.directory),
        DisplayName: topic.displayName,
        SubscriptionsConfirmed: String(confirmed),
        SubscriptionsPending: String(mine.length - confirmed),
        SubscriptionsDeleted: '0',
        EffectiveDeliveryPolicy: effectiveDeliveryPolicy(topic.settings?.DeliveryPolicy),
        ...topic.settings,
        ...(topic.kmsMasterKeyId ? { KmsMasterKeyId: topic.kmsMasterKeyId } : {}),
      },
    }
  },
})

function update(ctx: Context, arn: string, change: (topic: Topic) => Topic): Record<string, never> {
  topicKind.change(ctx, arn, change)
  return {}
}

/** Sets a topic's policy. Errors: InvalidParameter. */
export const savePolicy = (ctx: Context, arn: string, text: string): Record<string, never> =>
  update(ctx, arn, (topic) => changed(ctx, topic, 'Policy', text))

export const SetTopicAttributes = operation({
  service: 'sns',
  name: 'SetTopicAttributes',
  access: (input, ctx) => [topicKind.on(ctx, 'SetTopicAttributes', input.TopicArn)],
  run: (input, ctx) =>
    update(ctx, input.TopicArn, (topic) =>
      changed(ctx, topic, input.AttributeName, input.AttributeValue ?? ''),
    ),
})
