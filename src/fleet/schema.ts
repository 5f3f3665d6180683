/** Schema of a fleet file. */
import * as z from 'zod/mini'
import { actionSchema } from './action-schema.ts'
import { buildSchema } from './build-schema.ts'
import { deployKinds } from './deploys/index.ts'
import { organizationSchema } from './organization.ts'
import { region } from './region-schema.ts'
import { sourceKinds } from './sources/index.ts'
import { PIPELINE_NAMES, STAGE_NAMES, textWith } from './text.ts'

const account = z
  .string()
  .check(z.regex(/^\d{12}$/, 'an account id is twelve digits'), z.describe('twelve digits'))
const credentials = {
  profile: z
    .optional(z.string().check(z.minLength(1)))
    .check(z.describe('profile of the AWS configuration with its credentials')),
  role: z
    .optional(z.string().check(z.regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, 'must be the ARN of a role')))
    .check(z.describe('role to assume from the credentials of the hub')),
}

/** Names become part of role, bucket and stack names, so they keep to what all of those take. */
const nameUpTo = (length: number) =>
  z
    .string()
    .check(
      z.regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, and start with a letter'),
      z.maxLength(length, `must not be longer than ${length} characters`),
    )

/** AWS: names of stages and actions. */
const stageName = z.string().check(z.regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'must be letters, digits and . @ - _'))

const approval = z.union([
  z.boolean(),
  z.strictObject({
    emails: z._default(z.array(z.email('must be an e-mail address')), []).check(z.describe('who is mailed')),
    message: z.optional(textWith(STAGE_NAMES)).check(z.describe('what the approver reads')),
    url: z.optional(z.url('must be a URL')).check(z.describe('what the approver looks at')),
  }),
])

const stage = z.union([
  z.string().check(z.minLength(1)),
  z.strictObject({
    environment: z.string().check(z.minLength(1), z.describe('environment that is deployed to')),
    name: z.optional(stageName).check(z.describe('name of the stage; that of the environment without it')),
    regions: z
      .optional(z.array(region).check(z.minLength(1)))
      .check(z.describe('some regions of the environment')),
    approve: z._default(approval, false).check(z.describe('a person approves before anything changes')),
    changeSets: z
      .optional(z.boolean())
      .check(z.describe('make every change set first; true with an approval')),
    deploy: z
      .optional(z.array(z.union(schemas(deployKinds))).check(z.minLength(1)))
      .check(z.describe('instead of the pipeline’s')),
    test: z.optional(buildSchema([...STAGE_NAMES])).check(z.describe('runs after the deploys of the stage')),
  }),
  z.strictObject({
    name: stageName.check(z.describe('name of the stage')),
    environment: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('environment whose account the actions work in; the hub without it')),
    actions: z
      .array(actionSchema)
      .check(z.minLength(1), z.describe('the whole of the stage, instead of deploys and tests')),
  }),
])

const pipeline = z.strictObject({
  source: z.union(schemas(sourceKinds)),
  build: z.optional(buildSchema([...PIPELINE_NAMES])),
  deploy: z
    .array(z.union(schemas(deployKinds)))
    .check(z.minLength(1), z.describe('what every stage deploys, in this order')),
  stages: z.array(stage).check(z.minLength(1)),
  executionMode: z._default(z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']), 'SUPERSEDED'),
})

export const fleetSchema = z.strictObject({
  fleet: nameUpTo(20).check(z.describe('name of the fleet; part of every name that Crossdock makes')),
  hub: z
    .strictObject({ account, region, ...credentials })
    .check(z.describe('account and region of the pipelines')),
  environments: z
    .record(
      nameUpTo(32),
      z.strictObject({ account, regions: z.array(region).check(z.minLength(1)), ...credentials }),
    )
    .check(z.describe('accounts that are deployed to')),
  organization: z
    .optional(organizationSchema(account, credentials))
    .check(z.describe('the AWS organization of the accounts, for the proof')),
  pipelines: z.record(nameUpTo(60), pipeline),
  tags: z
    ._default(
      z.record(z.string().check(z.minLength(1), z.maxLength(128)), z.string().check(z.maxLength(256))),
      {},
    )
    .check(z.describe('put on every stack')),
})

/** What a fleet file says, before defaults: the type of `defineFleet`'s argument. */
export type FleetFile = z.input<typeof fleetSchema>
export type FleetFileOutput = z.output<typeof fleetSchema>

/** Gives the JSON Schema of a fleet file, for editors. */
export const fleetJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(fleetSchema, { io: 'input' }),
  title: 'Crossdock fleet',
})

/** Gives the schemas of kinds with their types kept one by one, which map alone would lose. */
function schemas<const Kinds extends readonly { schema: z.ZodMiniObject }[]>(kinds: Kinds) {
  return kinds.map((kind) => kind.schema) as unknown as {
    readonly [Index in keyof Kinds]: Kinds[Index]['schema']
  }
}
