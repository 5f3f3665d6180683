/** Schema of the steps of a stage: what it does one after another, instead of the usual order. */
import * as z from 'zod/mini'
import { stepActionSchema } from './action-schema.ts'
import { approvalSchema } from './approval-schema.ts'
import { partName, testSchema } from './build-schema.ts'
import { OUTPUT_NAMES, STAGE_NAMES, textWith, valueWith } from './text.ts'

const someDeploys = z.union([partName, z.array(partName).check(z.minLength(1))])

/** AWS: names of actions. */
const actionName = z
  .optional(z.string().check(z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _')))
  .check(z.describe('name of the action; that of what is invoked without it'))

/** AWS: UserParameters and Input, of at most 1000 characters. */
const input = z.optional(valueWith(OUTPUT_NAMES))

export const invokeSchema = z.union([
  z.strictObject({
    function: textWith(STAGE_NAMES).check(
      z.describe(
        'function of each account and region; it reports the outcome itself → a Lambda invoke action',
      ),
    ),
    input: input.check(z.describe('what it is given → UserParameters')),
    name: actionName,
  }),
  z.strictObject({
    stateMachine: textWith(STAGE_NAMES).check(
      z.describe('state machine of each account and region, waited for → a Step Functions action'),
    ),
    input: input.check(z.describe('what it is given, JSON → Input')),
    name: actionName,
  }),
  z.strictObject({
    pipeline: textWith(STAGE_NAMES).check(
      z.describe('pipeline of each account and region, started and not waited for → a CodePipeline action'),
    ),
    variables: z
      ._default(z.record(z.string().check(z.regex(/^[A-Za-z0-9@\-_]{1,128}$/)), valueWith(OUTPUT_NAMES)), {})
      .check(z.describe('values of its variables → Variables')),
    name: actionName,
  }),
])
export type InvokeFile = z.output<typeof invokeSchema>

const single = [
  z.strictObject({
    approve: approvalSchema.check(z.describe('waits for an approval, as in a stage')),
  }),
  z.strictObject({
    changeSets: z
      .union([z.literal('all'), ...someDeploys.def.options])
      .check(z.describe('makes the change sets of these deploys, or of all → CHANGE_SET_REPLACE')),
  }),
  z.strictObject({
    deploy: someDeploys.check(
      z.describe('these deploys side by side; with change sets made before it executes them'),
    ),
  }),
  z.strictObject({
    test: testSchema.check(z.describe('runs a test, as in a stage')),
  }),
  z.strictObject({
    invoke: invokeSchema.check(z.describe('has something done in each account and region of the stage')),
  }),
  z.strictObject({
    action: stepActionSchema.check(z.describe('one action as AWS has it, in the first of its accounts')),
  }),
] as const

export const stepsSchema = z
  .array(
    z.union([
      ...single,
      z.strictObject({
        together: z
          .array(z.union(single))
          .check(z.minLength(2), z.describe('steps that run side by side → one run order')),
      }),
    ]),
  )
  .check(z.minLength(1))
export type StepFile = z.output<typeof stepsSchema>[number]
export type SingleStepFile = Exclude<StepFile, { together: unknown }>
