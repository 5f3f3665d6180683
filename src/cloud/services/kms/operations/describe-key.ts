/** kms:DescribeKey and kms:ListKeys. */
import { operation } from '../../../kernel/operation.ts'
import { livingKey } from '../engine/find-key.ts'
import { checkGrantTokens } from '../engine/grant-token.ts'
import { keyMetadata } from '../engine/key-metadata.ts'
import { pageOf } from '../engine/page.ts'
import { keyKind } from '../kinds.ts'
import { keys } from '../state.ts'

/** Errors: NotFoundException. */
export const DescribeKey = operation({
  service: 'kms',
  name: 'DescribeKey',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'DescribeKey', KeyId)],
  run: ({ KeyId, GrantTokens }, ctx) => {
    checkGrantTokens(GrantTokens)
    return { KeyMetadata: keyMetadata(keyKind.find(ctx, KeyId)) }
  },
})

/** Errors: InvalidMarkerException. AWS: 100 keys a page unless asked. */
export const ListKeys = operation({
  service: 'kms',
  name: 'ListKeys',
  access: () => [{ action: 'kms:ListKeys', resource: '*' }],
  run: (input, ctx) => {
    const all = ctx.table(keys).values()
    const living = all.filter((key) => livingKey(ctx, key.id)).sort((a, b) => (a.id < b.id ? -1 : 1))
    const { items, rest } = pageOf({ Limit: 100, ...input }, living)
    return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...rest }
  },
})
