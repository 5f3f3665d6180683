/** What every new key begins with. */
import { randomBytes } from 'node:crypto'
import { formatArn } from '../../../../model/index.ts'
import type { BoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { KeyRecord } from '../state.ts'

interface NewKey {
  readonly id: string
  readonly policy: BoundPolicy
  readonly manager: KeyRecord['manager']
  readonly description: string
  readonly tags: KeyRecord['tags']
}

/** Gives an enabled key with fresh material; it is not kept yet. */
export function newKey(ctx: Context, key: NewKey): KeyRecord {
  return {
    ...key,
    arn: keyArn(ctx, key.id),
    account: ctx.account,
    region: ctx.region,
    created: ctx.cloud.clock.now(),
    state: 'Enabled',
    material: [newMaterial()],
    grants: [],
    aliases: [],
  }
}

/** Gives the ARN of a key in the call's own account and region. */
export const keyArn = (ctx: Context, id: string) => formatArn('kms', ctx.region, ctx.account, `key/${id}`)

/** Gives 256 random bits in base64. */
export const newMaterial = (): string => randomBytes(32).toString('base64')
