/** Schema of the conditions of a stage, as AWS declares them. */
import * as z from 'zod/mini'
import { region } from './region-schema.ts'
import { STAGE_NAMES, textWith, valueWith } from './text.ts'

/**
 * AWS: its properties in AWS::CodePipeline::Pipeline, which has no timeout of rules. Which values a rule takes is told by
 * `src/pipeline`, when the whole pipeline is known.
 */
const rule = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _'),
      z.describe('name of the rule'),
    ),
  ruleTypeId: z
    .strictObject({
      category: z._default(z.literal('Rule'), 'Rule').check(z.describe('always Rule')),
      owner: z._default(z.literal('AWS'), 'AWS').check(z.describe('always AWS')),
      provider: z.string().check(z.minLength(1), z.describe('rule provider: what decides, as AWS names it')),
      version: z._default(z.string().check(z.minLength(1)), '1').check(z.describe('its version')),
    })
    .check(z.describe('type of the rule')),
  configuration: z
    ._default(z.record(z.string().check(z.minLength(1), z.maxLength(50)), valueWith(STAGE_NAMES)), {})
    .check(z.describe('keys of the provider, as AWS names them')),
  commands: z
    .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
    .check(z.describe('shell commands, of a rule that runs them')),
  inputArtifacts: z
    .optional(z.array(z.strictObject({ name: z.string().check(z.minLength(1), z.describe('its name')) })))
    .check(z.describe('artifacts that it reads')),
  roleArn: z
    .optional(textWith(STAGE_NAMES))
    .check(z.describe('role that it is looked at with; the pipeline’s without it')),
  region: z.optional(region).check(z.describe('region of the pipeline without it')),
})

const rules = z
  .array(rule)
  .check(
    z.minLength(1),
    z.maxLength(5, 'must be at most five: AWS takes no more'),
    z.describe('all must hold'),
  )

/** AWS: a stage has one condition of each type at most. */
const one = <const Results extends readonly string[]>(results: Results) =>
  z
    .array(
      z.strictObject({
        result: z.enum(results).check(z.describe('what becomes of the stage')),
        rules,
      }),
    )
    .check(z.minLength(1), z.maxLength(1, 'must be one: AWS takes no more'))

export const conditionsSchema = z.strictObject({
  beforeEntry: z
    .optional(z.strictObject({ conditions: one(['FAIL', 'SKIP']).check(z.describe('one condition')) }))
    .check(z.describe('looked at before the stage is entered; FAIL or SKIP where it does not hold')),
  onSuccess: z
    .optional(z.strictObject({ conditions: one(['ROLLBACK', 'FAIL']).check(z.describe('one condition')) }))
    .check(z.describe('looked at when all actions have succeeded; ROLLBACK or FAIL where it does not hold')),
  onFailure: z
    .optional(
      z.strictObject({
        result: z
          .optional(z.enum(['ROLLBACK', 'RETRY']))
          .check(z.describe('what a failed stage does without any condition')),
        retryConfiguration: z
          .optional(
            z.strictObject({
              retryMode: z
                .optional(z.enum(['FAILED_ACTIONS', 'ALL_ACTIONS']))
                .check(z.describe('which actions run again')),
            }),
          )
          .check(z.describe('of the result RETRY')),
        conditions: z.optional(one(['ROLLBACK'])).check(z.describe('one condition')),
      }),
    )
    .check(z.describe('what a failed stage does; with a condition where that holds')),
})
export type ConditionsFile = z.output<typeof conditionsSchema>
