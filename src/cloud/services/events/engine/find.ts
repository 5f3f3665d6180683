/** Naming and finding buses and rules, and asking for permission on them. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
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

/** AWS: the name of a custom bus stands in the ARNs of its rules. */
export const ruleArn = ({ name: bus, account, region }: BusRef, name: string): Arn =>
  formatArn('events', region, account, bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`)

export const lookUpRule = (
  ctx: Context,
  { name: bus, account, region }: BusRef,
  name: string,
): Rule | undefined => ctx.table(rules, account, region).get(ruleKey(bus, name))

/** The rules of a bus, by name. */
export function rulesOf(ctx: Context, { name, account, region }: BusRef): Rule[] {
  const own = ctx
    .table(rules, account, region)
    .values()
    .filter((one) => one.bus === name)
  return own.sort((a, b) => (a.name < b.name ? -1 : 1))
}
