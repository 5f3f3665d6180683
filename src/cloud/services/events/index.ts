/** EventBridge: buses, rules with patterns and schedules, and delivery to their targets. */
import { service } from '../../service.ts'
import {
  CreateEventBus,
  DeleteEventBus,
  DescribeEventBus,
  ListEventBuses,
  UpdateEventBus,
} from './event-buses.ts'
import { PutPermission, RemovePermission } from './permissions.ts'
import { PutEvents } from './put-events.ts'
import { PutRule } from './put-rule.ts'
import { eventBus } from './resources/event-bus.ts'
import { eventBusPolicy } from './resources/event-bus-policy.ts'
import { rule } from './resources/rule.ts'
import { DeleteRule, DescribeRule, DisableRule, EnableRule, ListRules } from './rules.ts'
import { startEvents } from './service-events.ts'
import { ListTagsForResource, TagResource, UntagResource } from './tag.ts'
import { ListRuleNamesByTarget, ListTargetsByRule, PutTargets, RemoveTargets } from './targets.ts'
import { TestEventPattern } from './test-event-pattern.ts'

export const events = service({
  id: 'events',
  operations: [
    CreateEventBus,
    UpdateEventBus,
    DeleteEventBus,
    DescribeEventBus,
    ListEventBuses,
    PutPermission,
    RemovePermission,
    PutRule,
    DescribeRule,
    ListRules,
    EnableRule,
    DisableRule,
    DeleteRule,
    PutTargets,
    RemoveTargets,
    ListTargetsByRule,
    ListRuleNamesByTarget,
    PutEvents,
    TestEventPattern,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  resourceTypes: [rule, eventBus, eventBusPolicy],
  start: startEvents,
})
