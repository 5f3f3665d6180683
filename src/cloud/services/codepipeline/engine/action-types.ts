/** The action types that are registered beside AWS's own: custom ones of an account, and those of partners. */
import { type ActionTypeId, entryOf } from '../../../../model/index.ts'
import { type ActionProvider, findProvider, registeredProvider } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { actionTypes, type StoredActionType } from '../state.ts'
import { typeKey } from './type-key.ts'

/** Gives a type that pipelines of the context's account and region may use. */
export function registeredType(ctx: Context, type: ActionTypeId): StoredActionType | undefined {
  if (type.owner !== 'ThirdParty') return standing(ctx.table(actionTypes).get(typeKey(type)))
  return partnerTypes(ctx).find((one) => typeKey(one.type) === typeKey(type) && isFor(one, ctx.account))
}

const standing = (type: StoredActionType | undefined) => (type?.deleted ? undefined : type)

/** AWS: a partner says which accounts may use its type; `*` are all. */
const isFor = ({ partner }: StoredActionType, account: string): boolean =>
  partner?.allowedAccounts.some((one) => one === '*' || one === account) ?? false

/** Gives the types that partners, whose accounts are their own, have in the context's region. */
export const partnerTypes = (ctx: Context): StoredActionType[] =>
  ctx.cloud.store
    .everywhere(actionTypes)
    .filter(({ region }) => region === ctx.region)
    .flatMap(({ table }) => table.values().filter(({ partner }) => partner))

/** Gives every type beside AWS's own that the context's account may use in a region. */
export const registeredTypes = (ctx: Context, region = ctx.region): StoredActionType[] => [
  ...ctx
    .table(actionTypes, ctx.account, region)
    .values()
    .filter(({ deleted, partner }) => !deleted && !partner),
  ...partnerTypes(ctx.as(ctx.identity, { region })).filter((one) => isFor(one, ctx.account)),
]

/** Gives what a type is for whoever checks an action of it. */
export function providerOf(ctx: Context, type: ActionTypeId): ActionProvider | undefined {
  const found = findProvider(type)
  if (found) return found
  const own = registeredType(ctx, type)
  return own && registeredProvider(own)
}

/**
 * Fills in the address that a type tells of its actions. AWS: `{Config:name}` is a property that is required and not
 * secret; the rest is told with a job's result.
 */
export function addressOf(
  template: string | undefined,
  { properties }: StoredActionType,
  configuration: Readonly<Record<string, string>>,
  told: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  let whole = template !== undefined
  const filled = template?.replace(/\{(?:Config:)?([\w-]+)\}/g, (text, name: string) => {
    const isShown = properties.some((one) => one.name === name && one.required && !one.secret)
    const value = text.startsWith('{Config:') ? isShown && entryOf(configuration, name) : entryOf(told, name)
    whole &&= Boolean(value)
    return value || ''
  })
  return whole ? filled : undefined
}
