/** CreateNotificationRule, UpdateNotificationRule, DescribeNotificationRule, DeleteNotificationRule and ListNotificationRules. */
import type { Arn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { tagRecord } from '../../../kernel/tag-operations.ts'
import { checkEvents, checkName, checkResource, takeTargets } from '../engine/check.ts'
import { describeType, eventType } from '../engine/event-types.ts'
import { fitsAll, invalidToken, LONGEST_PAGE } from '../engine/filters.ts'
import { aboutResource, notificationRuleKind, ruleArn } from '../kinds.ts'
import { type NotificationRule, rules, targets } from '../state.ts'
import { describeTarget } from './targets.ts'

/** AWS: the same token once more gives the rule that it made. */
export const CreateNotificationRule = operation({
  service: 'codestar-notifications',
  name: 'CreateNotificationRule',
  access: (input, ctx) =>
    notificationRuleKind.onNew(
      ctx,
      'CreateNotificationRule',
      ruleArn(ctx, '*'),
      input.Tags,
      aboutResource(input.Resource),
    ),
  run: (input, ctx) => {
    const { Name: name, Resource: resource, ClientRequestToken: token } = input
    const table = ctx.table(rules)
    const again =
      token === undefined
        ? undefined
        : table.values().find((rule) => rule.token === token && rule.name === name)
    if (again) return { Arn: again.arn }
    checkName(ctx, name)
    checkEvents(input.EventTypeIds, checkResource(ctx, resource))
    const tags = notificationRuleKind.newTags(tagRecord.read(input.Tags))
    const addresses = takeTargets(ctx, input.Targets)
    const id = ctx.cloud.ids.lower(40)
    const now = ctx.cloud.clock.now()
    const arn = ruleArn(ctx, id)
    table.put(id, {
      id,
      arn,
      name,
      eventTypeIds: input.EventTypeIds,
      resource,
      targets: addresses,
      detailType: input.DetailType,
      status: input.Status ?? 'ENABLED',
      createdBy: ctx.identity.arn,
      token,
      created: now,
      modified: now,
      tags,
    })
    return { Arn: arn }
  },
})

/** AWS: what is given takes the place of what was there. */
export const UpdateNotificationRule = operation({
  service: 'codestar-notifications',
  name: 'UpdateNotificationRule',
  access: (input, ctx) => [notificationRuleKind.on(ctx, 'UpdateNotificationRule', input.Arn)],
  run: (input, ctx) => {
    const rule = notificationRuleKind.find(ctx, input.Arn)
    if (input.Name !== undefined) checkName(ctx, input.Name, rule.id)
    if (input.EventTypeIds) checkEvents(input.EventTypeIds, rule.resource.split(':')[2]!)
    const addresses = input.Targets ? takeTargets(ctx, input.Targets) : rule.targets
    notificationRuleKind.change(ctx, input.Arn, {
      name: input.Name ?? rule.name,
      eventTypeIds: input.EventTypeIds ?? rule.eventTypeIds,
      targets: addresses,
      detailType: input.DetailType ?? rule.detailType,
      status: input.Status ?? rule.status,
      modified: ctx.cloud.clock.now(),
    })
    return {}
  },
})

export const DescribeNotificationRule = operation({
  service: 'codestar-notifications',
  name: 'DescribeNotificationRule',
  access: (input, ctx) => [notificationRuleKind.on(ctx, 'DescribeNotificationRule', input.Arn)],
  run: (input, ctx) => {
    const rule = notificationRuleKind.find(ctx, input.Arn)
    const known = ctx.table(targets)
    return {
      Arn: rule.arn,
      Name: rule.name,
      EventTypes: rule.eventTypeIds.map((id) => describeType(eventType(id)!)),
      Resource: rule.resource,
      Targets: rule.targets.map((address) => describeTarget(known.get(address)!)),
      DetailType: rule.detailType,
      CreatedBy: rule.createdBy,
      Status: rule.status,
      CreatedTimestamp: new Date(rule.created),
      LastModifiedTimestamp: new Date(rule.modified),
      Tags: rule.tags,
    }
  },
})

/** AWS: deleting what is not there succeeds; the targets stay. */
export const DeleteNotificationRule = operation({
  service: 'codestar-notifications',
  name: 'DeleteNotificationRule',
  access: (input, ctx) => [notificationRuleKind.on(ctx, 'DeleteNotificationRule', input.Arn)],
  run: ({ Arn }, ctx) => {
    const rule = notificationRuleKind.lookUp(ctx, Arn)
    if (rule) ctx.table(rules).delete(rule.id)
    return { Arn }
  },
})

const BY: Readonly<Record<string, (rule: NotificationRule) => readonly (string | Arn)[]>> = {
  EVENT_TYPE_ID: ({ eventTypeIds }) => eventTypeIds,
  CREATED_BY: ({ createdBy }) => [createdBy],
  RESOURCE: ({ resource }) => [resource],
  TARGET_ADDRESS: (rule) => rule.targets,
}

export const ListNotificationRules = operation({
  service: 'codestar-notifications',
  name: 'ListNotificationRules',
  access: () => [{ action: 'codestar-notifications:ListNotificationRules', resource: '*' }],
  run: ({ Filters = [], NextToken: token, MaxResults }, ctx) => {
    const all = ctx.table(rules).values().filter(fitsAll(Filters, BY))
    const limit = MaxResults || LONGEST_PAGE
    const page = paginate(all, { token, limit, query: Filters, error: invalidToken })
    return {
      NotificationRules: page.items.map(({ id, arn }) => ({ Id: id, Arn: arn })),
      NextToken: page.nextToken,
    }
  },
})
