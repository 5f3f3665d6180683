/** Tags of secrets. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { tagMap, tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { findSecret, onSecret, save } from '../engine/find.ts'

export const TagResource = operation({
  service: 'secretsmanager',
  name: 'TagResource',
  access: ({ SecretId }, ctx) => [onSecret(ctx, 'TagResource', SecretId)],
  run: ({ SecretId, Tags }, ctx) => {
    const secret = findSecret(ctx, SecretId)
    const problem = tagsProblem(secret.tags, tagMap(Tags))
    if (problem) throw new AwsError('InvalidParameterException', problem)
    save(ctx, { ...secret, tags: { ...secret.tags, ...tagMap(Tags) } })
    return {}
  },
})

export const UntagResource = operation({
  service: 'secretsmanager',
  name: 'UntagResource',
  access: ({ SecretId }, ctx) => [onSecret(ctx, 'UntagResource', SecretId)],
  run: ({ SecretId, TagKeys }, ctx) => {
    const secret = findSecret(ctx, SecretId)
    save(ctx, { ...secret, tags: withoutTags(secret.tags, TagKeys) })
    return {}
  },
})
