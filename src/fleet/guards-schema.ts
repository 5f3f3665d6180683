/** What guards a stage, said by the stage or by the environment that it goes into: every such stage inherits it. */
import * as z from 'zod/mini'
import { STAGE_NAMES, textWith } from './text.ts'

const approval = z.union([
  z.boolean(),
  z.strictObject({
    emails: z
      ._default(z.array(z.email('must be an e-mail address')), [])
      .check(z.describe('who is mailed → subscriptions of the topic')),
    message: z.optional(textWith(STAGE_NAMES)).check(z.describe('what the approver reads → CustomData')),
    url: z
      .optional(z.url('must be a URL'))
      .check(z.describe('what the approver looks at → ExternalEntityLink')),
    timeout: z
      .optional(z.int().check(z.gte(5), z.lte(86_400)))
      .check(
        z.describe('minutes until it fails unanswered; AWS waits seven days without it → TimeoutInMinutes'),
      ),
  }),
])
export type ApprovalFile = z.output<typeof approval>

/** Keys of an environment and of a stage. None has a default: what the stage does not say, the environment does. */
export const guardKeys = {
  approve: z
    .optional(approval)
    .check(
      z.describe(
        'a person approves before anything changes, once for all accounts and regions → a Manual approval and a topic',
      ),
    ),
  changeSets: z
    .optional(z.boolean())
    .check(
      z.describe(
        'make every change set first; true with an approval → CHANGE_SET_REPLACE, then CHANGE_SET_EXECUTE',
      ),
    ),
}
