/** SNS: topics that deliver to functions, loopback HTTP endpoints, and letters in an outbox. */
import { implementation } from '../../kernel/service.ts'
import { delivery } from './engine/deliver.ts'
import { kinds } from './kinds.ts'
import { AddPermission, RemovePermission } from './operations/permissions.ts'
import { Publish, PublishBatch } from './operations/publish.ts'
import {
  ConfirmSubscription,
  followConfirmationLink,
  GetSubscriptionAttributes,
  ListSubscriptions,
  ListSubscriptionsByTopic,
  SetSubscriptionAttributes,
  Subscribe,
  Unsubscribe,
} from './operations/subscriptions.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import {
  CreateTopic,
  DeleteTopic,
  GetTopicAttributes,
  ListTopics,
  SetTopicAttributes,
} from './operations/topics.ts'
import { subscription } from './resources/subscription.ts'
import { topic } from './resources/topic.ts'
import { topicPolicy } from './resources/topic-policy.ts'

export const sns = implementation({
  kinds,
  operations: [
    CreateTopic,
    DeleteTopic,
    ListTopics,
    GetTopicAttributes,
    SetTopicAttributes,
    TagResource,
    UntagResource,
    ListTagsForResource,
    Subscribe,
    ConfirmSubscription,
    Unsubscribe,
    ListSubscriptions,
    ListSubscriptionsByTopic,
    GetSubscriptionAttributes,
    SetSubscriptionAttributes,
    Publish,
    PublishBatch,
    AddPermission,
    RemovePermission,
  ],
  handOvers: [delivery],
  resourceTypes: [topic, topicPolicy, subscription],
  http: followConfirmationLink,
})
