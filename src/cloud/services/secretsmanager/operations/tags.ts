/** Tags of secrets. */
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { mustNotBeDeleted } from '../engine/find-secret.ts'
import { secretKind } from '../kinds.ts'

/** AWS: no operation lists the tags alone, DescribeSecret has them. */
export const [TagResource, UntagResource] = tagOperations<{ readonly SecretId: string }>({
  service: 'secretsmanager',
  members: ['Tags', 'TagKeys'],
  form: tagPairs('Key', 'Value'),
  resource: ({ SecretId }) => secretKind.tagged(SecretId, { mayChange: mustNotBeDeleted }),
})
