/** kms:CreateAlias, UpdateAlias, DeleteAlias and ListAliases. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkAliasName } from '../engine/alias-name.ts'
import { changeKey, livingKey } from '../engine/find-key.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'
import { pageOf } from '../engine/page.ts'
import { aliasKind, keyKind } from '../kinds.ts'
import { type AliasRecord, aliases, type KeyRecord } from '../state.ts'

const aliasArn = (ctx: Context, name: string) => formatArn('kms', ctx.region, ctx.account, name)

/** AWS: an alias points to a customer's key of its own account and region. */
function targetKey(ctx: Context, keyId: string): KeyRecord {
  if (keyId.includes('alias/'))
    throw new AwsError('ValidationException', 'Aliases must refer to keys. Not aliases')
  const key = keyKind.find(ctx, keyId)
  mustNotBePendingDeletion(key)
  return key
}

/**
 * AWS: asked on the alias by identity policies and on the key by its key policy.
 * Errors: AlreadyExistsException, NotFoundException, InvalidAliasNameException, KMSInvalidStateException.
 */
export const CreateAlias = operation({
  service: 'kms',
  name: 'CreateAlias',
  access: ({ AliasName, TargetKeyId }, ctx) => [
    aliasKind.on(ctx, 'CreateAlias', AliasName),
    keyKind.on(ctx, 'CreateAlias', TargetKeyId),
  ],
  run: ({ AliasName, TargetKeyId }, ctx) => {
    checkAliasName(AliasName)
    const arn = aliasArn(ctx, AliasName)
    if (ctx.table(aliases).has(AliasName))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`)
    const key = targetKey(ctx, TargetKeyId)
    const now = ctx.cloud.clock.now()
    ctx.table(aliases).put(AliasName, { name: AliasName, arn, keyId: key.id, created: now, updated: now })
    changeKey(ctx, key, { aliases: [...key.aliases, AliasName] })
    return {}
  },
})

/** AWS: asked on the alias and on both keys. Errors: NotFoundException, KMSInvalidStateException. */
export const UpdateAlias = operation({
  service: 'kms',
  name: 'UpdateAlias',
  access: ({ AliasName, TargetKeyId }, ctx) => [
    aliasKind.on(ctx, 'UpdateAlias', AliasName),
    keyKind.on(ctx, 'UpdateAlias', aliasKind.find(ctx, AliasName).keyId),
    keyKind.on(ctx, 'UpdateAlias', TargetKeyId),
  ],
  run: ({ AliasName, TargetKeyId }, ctx) => {
    checkAliasName(AliasName)
    const alias = aliasKind.find(ctx, AliasName)
    const keyId = targetKey(ctx, TargetKeyId).id
    takeFromKey(ctx, alias)
    aliasKind.change(ctx, AliasName, { keyId, updated: ctx.cloud.clock.now() })
    const key = keyKind.find(ctx, keyId)
    changeKey(ctx, key, { aliases: [...key.aliases, AliasName] })
    return {}
  },
})

/** AWS: asked on the alias and on its key. Errors: NotFoundException. */
export const DeleteAlias = operation({
  service: 'kms',
  name: 'DeleteAlias',
  access: ({ AliasName }, ctx) => [
    aliasKind.on(ctx, 'DeleteAlias', AliasName),
    keyKind.on(ctx, 'DeleteAlias', aliasKind.find(ctx, AliasName).keyId),
  ],
  run: ({ AliasName }, ctx) => {
    checkAliasName(AliasName)
    takeFromKey(ctx, aliasKind.find(ctx, AliasName))
    ctx.table(aliases).delete(AliasName)
    return {}
  },
})

function takeFromKey(ctx: Context, alias: AliasRecord): void {
  const key = livingKey(ctx, alias.keyId)
  if (key) changeKey(ctx, key, { aliases: key.aliases.filter((name) => name !== alias.name) })
}

/** Errors: NotFoundException, InvalidMarkerException. */
export const ListAliases = operation({
  service: 'kms',
  name: 'ListAliases',
  access: () => [{ action: 'kms:ListAliases', resource: '*' }],
  run: (input, ctx) => {
    const wanted = input.KeyId === undefined ? undefined : keyKind.find(ctx, input.KeyId)
    const all = ctx.table(aliases).values()
    const found = all.filter((alias) => (wanted ? alias.keyId === wanted.id : livingKey(ctx, alias.keyId)))
    found.sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, rest } = pageOf(input, found)
    return { Aliases: items.map(output), ...rest }
  },
})

const output = (alias: AliasRecord) => ({
  AliasName: alias.name,
  AliasArn: alias.arn,
  TargetKeyId: alias.keyId,
  CreationDate: new Date(alias.created),
  LastUpdatedDate: new Date(alias.updated),
})
