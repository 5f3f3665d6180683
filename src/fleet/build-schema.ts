/** Schema of a build or test: where its commands are, its environment, and the machine it runs on. */
import * as z from 'zod/mini'
import { pushedImages } from './image-schema.ts'
import { PIPELINE_NAMES, STAGE_NAMES, textWith, valueWith } from './text.ts'

const oneOrMany = (of: z.ZodMiniType<string>) => z.union([of, z.array(of)])

/** An IAM statement as a policy document has it, or the ARN of a managed policy. */
export const permission = z.union([
  z.string().check(z.regex(/^arn:[^:]+:iam::(\d{12}|aws):policy\/.+/, 'must be the ARN of a managed policy')),
  z.strictObject({
    Sid: z.optional(z.string()).check(z.describe('id of the statement')),
    Effect: z._default(z.enum(['Allow', 'Deny']), 'Allow').check(z.describe('whether it allows or denies')),
    Action: oneOrMany(z.string()).check(z.describe('actions, as IAM names them')),
    Resource: oneOrMany(z.string()).check(z.describe('ARNs, with wildcards')),
    Condition: z
      .optional(z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))))
      .check(z.describe('conditions, as IAM has them')),
  }),
])
export type PermissionFile = z.output<typeof permission>

export const COMPUTE_TYPES = {
  small: 'BUILD_GENERAL1_SMALL',
  medium: 'BUILD_GENERAL1_MEDIUM',
  large: 'BUILD_GENERAL1_LARGE',
  '2xlarge': 'BUILD_GENERAL1_2XLARGE',
} as const

/** AWS: a variable name of CodeBuild; the prefix CODEBUILD_ is reserved. */
const variableName = z
  .string()
  .check(
    z.regex(
      /^(?!CODEBUILD_)[A-Za-z_][A-Za-z0-9_]*$/,
      'must be letters, digits and _, and not start with CODEBUILD_',
    ),
  )

/** A name that the fleet file gives to a source, a build or an artifact. */
export const partName = z
  .string()
  .check(
    z.regex(/^[A-Za-z][\w-]{0,63}$/, 'must be up to 64 letters, digits, _ and -, and start with a letter'),
  )

const names = z.array(partName).check(z.minLength(1))
/** AWS: CodePipeline gives a build up to five artifacts, and takes up to five. */
const artifactNames = z
  .array(partName)
  .check(z.minLength(1), z.maxLength(5, 'must be at most five: CodePipeline takes no more'))

/** Artifacts that something reads. */
export const from = z.optional(z.union([partName, artifactNames]))

const leftBehind = z.strictObject({
  files: z._default(z.array(z.string()).check(z.minLength(1)), ['**/*']).check(z.describe('globs')),
  'base-directory': z.optional(z.string()).check(z.describe('folder that they are taken from')),
})

/** Where a cache is kept, by what the file calls it. */
export const CACHES = { local: 'host', s3: 'bucket' } as const

/** How a key is read that need not be there: with a default. */
type Initially = typeof z._default

/** The same without: what is not there stays what it was. */
const unchanged = (schema: z.ZodMiniType) => z.optional(schema)

/** Gives the keys of what runs on CodeBuild, in whose texts `placeholders` may stand between `${` and `}`. */
function projectKeys(placeholders: readonly string[], initially: Initially = z._default) {
  const values = z.record(variableName, valueWith(placeholders))
  return {
    from: from.check(
      z.describe('artifacts that it reads, the first is the primary; the first source without it → inputs'),
    ),
    buildspec: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('buildspec file in the source; buildspec.yml → BuildSpec')),
    commands: z
      .optional(z.array(z.string()).check(z.minLength(1)))
      .check(z.describe('shell commands, instead of a buildspec')),
    artifacts: z
      .optional(leftBehind)
      .check(z.describe('what the commands leave behind; the buildspec says it otherwise')),
    environment: initially(values, {}).check(z.describe('environment variables → of type PLAINTEXT')),
    secrets: initially(values, {}).check(
      z.describe('environment variables from Secrets Manager, name:json-key → of type SECRETS_MANAGER'),
    ),
    parameters: initially(values, {}).check(
      z.describe('environment variables from Parameter Store → of type PARAMETER_STORE'),
    ),
    image: initially(z.string(), 'aws/codebuild/amazonlinux-x86_64-standard:5.0').check(
      z.describe('build image; aarch64 in its name takes ARM → Image'),
    ),
    compute: initially(z.enum(Object.keys(COMPUTE_TYPES) as (keyof typeof COMPUTE_TYPES)[]), 'small').check(
      z.describe('size of the machine → ComputeType'),
    ),
    timeout: initially(z.int().check(z.gte(5), z.lte(2160)), 60).check(
      z.describe('minutes → TimeoutInMinutes'),
    ),
    privileged: initially(z.boolean(), false).check(
      z.describe('true when the build runs Docker itself → PrivilegedMode'),
    ),
    permissions: initially(z.array(permission), []).check(
      z.describe('what the commands may do besides → of the build role'),
    ),
    vpc: z
      .optional(
        z.strictObject({
          id: textWith(placeholders).check(z.describe('VPC that exists → VpcId')),
          subnets: z
            .array(textWith(placeholders))
            .check(z.minLength(1), z.maxLength(16), z.describe('subnets of it, with a way out → Subnets')),
          securityGroups: z
            .array(textWith(placeholders))
            .check(z.minLength(1), z.maxLength(5), z.describe('security groups of it → SecurityGroupIds')),
        }),
      )
      .check(z.describe('network that the commands run in → VpcConfig')),
    cache: z
      .optional(z.enum(Object.keys(CACHES) as (keyof typeof CACHES)[]))
      .check(
        z.describe(
          'keeps the cache paths of the buildspec, on the host of the builds or in a bucket; nothing without it → Cache',
        ),
      ),
  }
}

/** Where the commands stand. */
const oneBuildspec = <T extends { buildspec?: string; commands?: string[]; artifacts?: unknown }>() =>
  z.superRefine<T>((build, context) => {
    if (build.buildspec && build.commands)
      context.addIssue({
        code: 'custom',
        message: 'a build takes its commands from a buildspec or from here, not both',
        path: ['commands'],
        params: { fix: 'remove `buildspec` or `commands`' },
      })
    if (build.artifacts && !build.commands)
      context.addIssue({
        code: 'custom',
        message: 'the buildspec names the artifacts itself',
        path: ['artifacts'],
        params: { fix: 'move `artifacts` into the buildspec' },
      })
  })

const outputs = z
  .optional(artifactNames)
  .check(
    z.describe('artifacts that it writes; one of its own name without it → outputs, secondary-artifacts'),
  )

/** Of several artifacts each is described under its name. */
const artifacts = z
  .optional(z.union([leftBehind, z.record(partName, leftBehind)]))
  .check(
    z.describe('what the commands leave behind, of several outputs by name; the buildspec says it otherwise'),
  )

const buildKeys = {
  ...projectKeys(PIPELINE_NAMES),
  images: pushedImages.check(
    z.describe(
      'images of the fleet that it may push; IMAGE_NAME is the address of each, REPOSITORY_URI that of the only one → permissions of its role, PrivilegedMode',
    ),
  ),
  outputs,
  artifacts,
  batch: z
    ._default(z.boolean(), false)
    .check(
      z.describe('true when the buildspec has a batch → BatchEnabled, CombineArtifacts, BuildBatchConfig'),
    ),
}

/** AWS: of several artifacts each is a secondary one, which the buildspec calls as the action does. */
const describedOutputs = <
  T extends { outputs?: string[]; commands?: string[]; artifacts?: object; batch: boolean },
>() =>
  z.superRefine<T>(({ outputs: several = [], commands, artifacts: described = {}, batch }, context) => {
    const complain = (message: string, path: string, fix: string) =>
      context.addIssue({ code: 'custom', message, path: [path], params: { fix } })
    if (batch && commands)
      complain('a batch stands in a buildspec', 'commands', 'name the `buildspec` that has the batch')
    const lacking = several.filter((one) => !Object.hasOwn(described, one))
    if (commands && several.length > 1 && lacking.length)
      complain(
        `nothing says what belongs to ${lacking.join(' and ')}`,
        'outputs',
        `add \`artifacts: { ${lacking[0]}: { files: […] } }\``,
      )
    const strange = isByName(described)
      ? Object.keys(described).find((one) => !several.includes(one))
      : undefined
    if (strange !== undefined)
      complain(`there is no output \`${strange}\``, 'artifacts', `add it to \`outputs\``)
  })

/** Whether artifacts are described one by one. */
export const isByName = (
  described: object,
): described is Readonly<Record<string, z.output<typeof leftBehind>>> =>
  !Array.isArray((described as { files?: unknown }).files)

/** Schema of the only build of a pipeline. */
export const buildSchema = z.strictObject(buildKeys).check(oneBuildspec(), describedOutputs())

/** Schema of one of several builds of a pipeline. */
export const builtSchema = z
  .strictObject({
    ...buildKeys,
    after: z
      .optional(z.union([partName, names]))
      .check(z.describe('builds that it comes after, besides those that it reads from → run order')),
  })
  .check(oneBuildspec(), describedOutputs())

/** Schema of the test of a stage. */
export const testSchema = z
  .strictObject({
    ...projectKeys(STAGE_NAMES),
    runsIn: z
      ._default(z.enum(['hub', 'environment']), 'hub')
      .check(
        z.describe(
          'environment: with secrets, parameters and network of each account and region of the stage → project and role there',
        ),
      ),
  })
  .check(oneBuildspec())

const over = projectKeys(PIPELINE_NAMES, unchanged as unknown as Initially)
const { from: _from, secrets: _secrets, artifacts: _artifacts, ...overKeys } = over

type Over = { [Key in keyof typeof overKeys]?: z.output<(typeof overKeys)[Key]> }

/** Schema of keys that are put over those of a build. */
export const overBuild = z.strictObject(overKeys).check(oneBuildspec()) as unknown as z.ZodMiniType<
  Over,
  Over
>

/** The secrets of what takes none of the pipeline's. */
export const secretsKey = z._default(z.record(variableName, valueWith(PIPELINE_NAMES)), {})

export type BuildFile = z.output<typeof builtSchema>
export type TestFile = z.output<typeof testSchema>
