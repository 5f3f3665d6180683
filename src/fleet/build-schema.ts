/** Schema of a build or test: where its commands are, its environment, and the machine it runs on. */
import { z } from 'zod'
import { valueWith } from './text.ts'

const oneOrMany = (of: z.ZodType<string>) => z.union([of, z.array(of)])

/** An IAM statement as a policy document has it, or the ARN of a managed policy. */
export const permission = z.union([
  z.string().regex(/^arn:[^:]+:iam::(\d{12}|aws):policy\/.+/, 'must be the ARN of a managed policy'),
  z.strictObject({
    Sid: z.string().optional().describe('id of the statement'),
    Effect: z.enum(['Allow', 'Deny']).default('Allow').describe('whether it allows or denies'),
    Action: oneOrMany(z.string()).describe('actions, as IAM names them'),
    Resource: oneOrMany(z.string()).describe('ARNs, with wildcards'),
    Condition: z
      .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))
      .optional()
      .describe('conditions, as IAM has them'),
  }),
])
export type PermissionFile = z.output<typeof permission>

export const COMPUTE_TYPES = {
  small: 'BUILD_GENERAL1_SMALL',
  medium: 'BUILD_GENERAL1_MEDIUM',
  large: 'BUILD_GENERAL1_LARGE',
  '2xlarge': 'BUILD_GENERAL1_2XLARGE',
} as const

/** Gives the schema of a build in whose texts `names` may stand between `${` and `}`. */
export function buildSchema(names: readonly string[]) {
  const values = z.record(variableName, valueWith(names))
  return z
    .strictObject({
      buildspec: z
        .string()
        .min(1)
        .optional()
        .describe('buildspec file in the source; buildspec.yml → BuildSpec'),
      commands: z.array(z.string()).min(1).optional().describe('shell commands, instead of a buildspec'),
      artifacts: z
        .strictObject({
          files: z.array(z.string()).min(1).default(['**/*']).describe('globs'),
          'base-directory': z.string().optional().describe('folder that they are taken from'),
        })
        .optional()
        .describe('what the commands leave behind; the buildspec says it otherwise'),
      environment: values.default({}).describe('environment variables → of type PLAINTEXT'),
      secrets: values
        .default({})
        .describe('environment variables from Secrets Manager, name:json-key → of type SECRETS_MANAGER'),
      parameters: values
        .default({})
        .describe('environment variables from Parameter Store → of type PARAMETER_STORE'),
      image: z
        .string()
        .default('aws/codebuild/amazonlinux-x86_64-standard:5.0')
        .describe('build image; aarch64 in its name takes ARM → Image'),
      compute: z
        .enum(Object.keys(COMPUTE_TYPES) as (keyof typeof COMPUTE_TYPES)[])
        .default('small')
        .describe('size of the machine → ComputeType'),
      timeout: z.number().int().min(5).max(2160).default(60).describe('minutes → TimeoutInMinutes'),
      privileged: z
        .boolean()
        .default(false)
        .describe('true when the build runs Docker itself → PrivilegedMode'),
      permissions: z
        .array(permission)
        .default([])
        .describe('what the commands may do besides → of the build role'),
    })
    .superRefine((build, context) => {
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
}
export type BuildFile = z.output<ReturnType<typeof buildSchema>>

/** AWS: a variable name of CodeBuild; the prefix CODEBUILD_ is reserved. */
const variableName = z
  .string()
  .regex(
    /^(?!CODEBUILD_)[A-Za-z_][A-Za-z0-9_]*$/,
    'must be letters, digits and _, and not start with CODEBUILD_',
  )
