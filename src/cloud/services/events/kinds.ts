/** The kinds of resources that EventBridge keeps. */
import { AwsError, resourcePolicyOf } from '../../../model/index.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type BusRef, lookUpBus, ruleArn, tagsInvalid } from './engine/find.ts'
import { type Bus, buses, type Rule, ruleKey, rules } from './state.ts'

const policyOf = (ctx: Context, ref: BusRef) => {
  const policy = lookUpBus(ctx, ref)?.policy
  return policy && compiledBoundPolicy(policy, ctx.cloud.directory, resourcePolicyOf(ref.arn))
}

export const busKind = resourceKind({
  service: 'events',
  table: buses,
  key: (bus) => bus.name,
  found: (ctx, ref: BusRef) => ({ ...ref, record: lookUpBus(ctx, ref) }),
  absent: ({ name }) => new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`),
  policy: (ref, ctx) => policyOf(ctx, ref),
  // AWS: CreateEventBus authorizes events:TagResource too (service authorization reference, API operations).
  tags: tagsInRecord<Bus>({ join: joinTags(tagsInvalid), creation: 'TagResource' }),
})

/** A rule, named by its bus and its name. AWS: the policy of its bus speaks of rules too. */
export const ruleKind = resourceKind({
  service: 'events',
  table: rules,
  key: (rule) => ruleKey(rule.bus, rule.name),
  found: (ctx, [bus, name]: readonly [bus: BusRef, name: string]) => {
    const { account, region } = bus
    const record = ctx.table(rules, account, region).get(ruleKey(bus.name, name))
    return { record, arn: ruleArn(bus, name), account, region, bus, name }
  },
  absent: ({ bus, name }) =>
    new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`),
  policy: ({ bus }, ctx) => policyOf(ctx, bus),
  // AWS: "To use the PutRule operation and assign tags, you must have both the events:PutRule and events:TagResource
  // permissions" (API reference, PutRule).
  tags: tagsInRecord<Rule>({ join: joinTags(tagsInvalid), creation: 'TagResource' }),
  conditions: ({ record }) => record && { 'events:creatorAccount': record.createdBy },
})

export const kinds = [busKind, ruleKind]
