/** events:PutRule. */

import { compilePattern } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap, tagsProblem } from '../../../kernel/tags.ts'
import { busRef, invalid, lookUpRule, ruleArn, tagsInvalid } from '../engine/find.ts'
import { busKind, ruleKind } from '../kinds.ts'
import { parseSchedule } from '../schedule/schedule-expression.ts'
import { setSchedule } from '../schedule/set-schedule.ts'
import { DEFAULT_BUS, type Rule, ruleKey, rules } from '../state.ts'

type PutRuleInput = Input<'events', 'PutRule'>

/** Condition keys of PutRule by the pattern's field that they speak of. */
const PATTERN_KEYS = {
  source: 'events:source',
  'detail-type': 'events:detail-type',
  'detail.eventTypeCode': 'events:detail.eventTypeCode',
  'detail.service': 'events:detail.service',
  'detail.userIdentity.principalId': 'events:detail.userIdentity.principalId',
}

function conditionKeys({ EventPattern }: PutRuleInput): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {}
  if (!EventPattern) return keys
  const { strings } = compilePattern(EventPattern)
  for (const [path, key] of Object.entries(PATTERN_KEYS)) {
    const given = strings.get(path)
    if (given) keys[key] = given
  }
  return keys
}

/**
 * Creates or replaces a rule; its targets stay. AWS: what is not given goes back to its default, and tags of an
 * existing rule are changed by TagResource only.
 */
export const PutRule = operation({
  service: 'events',
  name: 'PutRule',
  access: (input, ctx) =>
    ruleKind.onNew(
      ctx,
      'PutRule',
      [busRef(ctx, input.EventBusName), input.Name],
      input.Tags,
      conditionKeys(input),
    ),
  run: (input, ctx) => {
    refuseUnsupported(input, ['RoleArn'])
    const ref = busRef(ctx, input.EventBusName)
    busKind.find(ctx, ref)
    check(input, ref.name)
    const tags = tagMap(input.Tags)
    const problem = tagsProblem({}, tags)
    if (problem) throw tagsInvalid(problem)
    const existing = lookUpRule(ctx, ref, input.Name)
    const rule: Rule = {
      name: input.Name,
      bus: ref.name,
      arn: ruleArn(ref, input.Name),
      description: input.Description,
      eventPattern: input.EventPattern,
      scheduleExpression: input.ScheduleExpression,
      scheduledFrom: scheduledFrom(ctx, input, existing),
      enabled: input.State !== 'DISABLED',
      createdBy: existing?.createdBy ?? ctx.account,
      targets: existing?.targets ?? [],
      tags: existing?.tags ?? tags,
    }
    ctx.table(rules, ref.account, ref.region).put(ruleKey(rule.bus, rule.name), rule)
    setSchedule(ctx.as(ctx.identity, ref), rule)
    return { RuleArn: rule.arn }
  },
})

function check({ EventPattern, ScheduleExpression, State }: PutRuleInput, bus: string): void {
  if (!EventPattern && !ScheduleExpression)
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  if (State === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS')
    throw invalid(`The embedded cloud has no CloudTrail events; it does not support the State "${State}".`)
  if (!ScheduleExpression) return
  if (bus !== DEFAULT_BUS) throw invalid('ScheduleExpression is supported only on the default event bus.')
  parseSchedule(ScheduleExpression, 0)
}

function scheduledFrom(ctx: Context, input: PutRuleInput, existing: Rule | undefined): number {
  const goesOn = existing?.enabled && existing.scheduleExpression === input.ScheduleExpression
  return goesOn ? existing.scheduledFrom : ctx.cloud.clock.now()
}
