/** Schema of what every role has that Crossdock makes: where it stands, what bounds it, what it is tagged with. */
import { z } from 'zod'
import { textWith } from './text.ts'

export const iamSchema = z.strictObject({
  /** AWS: begins and ends with a slash, at most 512 characters. */
  path: z
    .string()
    .regex(/^\/([\x21-\x2e\x30-\x7e]+\/)*$/, 'must begin and end with a slash')
    .max(512)
    .default('/crossdock/')
    .describe('where the roles stand → Path'),
  boundary: textWith(['account'])
    .regex(/^arn:[^:]+:iam::(\d{12}|aws|\$\{account\}):policy\/.+/, 'must be the ARN of a managed policy')
    .optional()
    .describe('policy that bounds the roles, in each account → PermissionsBoundary'),
  /** AWS: at most 50 tags; CloudFormation puts those of the stack beside them. */
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .default({})
    .describe('tags by name → Tags of the roles'),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, and start with a letter')
    .max(16, 'must not be longer than 16 characters')
    .default('crossdock')
    .describe('what names begin with → of roles, buckets, projects, topics, rules, aliases and stacks'),
})

export type FleetIam = z.output<typeof iamSchema>

/** What roles have where the file says nothing. */
export const IAM_DEFAULTS: FleetIam = iamSchema.parse({})
