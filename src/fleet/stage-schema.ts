/** Schema of a stage: where it deploys, what comes before and after, or its actions one by one. */
import * as z from 'zod/mini'
import { actionSchema } from './action-schema.ts'
import { testSchema } from './build-schema.ts'
import { conditionsSchema } from './condition-schema.ts'
import { stageDeploysSchema } from './deploy-schema.ts'
import { guardKeys } from './guards-schema.ts'
import { region } from './region-schema.ts'
import { stepsSchema } from './step-schema.ts'
import { valuesOf } from './values.ts'
import { wavesSchema } from './waves-schema.ts'

/** AWS: names of stages and actions. */
const stageName = z.string().check(z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _'))

const conditions = z
  .optional(conditionsSchema)
  .check(z.describe('as AWS declares them → BeforeEntry, OnSuccess, OnFailure of the stage'))

export const stageSchema = z.union([
  z.string().check(z.minLength(1)),
  z.strictObject({
    environment: z
      .union([
        z.string().check(z.minLength(1)),
        z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
      ])
      .check(z.describe('environment that is deployed to, or several side by side')),
    name: z
      .optional(stageName)
      .check(z.describe('that of the environment without it, of several with - between → name of the stage')),
    regions: z
      .optional(z.array(region).check(z.minLength(1)))
      .check(z.describe('some regions of the environment')),
    values: valuesOf('the stage'),
    ...guardKeys,
    conditions,
    waves: z
      .optional(wavesSchema)
      .check(
        z.describe(
          'the accounts and regions one after another instead of side by side → a stage each, with -1, -2 … behind its name',
        ),
      ),
    deploy: z
      .optional(stageDeploysSchema)
      .check(z.describe('instead of the pipeline’s, or some of these by name')),
    test: z
      .optional(z.union([testSchema, z.array(testSchema).check(z.minLength(1))]))
      .check(
        z.describe(
          'runs after the deploys of the stage, of a list one after another → CodeBuild projects and their actions',
        ),
      ),
    steps: z
      .optional(stepsSchema)
      .check(
        z.describe('what the stage does, instead of the usual order, `approve` and `test` → run orders'),
      ),
  }),
  z.strictObject({
    name: stageName.check(z.describe('name of the stage')),
    environment: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('environment whose account the actions work in; the hub without it')),
    values: valuesOf('the stage'),
    conditions,
    actions: z
      .array(actionSchema)
      .check(z.minLength(1), z.describe('the whole of the stage, instead of deploys and tests')),
  }),
])
