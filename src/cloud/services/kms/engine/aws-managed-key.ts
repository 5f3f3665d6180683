/** AWS managed keys: one for each service that encrypts by itself, made when it is first asked for. */
import { entryOf, formatArn } from '../../../../model/index.ts'
import type { ServiceId } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { type AliasRecord, aliases, keys } from '../state.ts'
import { awsManagedKeyPolicy } from './key-policy.ts'
import { newKey } from './new-key.ts'

/** Services that the cloud does not have, by the name in their key's alias, with what the key is described as. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  acm: 'Default key that protects my ACM private keys when no other key is defined',
  dynamodb: 'Default key that protects my DynamoDB data when no other key is defined',
  ebs: 'Default key that protects my EBS volumes when no other key is defined',
  kinesis: 'Default key that protects my Kinesis data when no other key is defined',
  rds: 'Default key that protects my RDS database volumes when no other key is defined',
  sqs: 'Default key that protects my SQS messages when no other key is defined',
}

/** Gives the alias of an AWS managed key of the caller's account, with its key made where it is new. */
export function awsManagedAlias(ctx: Context, name: string): AliasRecord | undefined {
  const service = /^alias\/aws\/([a-z0-9]+)$/.exec(name)?.[1] ?? ''
  const description = ctx.cloud.services.get(service as ServiceId)?.managedKey ?? entryOf(ELSEWHERE, service)
  if (description === undefined) return undefined
  const key = newKey(ctx, {
    id: ctx.cloud.ids.uuid(),
    policy: { text: awsManagedKeyPolicy(service, ctx.account, ctx.region), principals: {} },
    manager: 'AWS',
    description,
    tags: {},
  })
  const alias: AliasRecord = {
    name,
    arn: formatArn('kms', ctx.region, ctx.account, name),
    keyId: key.id,
    created: key.created,
    updated: key.created,
  }
  ctx.table(keys).put(key.id, { ...key, aliases: [name] })
  ctx.table(aliases).put(name, alias)
  return alias
}
