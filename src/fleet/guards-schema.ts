/** What guards a stage, said by the stage or by the environment that it goes into: every such stage inherits it. */
import * as z from 'zod/mini'
import { parseWindow } from '../pipeline/index.ts'
import { approvalSchema } from './approval-schema.ts'
import { STAGE_NAMES, textWith } from './text.ts'

/** AWS: a window is a cron expression on the clock of a time zone. */
const window = z
  .strictObject({
    cron: z
      .string()
      .check(
        z.minLength(1),
        z.describe('seconds, minutes, hours, day of the month, month, day of the week, year → Cron'),
      ),
    timezone: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Europe/Oslo, UTC+01:00 or an abbreviation; UTC without it → TimeZone')),
  })
  .check(
    z.superRefine(({ cron, timezone }, context) => {
      const read = parseWindow(cron, timezone)
      if (!('problem' in read)) return
      context.addIssue({
        code: 'custom',
        message: read.problem,
        path: [read.problem.startsWith('TimeZone') ? 'timezone' : 'cron'],
        params: { fix: 'write { cron: "* * 8-15 ? * MON-FRI *", timezone: Europe/Oslo }, for example' },
      })
    }),
  )

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
  window: z
    .optional(window)
    .check(z.describe('the stage waits for it → beforeEntry, a rule of the provider DeploymentWindow')),
  alarms: z
    .optional(z.array(textWith(STAGE_NAMES)))
    .check(
      z.describe(
        'alarms in each account and region; one that goes off fails the stage → onSuccess, CloudWatchAlarm rules; beyond five a function',
      ),
    ),
  bake: z
    .optional(z.int().check(z.gte(1), z.lte(86_340)))
    .check(
      z.describe('minutes that the alarms are watched, or without alarms waited → WaitTime of the rules'),
    ),
  onFailure: z
    .optional(z.enum(['stop', 'retry', 'rollback']))
    .check(
      z.describe(
        'what a failed stage does; stops without it, with alarms it rolls back → onFailure, and the result of the alarms',
      ),
    ),
}
