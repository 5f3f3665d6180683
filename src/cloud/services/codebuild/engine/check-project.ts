/** What a project may ask for, and what a local machine cannot do: refused by name rather than ignored. */

import type {
  LogsConfig,
  Project,
  ProjectArtifacts,
  ProjectCache,
  ProjectSource,
  ProjectSourceVersion,
  VpcConfig,
} from '@aws-sdk/client-codebuild'
import { formatArn } from '../../../../model/index.ts'
import { isRepository } from '../../../../pipeline/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkSources } from './check-sources.ts'
import { codeBuildIdentity } from './provision.ts'
import { invalid } from './refusals.ts'
import { checkVpc, checkVpcRole } from './vpc.ts'

const UNSUPPORTED = ['fileSystemLocations', 'autoRetryLimit'] as const
const UNSUPPORTED_ENVIRONMENT = [
  'certificate',
  'registryCredential',
  'fleet',
  'dockerServer',
  'hostKernel',
  'computeConfiguration',
] as const

/** AWS: a role of the account may be given by its name where its ARN is meant; it is answered as its ARN. */
export const roleArn = (ctx: Context, role: string): string =>
  role.startsWith('arn:') ? role : formatArn('iam', '', ctx.account, `role/${role.replace(/^\//, '')}`)

export const passRole = (ctx: Context, role: string | undefined): AccessRequest[] =>
  role
    ? [
        {
          action: 'iam:PassRole',
          resource: roleArn(ctx, role),
          context: { 'iam:PassedToService': servicePrincipal('codebuild') },
        },
      ]
    : []

interface Definition {
  readonly source?: ProjectSource
  readonly secondarySources?: readonly ProjectSource[]
  readonly secondarySourceVersions?: readonly ProjectSourceVersion[]
  readonly artifacts?: ProjectArtifacts
  readonly secondaryArtifacts?: readonly ProjectArtifacts[]
  readonly environment?: Project['environment']
  readonly cache?: ProjectCache
  readonly logsConfig?: LogsConfig
  readonly badgeEnabled?: boolean
  readonly vpcConfig?: VpcConfig
}

/** Checks the definition of a project or of a single build. Errors: InvalidInputException, UnsupportedParameter. */
export function checkDefinition(input: Definition): void {
  refuseUnsupported(input, UNSUPPORTED)
  refuseUnsupported(input.environment ?? {}, UNSUPPORTED_ENVIRONMENT)
  checkSources(input)
  checkVpc(input.vpcConfig)
  checkArtifacts(input)
  if (input.environment && !/^(?:LINUX|ARM)_(?:GPU_|LAMBDA_)?CONTAINER$/.test(input.environment.type ?? ''))
    throw invalid(
      `The embedded cloud runs builds on this machine, not in a ${input.environment.type} environment.`,
    )
  if (input.cache?.type === 'S3' && !/^(?:arn:[^:]+:s3:::)?[^/]+/.test(input.cache.location ?? ''))
    throw invalid('Invalid cache: location must be a valid S3 bucket, followed by slash and the prefix')
  if (input.logsConfig?.s3Logs?.status === 'ENABLED')
    throw invalid('The embedded cloud does not write build logs to S3 (logsConfig.s3Logs).')
  // AWS: "Build badges sample": they are of sources that have branches.
  if (input.badgeEnabled && !isRepository(input.source ?? {}))
    throw invalid(`Build badges are not supported for source type ${input.source?.type}`)
}

function checkArtifacts({ source, artifacts, secondaryArtifacts = [] }: Definition): void {
  if (source && artifacts && artifacts.type === 'CODEPIPELINE' && source.type !== 'CODEPIPELINE')
    throw invalid('Invalid project: if source or artifacts type is CODEPIPELINE, both must be CODEPIPELINE')
  for (const one of [artifacts, ...secondaryArtifacts]) {
    refuseUnsupported(one ?? {}, ['bucketOwnerAccess'])
    if (one?.type === 'S3' && !one.location)
      throw invalid('Invalid artifacts: location must not be empty if artifacts type is S3')
  }
  for (const { artifactIdentifier } of secondaryArtifacts)
    if (!/^[A-Za-z0-9_]+$/.test(artifactIdentifier ?? ''))
      throw invalid(
        'Invalid secondary artifacts: artifactIdentifier must consist of letters, digits and underscores',
      )
}

/** AWS: a project and its source go to a pipeline together; a single build that a pipeline starts has its own. */
export function checkProject(input: Definition): void {
  checkDefinition(input)
  const fromPipeline = input.source?.type === 'CODEPIPELINE'
  if (fromPipeline !== (input.artifacts?.type === 'CODEPIPELINE'))
    throw invalid('Invalid project: if source or artifacts type is CODEPIPELINE, both must be CODEPIPELINE')
}

/** AWS: a project's role must trust CodeBuild already when the project is made. Errors: InvalidInputException. */
export async function checkServiceRole(
  ctx: Context,
  role: string,
  { arn, vpcConfig }: { readonly arn: string; readonly vpcConfig?: VpcConfig | undefined },
): Promise<void> {
  const by = codeBuildIdentity(arn, ctx.account)
  const { identity } = await ctx.assumeRole(role, { by, sessionName: 'AWSCodeBuild' }).catch(() => {
    throw invalid(`CodeBuild is not authorized to perform: sts:AssumeRole on ${role}`)
  })
  await checkVpcRole(ctx, identity, vpcConfig)
}
