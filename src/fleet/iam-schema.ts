/** Schema of what every role has that Crossdock makes: where it stands, what bounds it, what it is tagged with. */
import * as z from 'zod/mini'
import { tagsSchema } from './tag-schema.ts'
import { textWith } from './text.ts'

export const iamSchema = z.strictObject({
  /** AWS: begins and ends with a slash, at most 512 characters. */
  path: z
    ._default(
      z
        .string()
        .check(
          z.regex(/^\/([\x21-\x2e\x30-\x7e]+\/)*$/, 'must begin and end with a slash'),
          z.maxLength(512),
        ),
      '/crossdock/',
    )
    .check(z.describe('where the roles stand → Path')),
  boundary: z
    .optional(
      textWith(['account']).check(
        z.regex(
          /^arn:[^:]+:iam::(\d{12}|aws|\$\{account\}):policy\/.+/,
          'must be the ARN of a managed policy',
        ),
      ),
    )
    .check(z.describe('policy that bounds the roles, in each account → PermissionsBoundary')),
  /** AWS: at most 50 tags; CloudFormation puts those of the stack beside them. */
  tags: tagsSchema.check(z.describe('tags by name → Tags of the roles')),
  prefix: z
    ._default(
      z
        .string()
        .check(
          z.regex(
            /^[a-z][a-z0-9-]*$/,
            'must be lower-case letters, digits and hyphens, and start with a letter',
          ),
          z.maxLength(16, 'must not be longer than 16 characters'),
        ),
      'crossdock',
    )
    .check(
      z.describe('what names begin with → of roles, buckets, projects, topics, rules, aliases and stacks'),
    ),
})

export type FleetIam = z.output<typeof iamSchema>

/** What roles have where the file says nothing. */
export const IAM_DEFAULTS: FleetIam = { path: '/crossdock/', tags: {}, prefix: 'crossdock' }
