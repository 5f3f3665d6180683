/** What guards a stage, said by the stage or by the environment that it goes into: every such stage inherits it. */
import * as z from 'zod/mini'
import { approvalSchema } from './approval-schema.ts'

/** Keys of an environment and of a stage. None has a default: what the stage does not say, the environment does. */
export const guardKeys = {
  approve: z
    .optional(approvalSchema)
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
