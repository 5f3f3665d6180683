/** Rules: describe, list, enable, disable, delete. */

import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessToRule } from '../engine/access.ts'
import { busRef, invalid, lookUpRule, rulesOf } from '../engine/find.ts'
import { busKind, ruleKind } from '../kinds.ts'
import { endSchedule, setSchedule } from '../schedule/set-schedule.ts'
import { type Rule, ruleKey, rules } from '../state.ts'
import { invalidToken } from './event-buses.ts'

const described = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.eventPattern,
  ScheduleExpression: rule.scheduleExpression,
  State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
  Description: rule.description,
  EventBusName: rule.bus,
})

export const DescribeRule = operation({
  service: 'events',
  name: 'DescribeRule',
  access: accessToRule('DescribeRule'),
  run: (input, ctx) => {
    const rule = ruleKind.find(ctx, [busRef(ctx, input.EventBusName), input.Name])
    return { ...described(rule), CreatedBy: rule.createdBy }
  },
})

export const ListRules = operation({
  service: 'events',
  name: 'ListRules',
  access: () => [{ action: 'events:ListRules', resource: '*' }],
  run: (input, ctx) => {
    const { NamePrefix: prefix = '', NextToken: token, Limit: limit = 100 } = input
    const ref = busRef(ctx, input.EventBusName)
    busKind.find(ctx, ref)
    const all = rulesOf(ctx, ref).filter((one) => one.name.startsWith(prefix))
    const page = paginate(all, { token, limit, query: [ref.arn, prefix], error: invalidToken })
    return { Rules: page.items.map(described), NextToken: page.nextToken }
  },
})

function enable(ctx: Context, input: { Name: string; EventBusName?: string }, enabled: boolean) {
  const ref = busRef(ctx, input.EventBusName)
  const rule = ruleKind.find(ctx, [ref, input.Name])
  if (rule.enabled === enabled) return {}
  const changed: Rule = {
    ...rule,
    enabled,
    scheduledFrom: enabled ? ctx.cloud.clock.now() : rule.scheduledFrom,
  }
  ctx.table(rules, ref.account, ref.region).put(ruleKey(rule.bus, rule.name), changed)
  setSchedule(ctx.as(ctx.identity, ref), changed)
  return {}
}

export const EnableRule = operation({
  service: 'events',
  name: 'EnableRule',
  access: accessToRule('EnableRule'),
  run: (input, ctx) => enable(ctx, input, true),
})

export const DisableRule = operation({
  service: 'events',
  name: 'DisableRule',
  access: accessToRule('DisableRule'),
  run: (input, ctx) => enable(ctx, input, false),
})

/** AWS: a rule that is not there is no error; one that has targets stays. Force is for rules that services manage. */
export const DeleteRule = operation({
  service: 'events',
  name: 'DeleteRule',
  access: accessToRule('DeleteRule'),
  run: (input, ctx) => {
    const ref = busRef(ctx, input.EventBusName)
    busKind.find(ctx, ref)
    const rule = lookUpRule(ctx, ref, input.Name)
    if (!rule) return {}
    if (rule.targets.length) throw invalid("Rule can't be deleted since it has targets.")
    ctx.table(rules, ref.account, ref.region).delete(ruleKey(rule.bus, rule.name))
    endSchedule(ctx.cloud, rule)
    return {}
  },
})
