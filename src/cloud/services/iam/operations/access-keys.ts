/** iam:CreateAccessKey, ListAccessKeys, UpdateAccessKey and DeleteAccessKey. */
import { AwsError } from '../../../../model/index.ts'
import { newAccessKeyId } from '../../../kernel/access-key-id.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { page } from '../engine/page.ts'
import { find, onPrincipal, USER } from '../engine/principals.ts'
import { type AccessKeyRecord, accessKeys } from '../state.ts'
import { userName } from './users.ts'

const KEYS_PER_USER = 2

const keysOf = (ctx: Context, user: string): AccessKeyRecord[] =>
  ctx
    .table(accessKeys, '', '')
    .values()
    .filter((key) => key.account === ctx.account && key.user === user)

function findKey(ctx: Context, user: string, id: string): AccessKeyRecord {
  const key = ctx.table(accessKeys, '', '').get(id)
  if (key && key.account === ctx.account && key.user === user) return key
  throw new AwsError('NoSuchEntity', `The Access Key with id ${id} cannot be found.`, { status: 404 })
}

const output = (key: AccessKeyRecord) => ({
  UserName: key.user!,
  AccessKeyId: key.id,
  Status: key.active ? ('Active' as const) : ('Inactive' as const),
  CreateDate: new Date(key.created),
})

/** AWS: two keys a user; the secret is told this once. Errors: NoSuchEntity, LimitExceeded. */
export const CreateAccessKey = operation({
  service: 'iam',
  name: 'CreateAccessKey',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, userName(UserName, ctx), 'CreateAccessKey')],
  run: ({ UserName }, ctx) => {
    const user = find(ctx, USER, userName(UserName, ctx))
    if (keysOf(ctx, user.name).length >= KEYS_PER_USER)
      throw new AwsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`, {
        status: 409,
      })
    const { ids, clock } = ctx.cloud
    const key: AccessKeyRecord = {
      id: newAccessKeyId('AKIA', ctx.account, ids),
      secret: ids.mixed(40),
      account: ctx.account,
      user: user.name,
      active: true,
      created: clock.now(),
    }
    ctx.table(accessKeys, '', '').put(key.id, key)
    return { AccessKey: { ...output(key), SecretAccessKey: key.secret } }
  },
})

/** Errors: NoSuchEntity. */
export const ListAccessKeys = operation({
  service: 'iam',
  name: 'ListAccessKeys',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, userName(UserName, ctx), 'ListAccessKeys')],
  run: (input, ctx) => {
    const user = find(ctx, USER, userName(input.UserName, ctx))
    const { items, rest } = page(input, keysOf(ctx, user.name))
    return { AccessKeyMetadata: items.map(output), ...rest }
  },
})

/** Errors: NoSuchEntity. */
export const UpdateAccessKey = operation({
  service: 'iam',
  name: 'UpdateAccessKey',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, userName(UserName, ctx), 'UpdateAccessKey')],
  run: ({ UserName, AccessKeyId, Status }, ctx) => {
    const key = findKey(ctx, userName(UserName, ctx), AccessKeyId)
    ctx.table(accessKeys, '', '').put(key.id, { ...key, active: Status === 'Active' })
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DeleteAccessKey = operation({
  service: 'iam',
  name: 'DeleteAccessKey',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, userName(UserName, ctx), 'DeleteAccessKey')],
  run: ({ UserName, AccessKeyId }, ctx) => {
    ctx.table(accessKeys, '', '').delete(findKey(ctx, userName(UserName, ctx), AccessKeyId).id)
    return {}
  },
})

/** Every operation of this file. */
export const accessKeyOperations = [CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey]
