/** CodeStar Notifications: rules that tell topics of pipelines, builds and repositories. */
import { implementation } from '../../kernel/service.ts'
import { listenForNews, notice } from './engine/tell.ts'
import { kinds } from './kinds.ts'
import { ListEventTypes } from './operations/list-event-types.ts'
import {
  CreateNotificationRule,
  DeleteNotificationRule,
  DescribeNotificationRule,
  ListNotificationRules,
  UpdateNotificationRule,
} from './operations/rules.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { DeleteTarget, ListTargets, Subscribe, Unsubscribe } from './operations/targets.ts'
import { notificationRule } from './resources/notification-rule.ts'

export const codenotifications = implementation({
  kinds,
  operations: [
    CreateNotificationRule,
    UpdateNotificationRule,
    DescribeNotificationRule,
    DeleteNotificationRule,
    ListNotificationRules,
    ListEventTypes,
    ListTargets,
    Subscribe,
    Unsubscribe,
    DeleteTarget,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  handOvers: [notice],
  resourceTypes: [notificationRule],
  start: listenForNews,
})
