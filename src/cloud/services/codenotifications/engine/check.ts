/** What a rule may say. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import { chatTarget, NOTICE_LIMITS } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { invalid } from '../kinds.ts'
import { rules, type TargetStatus, targets } from '../state.ts'
import { EVENT_TYPES, eventType } from './event-types.ts'

const misconfigured = (message: string): AwsError =>
  new AwsError('ConfigurationException', message, { status: 400 })

const limit = (message: string): AwsError => new AwsError('LimitExceededException', message, { status: 400 })

/** Errors: ValidationException, ResourceAlreadyExistsException for another rule's. */
export function checkName(ctx: Context, name: string, own?: string): void {
  if (!/^[\w -]{1,64}$/.test(name))
    throw invalid(`The name '${name}' is none: letters, digits, blanks, - and _, 64 at most`)
  const other = ctx
    .table(rules)
    .values()
    .find((rule) => rule.name === name && rule.id !== own)
  if (!other) return
  throw new AwsError('ResourceAlreadyExistsException', `A notification rule named ${name} exists already`, {
    status: 409,
  })
}

/** Errors: ValidationException for what no rule is about; LimitExceededException. */
export function checkResource(ctx: Context, resource: Arn): string {
  const parts = parseArn(resource)
  const service = EVENT_TYPES.find((type) => type.service === parts?.service)?.service
  if (!service || parts?.account !== ctx.account || parts.region !== ctx.region)
    throw invalid(`No notification rule here can be about ${resource}`)
  const those = ctx
    .table(rules)
    .values()
    .filter((rule) => rule.resource === resource)
  if (those.length >= NOTICE_LIMITS.rules)
    throw limit(`${resource} has ${NOTICE_LIMITS.rules} notification rules already`)
  return service
}

/** Errors: ValidationException for what is no event of the service. */
export function checkEvents(ids: readonly string[], service: string): void {
  if (!ids.length) throw invalid('A notification rule needs an event type at least')
  for (const id of ids)
    if (eventType(id)?.service !== service) throw invalid(`${id} is no event type of ${service}`)
}

interface GivenTarget {
  readonly TargetType?: string
  readonly TargetAddress?: string
}

/** Keeps targets that rules are given, and gives their addresses. Errors: ConfigurationException, LimitExceededException. */
export function takeTargets(
  ctx: Context,
  given: readonly GivenTarget[],
  present: readonly Arn[] = [],
): Arn[] {
  const addresses = given.map((target) => checkTarget(ctx, target))
  const all = [...new Set([...present, ...addresses])]
  if (all.length > NOTICE_LIMITS.targets)
    throw limit(`A notification rule has ${NOTICE_LIMITS.targets} targets at most`)
  const table = ctx.table(targets)
  for (const { TargetType: type = '', TargetAddress: address = '' } of given)
    if (!table.get(address)) table.put(address, { address, type, status: FIRST[type] ?? 'INACTIVE' })
  return all
}

/** AWS: a topic is pending until it was told something. Chats are told nothing here. */
const FIRST: Readonly<Record<string, TargetStatus>> = { SNS: 'PENDING' }

function checkTarget(ctx: Context, { TargetType: type = '', TargetAddress: address = '' }: GivenTarget): Arn {
  const parts = parseArn(address)
  if (type !== 'SNS') {
    if (chatTarget(address) !== type) throw misconfigured(`${address} is no target of the type '${type}'`)
    return address
  }
  if (parts?.service !== 'sns') throw misconfigured(`${address} is no topic`)
  if (parts.account !== ctx.account || parts.region !== ctx.region)
    throw misconfigured(`The topic ${address} is not in the account and region of the rule`)
  return address
}
