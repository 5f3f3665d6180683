/** Subscribe, Unsubscribe, ListTargets and DeleteTarget. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { takeTargets } from '../engine/check.ts'
import { fitsAll, invalidToken, LONGEST_PAGE } from '../engine/filters.ts'
import { invalid, notificationRuleKind } from '../kinds.ts'
import { rules, type StoredTarget, targets } from '../state.ts'

export const describeTarget = ({ address, type, status }: StoredTarget) => ({
  TargetAddress: address,
  TargetType: type,
  TargetStatus: status,
})

export const Subscribe = operation({
  service: 'codestar-notifications',
  name: 'Subscribe',
  access: (input, ctx) => [notificationRuleKind.on(ctx, 'Subscribe', input.Arn)],
  run: ({ Arn, Target }, ctx) => {
    const rule = notificationRuleKind.find(ctx, Arn)
    notificationRuleKind.change(ctx, Arn, { targets: takeTargets(ctx, [Target], rule.targets) })
    return { Arn }
  },
})

export const Unsubscribe = operation({
  service: 'codestar-notifications',
  name: 'Unsubscribe',
  access: (input, ctx) => [notificationRuleKind.on(ctx, 'Unsubscribe', input.Arn)],
  run: ({ Arn, TargetAddress }, ctx) => {
    const rule = notificationRuleKind.find(ctx, Arn, () =>
      invalid(`The notification rule ${Arn} was not found`),
    )
    const left = rule.targets.filter((address) => address !== TargetAddress)
    notificationRuleKind.change(ctx, Arn, { targets: left })
    return { Arn }
  },
})

const BY: Readonly<Record<string, (target: StoredTarget) => readonly string[]>> = {
  TARGET_TYPE: ({ type }) => [type],
  TARGET_ADDRESS: ({ address }) => [address],
  TARGET_STATUS: ({ status }) => [status],
}

export const ListTargets = operation({
  service: 'codestar-notifications',
  name: 'ListTargets',
  access: () => [{ action: 'codestar-notifications:ListTargets', resource: '*' }],
  run: ({ Filters = [], NextToken: token, MaxResults }, ctx) => {
    const all = ctx.table(targets).values().filter(fitsAll(Filters, BY))
    const limit = MaxResults || LONGEST_PAGE
    const page = paginate(all, { token, limit, query: Filters, error: invalidToken })
    return { Targets: page.items.map(describeTarget), NextToken: page.nextToken }
  },
})

/** AWS: a target of rules goes only where it is told to go from all of them. Errors: ValidationException. */
export const DeleteTarget = operation({
  service: 'codestar-notifications',
  name: 'DeleteTarget',
  access: () => [{ action: 'codestar-notifications:DeleteTarget', resource: '*' }],
  run: ({ TargetAddress: address, ForceUnsubscribeAll }, ctx) => {
    const table = ctx.table(rules)
    const having = table.values().filter((rule) => rule.targets.includes(address))
    if (having.length && !ForceUnsubscribeAll)
      throw invalid(`The target ${address} is one of ${having.length} notification rules`)
    for (const rule of having)
      table.put(rule.id, { ...rule, targets: rule.targets.filter((one) => one !== address) })
    ctx.table(targets).delete(address)
    return {}
  },
})
