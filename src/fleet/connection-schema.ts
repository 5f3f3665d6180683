/** Schema of connections that exist already. */
import * as z from 'zod/mini'

export const connectionArn = z
  .string()
  .check(
    z.regex(
      /^arn:[^:]+:(codestar-connections|codeconnections):[^:]+:\d{12}:connection\/.+/,
      'must be the ARN of a connection',
    ),
  )

/** Of the hub, by the key of the sources that use them. */
export const connectionsSchema = z.strictObject({
  github: z.optional(connectionArn).check(z.describe('to GitHub, or to an Enterprise Server')),
  gitlab: z.optional(connectionArn).check(z.describe('to GitLab, or to one that is self-managed')),
  bitbucket: z.optional(connectionArn).check(z.describe('to Bitbucket')),
})
