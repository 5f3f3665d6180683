/** CreateRule, ModifyRule, SetRulePriorities, DescribeRules and DeleteRule. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkActions } from '../engine/actions.ts'
import { checkConditions } from '../engine/conditions.ts'
import { followGroups } from '../engine/follow-targets.ts'
import { newId, ruleArn } from '../engine/ids.ts'
import { LIMITS } from '../engine/limits.ts'
import { badMarker, invalid, unsupported } from '../engine/refuse.ts'
import { checkPriority, inOrder } from '../engine/rule-priorities.ts'
import { tagForm } from '../engine/tag-form.ts'
import { ruleView } from '../engine/views.ts'
import { describing, listenerKind, loadBalancerKind, making, ruleKind } from '../kinds.ts'
import { groupsIn, type Listener, type LoadBalancer, type Rule, rules, rulesOf } from '../state.ts'

const UNSUPPORTED = ['Transforms', 'ResetTransforms']

const balancerOf = (ctx: Context, { loadBalancer }: Listener): LoadBalancer =>
  loadBalancerKind.find(ctx, loadBalancer)

/** AWS: making a rule is authorized on its listener. */
export const CreateRule = operation({
  service: 'elasticloadbalancing',
  name: 'CreateRule',
  access: (input, ctx) => {
    const [, ...tagging] = making(ctx, ruleKind, 'CreateRule', {
      arn: `${input.ListenerArn.replace(':listener/', ':listener-rule/')}/*`,
      tags: input.Tags,
    })
    return [listenerKind.on(ctx, 'CreateRule', input.ListenerArn), ...tagging]
  },
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const listener = listenerKind.find(ctx, input.ListenerArn)
    const { type } = balancerOf(ctx, listener)
    if (type === 'network') throw unsupported('rules of Network Load Balancers', 'AWS has none either.')
    if (!input.Conditions.length) throw invalid('A condition must be specified')
    checkPriority(ctx, listener.arn, input.Priority)
    if (ctx.table(rules).where(rulesOf, listener.arn).length > LIMITS['rules-per-application-load-balancer'])
      throw new AwsError(
        'TooManyRulesException',
        'The maximum number of rules on the load balancer is reached',
      )
    const rule: Rule = {
      arn: ruleArn(ctx, listener, newId(ctx)),
      listener: listener.arn,
      priority: input.Priority,
      conditions: checkConditions(input.Conditions),
      actions: checkActions(ctx, input.Actions, { ...listener, type }),
      tags: ruleKind.newTags(tagForm.read(input.Tags)),
    }
    ctx.table(rules).put(rule.arn, rule)
    followGroups(ctx, groupsIn(rule.actions))
    return { Rules: [ruleView(rule)] }
  },
})

const isDefault = (what: string, arn: string): AwsError =>
  new AwsError('OperationNotPermittedException', `Default rule '${arn}' cannot be ${what}`)

/** AWS: the default rule is changed by ModifyListener. */
export const ModifyRule = operation({
  service: 'elasticloadbalancing',
  name: 'ModifyRule',
  access: (input, ctx) => [ruleKind.on(ctx, 'ModifyRule', input.RuleArn)],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const { listener, priority } = ruleKind.find(ctx, input.RuleArn)
    if (priority === undefined) throw isDefault('modified', input.RuleArn)
    const on = listenerKind.find(ctx, listener)
    const { type } = balancerOf(ctx, on)
    const rule = ruleKind.change(ctx, input.RuleArn, (now) => ({
      ...now,
      conditions: input.Conditions?.length ? checkConditions(input.Conditions) : now.conditions,
      actions: input.Actions?.length ? checkActions(ctx, input.Actions, { ...on, type }) : now.actions,
    }))
    followGroups(ctx, groupsIn(rule.actions))
    return { Rules: [ruleView(rule)] }
  },
})

export const SetRulePriorities = operation({
  service: 'elasticloadbalancing',
  name: 'SetRulePriorities',
  access: (input, ctx) =>
    input.RulePriorities.map(({ RuleArn = '' }) => ruleKind.on(ctx, 'SetRulePriorities', RuleArn)),
  run: ({ RulePriorities: pairs }, ctx) => {
    const moving = pairs.map(({ RuleArn = '' }) => RuleArn)
    for (const { RuleArn = '', Priority = 0 } of pairs) {
      const { listener, priority } = ruleKind.find(ctx, RuleArn)
      if (priority === undefined) throw isDefault('modified', RuleArn)
      checkPriority(ctx, listener, Priority, moving)
    }
    const wanted = pairs.map(({ Priority }) => Priority)
    const twice = wanted.find((one, at) => wanted.indexOf(one) !== at)
    if (twice !== undefined)
      throw new AwsError('PriorityInUseException', `Priority '${twice}' is currently in use`)
    const changed = pairs.map(({ RuleArn = '', Priority }) =>
      ruleKind.change(ctx, RuleArn, { priority: Priority }),
    )
    return { Rules: changed.map(ruleView) }
  },
})

export const DescribeRules = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeRules',
  access: describing('DescribeRules'),
  run: ({ ListenerArn: listener, RuleArns: arns, Marker: token, PageSize: limit = 400 }, ctx) => {
    if ((listener === undefined) === !arns?.length)
      throw invalid('You must specify either listener rule ARNs or a listener ARN')
    const found = arns?.length
      ? arns.map((arn) => ruleKind.find(ctx, arn))
      : inOrder(ctx.table(rules).where(rulesOf, listenerKind.find(ctx, listener!).arn))
    const page = paginate(found, { token, limit, query: [listener, arns], error: badMarker })
    return { Rules: page.items.map(ruleView), NextMarker: page.nextToken }
  },
})

export const DeleteRule = operation({
  service: 'elasticloadbalancing',
  name: 'DeleteRule',
  access: (input, ctx) => [ruleKind.on(ctx, 'DeleteRule', input.RuleArn)],
  run: ({ RuleArn: arn }, ctx) => {
    const { priority } = ruleKind.find(ctx, arn)
    if (priority === undefined) throw isDefault('deleted', arn)
    ctx.table(rules).delete(arn)
    return {}
  },
})
