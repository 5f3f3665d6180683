/** Finds the key that a request means: by id, key ARN, alias name or alias ARN. */
import { AwsError, formatArn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Found } from '../../../kernel/resource-kind.ts'
import { type AliasRecord, aliases, type KeyRecord, keys } from '../state.ts'
import { awsManagedAlias } from './aws-managed-key.ts'

/** A key as a request names it; none where another account is asked for one it does not have: AWS tells only a denial. */
export interface FoundKey extends Found<KeyRecord> {
  /** The alias by which it was named: the value of kms:RequestAlias. */
  readonly alias?: string
}

const notFound = (message: string) => new AwsError('NotFoundException', message)

/**
 * Gives the key behind a KeyId.
 * AWS: names without an ARN are looked up in the caller's account and region; ARNs of other regions are not found.
 * Errors: NotFoundException.
 */
export function findKey(ctx: Context, keyId: string): FoundKey {
  const arn = parseArn(keyId)
  if (arn && arn.region !== ctx.region) throw notFound(`Invalid arn ${arn.region}`)
  const account = arn?.account ?? ctx.account
  const name = arn?.resource ?? keyId
  if (name.startsWith('alias/')) return byAlias(ctx, name, account)
  const id = arn ? name.slice('key/'.length) : name
  if (arn ? !name.startsWith('key/') : !/^[\w-]+$/.test(id)) throw notFound(`Invalid keyId '${keyId}'`)
  return byId(ctx, id, account)
}

function byId(ctx: Context, id: string, account: string): FoundKey {
  const key = livingKey(ctx, id, account)
  const arn = key?.arn ?? formatArn('kms', ctx.region, account, `key/${id}`)
  if (!key && account === ctx.account) throw notFound(`Key '${arn}' does not exist`)
  return { record: key, arn, account, region: ctx.region }
}

function byAlias(ctx: Context, name: string, account: string): FoundKey {
  const alias = findAlias(ctx, name, account)
  const arn = formatArn('kms', ctx.region, account, name)
  if (!alias && account === ctx.account) throw notFound(`Alias ${arn} is not found.`)
  const key = alias && livingKey(ctx, alias.keyId, account)
  return { record: key, arn: key?.arn ?? arn, account, region: ctx.region, alias: name }
}

/** Gives an alias by its name; the ones of AWS managed keys are made when the account itself asks for them. */
export function findAlias(ctx: Context, name: string, account = ctx.account): AliasRecord | undefined {
  const alias = ctx.table(aliases, account).get(name)
  if (alias || account !== ctx.account) return alias
  return name.startsWith('alias/aws/') ? awsManagedAlias(ctx, name) : undefined
}

/** Gives a key that is not deleted; one whose waiting period is over goes now, with its aliases. */
export function livingKey(
  ctx: Context,
  id: string,
  account = ctx.account,
  region = ctx.region,
): KeyRecord | undefined {
  const table = ctx.table(keys, account, region)
  const key = table.get(id)
  if (key?.deletionDate === undefined || key.deletionDate > ctx.cloud.clock.now()) return key
  table.delete(id)
  for (const name of key.aliases) ctx.table(aliases, account, region).delete(name)
  return undefined
}

/** Puts a changed copy of a key and gives it. */
export function changeKey(ctx: Context, key: KeyRecord, changes: Partial<KeyRecord>): KeyRecord {
  const changed = { ...key, ...changes }
  ctx.table(keys, key.account, key.region).put(key.id, changed)
  return changed
}
