/** EventBridge: buses, rules with patterns and schedules, and delivery to their targets. */
import { implementation } from '../../kernel/service.ts'
import { toTarget } from './engine/dispatch.ts'
import { startEvents } from './engine/service-events.ts'
import { kinds } from './kinds.ts'
import {
  CreateEventBus,
  DeleteEventBus,
  DescribeEventBus,
  ListEventBuses,
  UpdateEventBus,
} from './operations/event-buses.ts'
import { PutPermission, RemovePermission } from './operations/permissions.ts'
import { PutEvents } from './operations/put-events.ts'
import { PutRule } from './operations/put-rule.ts'
import { DeleteRule, DescribeRule, DisableRule, EnableRule, ListRules } from './operations/rules.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { ListRuleNamesByTarget, ListTargetsByRule, PutTargets, RemoveTargets } from './operations/targets.ts'
import { TestEventPattern } from './operations/test-event-pattern.ts'
import { eventBus } from './resources/event-bus.ts'
import { eventBusPolicy } from './resources/event-bus-policy.ts'
import { rule } from './resources/rule.ts'

export const events = implementation({
  kinds,
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
  handOvers: [toTarget],
  resourceTypes: [rule, eventBus, eventBusPolicy],
  start: startEvents,
})
