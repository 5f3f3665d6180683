/** Schema of a fleet file. */
import * as z from 'zod/mini'
import { buildSchema, builtSchema, partName } from './build-schema.ts'
import { connectionsSchema } from './connection-schema.ts'
import { deploysSchema } from './deploy-schema.ts'
import { developerSchema } from './developers.ts'
import { ACCOUNT_ID, account, credentials, environmentSchema } from './environment-schema.ts'
import { existingInHub } from './existing-schema.ts'
import { iamSchema } from './iam-schema.ts'
import { imagesSchema } from './image-schema.ts'
import { schemas } from './kind-schemas.ts'
import { notifySchema } from './notify-schema.ts'
import { organizationSchema } from './organization.ts'
import { parametersSchema } from './parameter-schema.ts'
import { pullRequestSchema } from './pull-request-schema.ts'
import { region } from './region-schema.ts'
import { repositoriesSchema } from './repository-schema.ts'
import { rolesSchema } from './roles-schema.ts'
import { selfUpdateSchema } from './self-update-schema.ts'
import { sourceKinds } from './sources/index.ts'
import { stageSchema } from './stage-schema.ts'
import { startSchema } from './start-schema.ts'
import { tagsSchema } from './tag-schema.ts'
import { PIPELINE_NAMES, textWith, valueWith } from './text.ts'
import { valuesOf } from './values.ts'

const hub = z.strictObject({
  account,
  region: region.check(z.describe('region of the pipelines')),
  ...credentials,
  connections: z
    .optional(connectionsSchema)
    .check(z.describe('connections that exist; Crossdock makes those that sources need and nobody names')),
  keepArtifacts: z
    .optional(z.int().check(z.gte(1), z.lte(36500)))
    .check(
      z.describe('days; artifacts are kept for ever without it → a lifecycle rule of the artifact buckets'),
    ),
  ...existingInHub,
})

/** Names become part of role, bucket and stack names, so they keep to what all of those take. */
const nameUpTo = (length: number) =>
  z
    .string()
    .check(
      z.regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, and start with a letter'),
      z.maxLength(length, `must not be longer than ${length} characters`),
    )

/** AWS: text of 1 to 1000 characters. */
const variableDefault = z.pipe(valueWith([]), z.string().check(z.minLength(1), z.maxLength(1000)))
const variable = z.union([
  variableDefault,
  z.strictObject({
    default: variableDefault.check(z.describe('where a start gives none')),
    description: z
      .optional(z.string().check(z.minLength(1), z.maxLength(200)))
      .check(z.describe('what it is for')),
  }),
])

const source = z.union(schemas(sourceKinds))

const pipelineKeys = {
  name: z
    .optional(textWith(PIPELINE_NAMES))
    .check(z.describe('${fleet}-${pipeline} without it → name of the pipeline')),
  source: z
    .optional(source)
    .check(z.describe('what starts the pipeline and is shipped → the stage Source, artifact SourceOutput')),
  sources: z
    .optional(
      z
        .record(partName, source)
        .check(z.refine((sources) => Object.keys(sources).length > 0, 'must name a source')),
    )
    .check(
      z.describe('instead of `source`, by name → an action each, an artifact of its name, #{Source-NAME.…}'),
    ),
  build: z
    .optional(buildSchema)
    .check(
      z.describe(
        'without it the source is deployed as it is → a CodeBuild project and the stage Build, artifact BuildOutput',
      ),
    ),
  builds: z
    .optional(z.record(partName, builtSchema))
    .check(
      z.describe(
        'instead of `build`, by name, side by side unless one comes after another → a project each, an artifact of its name, #{Build-NAME.…}',
      ),
    ),
  pullRequests: z
    .optional(pullRequestSchema)
    .check(
      z.describe(
        'builds pull requests and says at each how that went; starts nothing and keeps nothing → a CodeBuild project with a webhook and a role of its own',
      ),
    ),
  deploy: deploysSchema.check(
    z.describe('what every stage deploys, in this order → actions, in all regions of a stage side by side'),
  ),
  stages: z
    .array(stageSchema)
    .check(z.minLength(1), z.describe('where it is deployed, in this order → stages of the pipeline')),
  executionMode: z
    ._default(z.enum(['SUPERSEDED', 'QUEUED', 'PARALLEL']), 'SUPERSEDED')
    .check(z.describe('what a new execution does to those before it → ExecutionMode')),
  values: valuesOf('the pipeline'),
  start: z
    .optional(startSchema)
    .check(
      z.describe(
        'what starts it: a source or a list of them, the only one without it; [] for by hand only → DetectChanges, triggers and rules',
      ),
    ),
  variables: z
    ._default(
      z.record(
        z.string().check(z.regex(/^[A-Za-z0-9@\-_]{1,128}$/, 'must be letters, digits and @ - _')),
        variable,
      ),
      {},
    )
    .check(z.describe('asked for at a start, for #{variables.NAME} in actions → pipeline variables')),
  notify: z
    ._default(notifySchema, [])
    .check(
      z.describe(
        'who is told when the pipeline fails or waits for an approval → notification rules of CodeStar Notifications, a topic for mails',
      ),
    ),
  roles: z
    .optional(rolesSchema)
    .check(
      z.describe(
        'existing roles instead of the pipeline’s own; never changed; what they must allow `check` prints, and `deploy` proves',
      ),
    ),
  selfUpdate: selfUpdateSchema.check(
    z.describe(
      'true, or the source whose repository has the fleet file: first of all the pipeline deploys itself from there → the stage Update, a CodeBuild project, and in each account a role that may deploy this pipeline',
    ),
  ),
}

type Inheriting<Keys> = {
  [Key in keyof Keys]: Keys[Key] extends z.core.$ZodType
    ? z.ZodMiniOptional<z.ZodMiniUnion<[Keys[Key], z.ZodMiniNull]>>
    : never
}

/** A pipeline as it is written: what `defaults` says may be left out, and null takes away what it says. */
const inheriting = z.strictObject(
  Object.fromEntries(
    Object.entries(pipelineKeys).map(([key, schema]) => [key, z.optional(z.union([schema, z.null()]))]),
  ) as unknown as Inheriting<typeof pipelineKeys>,
)

/** A branch's name, or a glob of names. */
const branch = z.string().check(z.minLength(1), z.maxLength(255))
const branches = z
  .optional(z.union([z.array(branch).check(z.minLength(1)), z.record(branch, z.nullable(inheriting))]))
  .check(
    z.describe(
      'names of branches or globs, or with keys of the pipeline that are put over the others; the first that a branch matches counts, `crossdock sync` looks globs up → a pipeline for each',
    ),
  )
const pipeline = z.strictObject({ ...pipelineKeys, branches })
const inheritingAll = z.strictObject({ ...inheriting.shape, branches })

/** Keys that are the same before and after `defaults` are merged into the pipelines. */
const fleetKeys = {
  fleet: nameUpTo(20).check(z.describe('name of the fleet → part of every name that Crossdock makes')),
  hub: hub.check(z.describe('account and region of the pipelines')),
  environments: z
    .record(nameUpTo(32), environmentSchema)
    .check(z.describe('accounts that are deployed to → in each the roles of the pipelines')),
  developers: z
    ._default(z.record(nameUpTo(20), developerSchema), {})
    .check(
      z.describe(
        'who may run a copy of a pipeline in an account of their own: `crossdock developer start` → a pipeline of one stage, with names, roles and artifacts of its own',
      ),
    ),
  organization: z
    .optional(organizationSchema(account, credentials))
    .check(z.describe('the AWS organization of the accounts, for the proof')),
  tags: tagsSchema.check(z.describe('tags → of every stack, beside crossdock:fleet')),
  values: valuesOf('the fleet'),
  repositories: repositoriesSchema.check(
    z.describe('repositories in the hub by name → CodeCommit repositories'),
  ),
  images: imagesSchema.check(
    z.describe(
      'images by name; pulled by the accounts that they are deployed to and by no others → ECR repositories FLEET/NAME in the hub',
    ),
  ),
  parameters: parametersSchema.check(
    z.describe(
      'settings by name, for builds and templates; secrets have no place here → parameters of Parameter Store of type String',
    ),
  ),
  iam: z.optional(iamSchema).check(z.describe('what every role has that Crossdock makes')),
}
const defaults = z
  .optional(inheritingAll)
  .check(z.describe('keys that every pipeline takes which does not say otherwise; maps merge, lists replace'))
const pipelineName = nameUpTo(60)

/** A fleet whose pipelines have taken what `defaults` has for them. */
export const fleetSchema = z.strictObject({
  ...fleetKeys,
  defaults,
  pipelines: z.record(pipelineName, pipeline),
})

/** A fleet file as it is written; asked for by editors and by errors alone. */
const fleetFileSchema = () =>
  z.strictObject({
    ...fleetKeys,
    pipelines: z
      .record(pipelineName, z.nullable(inheritingAll))
      .check(
        z.describe(
          'the pipelines; an empty one takes all from `defaults` → CodePipeline pipelines of type V2',
        ),
      ),
    defaults,
  })

/** What a fleet file says, before defaults: the type of `defineFleet`'s argument. */
export type FleetFile = z.input<ReturnType<typeof fleetFileSchema>> & {
  readonly [extension: `x-${string}`]: unknown
}
export type FleetFileOutput = z.output<typeof fleetSchema>

/** Gives the JSON Schema of a fleet file, for editors. */
export const fleetJsonSchema = (reused: 'inline' | 'ref' = 'inline'): Record<string, unknown> => ({
  ...z.toJSONSchema(fleetFileSchema(), {
    io: 'input',
    reused,
    override: ({ jsonSchema }) => asWritten(jsonSchema),
  }),
  patternProperties: { '^x-': {} },
  title: 'Crossdock fleet',
})

/** An account id need not be quoted in YAML: its digits are read as they are written. */
function asWritten(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.pattern !== ACCOUNT_ID.source) return
  Object.assign(schema, { type: ['string', 'integer'] })
}
