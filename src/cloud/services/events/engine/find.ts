/** Naming and finding buses and rules, and asking for permission on them. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { resourceTagKeys, type Tags } from '../../../kernel/tags.ts'
import { type Bus, buses, DEFAULT_BUS, type Rule, ruleKey, rules } from '../state.ts'

/** Where a bus is. */
export interface BusRef {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly arn: Arn
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

export const tagsInvalid = (problem: string): AwsError =>
  invalid(`Parameter Tags is not valid. Reason: ${problem}`)

export const busArn = (region: string, account: string, name: string): Arn =>
  formatArn('events', region, account, `event-bus/${name}`)

/** Reads an EventBusName: a name, an ARN, or nothing for the default bus. */
export function busRef(ctx: Context, nameOrArn: string = DEFAULT_BUS): BusRef {
  const parts = parseArn(nameOrArn)
  const name = parts ? parts.resource.replace(/^event-bus\//, '') : nameOrArn
  const { account, region } = parts ?? ctx
  return { name, account, region, arn: busArn(region, account, name) }
}

/** The bus if it exists. */
export function lookUpBus(ctx: Context, { name, account, region }: BusRef): Bus | undefined {
  return (
    ctx.table(buses, account, region).get(name) ?? (name === DEFAULT_BUS ? { name, tags: {} } : undefined)
  )
}

/** Errors: ResourceNotFoundException. */
export function findBus(ctx: Context, ref: BusRef): Bus {
  const found = lookUpBus(ctx, ref)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Event bus ${ref.name} does not exist.`)
}

/** AWS: the name of a custom bus stands in the ARNs of its rules. */
export const ruleArn = ({ name: bus, account, region }: BusRef, name: string): Arn =>
  formatArn('events', region, account, bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`)

export const lookUpRule = (
  ctx: Context,
  { name: bus, account, region }: BusRef,
  name: string,
): Rule | undefined => ctx.table(rules, account, region).get(ruleKey(bus, name))

/** Errors: ResourceNotFoundException. */
export function findRule(ctx: Context, ref: BusRef, name: string): Rule {
  const found = lookUpRule(ctx, ref, name)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${ref.name}.`)
}

/** The rules of a bus, by name. */
export function rulesOf(ctx: Context, { name, account, region }: BusRef): Rule[] {
  const own = ctx
    .table(rules, account, region)
    .values()
    .filter((one) => one.bus === name)
  return own.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const policyOf = (ctx: Context, ref: BusRef): AccessRequest['resourcePolicy'] => {
  const policy = lookUpBus(ctx, ref)?.policy
  return policy && compiledBoundPolicy(policy, ctx.cloud.directory, `policy of event bus ${ref.name}`)
}

/** The permission that an action on a bus takes; the bus's own policy has a say. */
export const onBus = (
  ctx: Context,
  action: string,
  ref: BusRef,
  context: AccessRequest['context'] = {},
): AccessRequest => ({
  action: `events:${action}`,
  resource: ref.arn,
  resourceAccount: ref.account,
  resourcePolicy: policyOf(ctx, ref),
  context: { ...resourceTagKeys(lookUpBus(ctx, ref)?.tags), ...context },
})

/** The permission that an action on a rule takes. AWS: the policy of its bus speaks of rules too. */
export function onRule(
  ctx: Context,
  action: string,
  ref: BusRef,
  name: string,
  context: AccessRequest['context'] = {},
): AccessRequest {
  const rule = lookUpRule(ctx, ref, name)
  return {
    action: `events:${action}`,
    resource: ruleArn(ref, name),
    resourceAccount: ref.account,
    resourcePolicy: policyOf(ctx, ref),
    context: {
      ...resourceTagKeys(rule?.tags),
      ...(rule && { 'events:creatorAccount': rule.createdBy }),
      ...context,
    },
  }
}

/** Access declared for operations whose input names a rule by Name. */
export const accessToRule =
  (action: string) =>
  (input: { Name: string; EventBusName?: string }, ctx: Context): AccessRequest[] => [
    onRule(ctx, action, busRef(ctx, input.EventBusName), input.Name),
  ]

/** Something that has tags. */
export interface Tagged {
  readonly tags: Tags
  readonly access: (action: string, context?: AccessRequest['context']) => AccessRequest
  readonly retag: (tags: Tags) => void
}

/** Finds the bus or rule of an ARN. Errors: ValidationException, ResourceNotFoundException. */
export function findTagged(ctx: Context, arn: Arn): Tagged {
  const parts = parseArn(arn)
  const [kind, first = '', second] = parts?.service === 'events' ? parts.resource.split('/') : []
  if (!parts || (kind !== 'rule' && kind !== 'event-bus'))
    throw invalid(`Parameter ResourceARN is not valid. Reason: Provided Arn is not in correct format.`)
  const { account, region } = parts
  const refOf = (bus: string): BusRef => ({ name: bus, account, region, arn: busArn(region, account, bus) })
  if (kind === 'event-bus') {
    const ref = refOf(first)
    const bus = findBus(ctx, ref)
    return {
      tags: bus.tags,
      access: (action, context) => onBus(ctx, action, ref, context),
      retag: (tags) => ctx.table(buses, account, region).put(bus.name, { ...bus, tags }),
    }
  }
  const ref = refOf(second === undefined ? DEFAULT_BUS : first)
  const rule = findRule(ctx, ref, second ?? first)
  return {
    tags: rule.tags,
    access: (action, context) => onRule(ctx, action, ref, rule.name, context),
    retag: (tags) => ctx.table(rules, account, region).put(ruleKey(rule.bus, rule.name), { ...rule, tags }),
  }
}
