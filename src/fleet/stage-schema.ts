/** Schema of a stage: where it deploys, what comes before and after, or its actions one by one. */
import * as z from 'zod/mini'
import { actionSchema } from './action-schema.ts'
import { buildSchema } from './build-schema.ts'
import { deploysSchema } from './deploy-schema.ts'
import { region } from './region-schema.ts'
import { STAGE_NAMES, textWith } from './text.ts'
import { valuesOf } from './values.ts'

/** AWS: names of stages and actions. */
const stageName = z.string().check(z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _'))

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

export const stageSchema = z.union([
  z.string().check(z.minLength(1)),
  z.strictObject({
    environment: z.string().check(z.minLength(1), z.describe('environment that is deployed to')),
    name: z.optional(stageName).check(z.describe('that of the environment without it → name of the stage')),
    regions: z
      .optional(z.array(region).check(z.minLength(1)))
      .check(z.describe('some regions of the environment')),
    values: valuesOf('the stage'),
    approve: z
      ._default(approval, false)
      .check(
        z.describe(
          'a person approves before anything changes, once for all regions → a Manual approval and a topic',
        ),
      ),
    changeSets: z
      .optional(z.boolean())
      .check(
        z.describe(
          'make every change set first; true with an approval → CHANGE_SET_REPLACE, then CHANGE_SET_EXECUTE',
        ),
      ),
    deploy: z.optional(deploysSchema).check(z.describe('instead of the pipeline’s')),
    test: z
      .optional(buildSchema([...STAGE_NAMES]))
      .check(z.describe('runs after the deploys of the stage → a CodeBuild project and its action')),
  }),
  z.strictObject({
    name: stageName.check(z.describe('name of the stage')),
    environment: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('environment whose account the actions work in; the hub without it')),
    values: valuesOf('the stage'),
    actions: z
      .array(actionSchema)
      .check(z.minLength(1), z.describe('the whole of the stage, instead of deploys and tests')),
  }),
])
