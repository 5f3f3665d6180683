/** Schema of an approval: whom it asks, who may answer, and what the answer is about. */
import * as z from 'zod/mini'
import { OUTPUT_NAMES, textWith } from './text.ts'

/** AWS: what a topic delivers to and a program can listen at. */
const subscriber = z
  .string()
  .check(
    z.regex(
      /^(https:\/\/\S+|arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+|arn:[^:]+:sqs:[^:]+:\d{12}:[\w.-]+)$/,
      'must be the ARN of a function or a queue, or an https URL',
    ),
  )

const approver = z
  .string()
  .check(z.regex(/^arn:[^:]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role'))

export const approvalSchema = z.union([
  z.boolean(),
  z.strictObject({
    emails: z
      ._default(z.array(z.email('must be an e-mail address')), [])
      .check(z.describe('who is mailed → subscriptions of the topic')),
    subscribers: z
      ._default(z.array(subscriber), [])
      .check(
        z.describe(
          'programs that are told: a function of the hub, a queue, an https URL → subscriptions of the topic',
        ),
      ),
    approvers: z
      ._default(z.array(approver), [])
      .check(
        z.describe(
          'roles of the hub that may answer; whom other policies let answer, may as well → a policy attached to them',
        ),
      ),
    message: z.optional(textWith(OUTPUT_NAMES)).check(z.describe('what the approver reads → CustomData')),
    url: z
      .optional(z.url('must be a URL'))
      .check(z.describe('what the approver looks at → ExternalEntityLink')),
    timeout: z
      .optional(z.int().check(z.gte(5), z.lte(86_400)))
      .check(
        z.describe('minutes until it fails unanswered; AWS waits seven days without it → TimeoutInMinutes'),
      ),
    skipWhenEmpty: z
      ._default(z.boolean(), false)
      .check(
        z.describe(
          'nobody is asked when no change set would change anything → stages of their own for change sets and approval, which a VariableCheck rule skips',
        ),
      ),
  }),
])
export type ApprovalFile = z.output<typeof approvalSchema>
