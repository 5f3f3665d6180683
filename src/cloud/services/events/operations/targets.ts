/** Targets of rules: put, remove, list. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { checkTarget } from '../engine/check-target.ts'
import { type BusRef, busRef, rulesOf } from '../engine/find.ts'
import { busKind, ruleKind } from '../kinds.ts'
import { type Rule, ruleKey, rules, type Target } from '../state.ts'
import { invalidToken } from './event-buses.ts'

/** AWS: targets that a rule can have. */
const MOST_TARGETS = 5

const put = (ctx: Context, { account, region }: BusRef, rule: Rule): void =>
  ctx.table(rules, account, region).put(ruleKey(rule.bus, rule.name), rule)

/** AWS: whoever gives a target a role must be allowed to pass it to EventBridge. */
export const PutTargets = operation({
  service: 'events',
  name: 'PutTargets',
  access: (input, ctx) => {
    const roles = input.Targets.flatMap((target) => target.RoleArn ?? [])
    const targetArns = input.Targets.map((target) => target.Arn)
    return [
      ruleKind.on(ctx, 'PutTargets', [busRef(ctx, input.EventBusName), input.Rule], {
        'events:TargetArn': targetArns,
      }),
      ...[...new Set(roles)].map((resource) => ({
        action: 'iam:PassRole',
        resource,
        context: { 'iam:PassedToService': servicePrincipal('events') },
      })),
    ]
  },
  run: (input, ctx) => {
    const ref = busRef(ctx, input.EventBusName)
    const rule = ruleKind.find(ctx, [ref, input.Rule])
    const targets = new Map(rule.targets.map((one) => [one.Id, one] as const))
    for (const given of input.Targets) targets.set(given.Id, checkTarget(given, ref))
    if (targets.size > MOST_TARGETS)
      throw new AwsError(
        'LimitExceededException',
        `The requested resource exceeds the maximum number allowed: a rule can have ${MOST_TARGETS} targets.`,
      )
    put(ctx, ref, { ...rule, targets: [...targets.values()] })
    return { FailedEntryCount: 0, FailedEntries: [] }
  },
})

/** AWS: ids that the rule has no target for are no error. Force is for rules that services manage. */
export const RemoveTargets = operation({
  service: 'events',
  name: 'RemoveTargets',
  access: (input, ctx) => [ruleKind.on(ctx, 'RemoveTargets', [busRef(ctx, input.EventBusName), input.Rule])],
  run: (input, ctx) => {
    const ref = busRef(ctx, input.EventBusName)
    const rule = ruleKind.find(ctx, [ref, input.Rule])
    put(ctx, ref, { ...rule, targets: rule.targets.filter((one) => !input.Ids.includes(one.Id)) })
    return { FailedEntryCount: 0, FailedEntries: [] }
  },
})

export const ListTargetsByRule = operation({
  service: 'events',
  name: 'ListTargetsByRule',
  access: (input, ctx) => [
    ruleKind.on(ctx, 'ListTargetsByRule', [busRef(ctx, input.EventBusName), input.Rule]),
  ],
  run: (input, ctx) => {
    const { NextToken: token, Limit: limit = 100 } = input
    const rule = ruleKind.find(ctx, [busRef(ctx, input.EventBusName), input.Rule])
    const page = paginate(rule.targets, { token, limit, query: rule.arn, error: invalidToken })
    return { Targets: page.items.map(shown), NextToken: page.nextToken }
  },
})

const shown = ({ InputTransformer: transformer, ...target }: Target) => ({
  ...target,
  InputTransformer: transformer && {
    ...transformer,
    InputPathsMap: transformer.InputPathsMap && { ...transformer.InputPathsMap },
  },
})

export const ListRuleNamesByTarget = operation({
  service: 'events',
  name: 'ListRuleNamesByTarget',
  access: () => [{ action: 'events:ListRuleNamesByTarget', resource: '*' }],
  run: (input, ctx) => {
    const { TargetArn, NextToken: token, Limit: limit = 100 } = input
    const ref = busRef(ctx, input.EventBusName)
    busKind.find(ctx, ref)
    const names = rulesOf(ctx, ref)
      .filter((rule) => rule.targets.some((target) => target.Arn === TargetArn))
      .map((rule) => rule.name)
    const page = paginate(names, { token, limit, query: [ref.arn, TargetArn], error: invalidToken })
    return { RuleNames: page.items, NextToken: page.nextToken }
  },
})
