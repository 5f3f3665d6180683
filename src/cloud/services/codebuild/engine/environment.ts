/** The environment that a build's commands see: CodeBuild's own variables, the project's, the buildspec's, secrets. */
import { delimiter } from 'node:path'
import type { ProjectSource } from '@aws-sdk/client-codebuild'
import { setEntry } from '../../../../model/index.ts'
import { isRepository } from '../../../../pipeline/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import type { StoredBuild } from '../state.ts'
import { PhaseFailure } from './build-run.ts'
import { buildTools } from './build-tools.ts'
import type { Buildspec } from './buildspec.ts'
import { hostNames } from './host-names.ts'
import { imageClients } from './image-clients.ts'
import { readParameter, readSecret } from './secret-values.ts'

export interface BuildEnvironment {
  readonly variables: Record<string, string>
  /** Values that must not appear in the log. */
  readonly secrets: readonly string[]
}

interface Place {
  readonly ctx: Context
  readonly build: StoredBuild
  readonly role: AssumedRole
  readonly folder: string
  readonly inputFolders: Readonly<Record<string, string>>
  /** For the temporary files of commands; it goes with the build. */
  readonly temporary: string
}

/**
 * Gives the environment of a build. AWS: StartBuild's variables win over the project's, and those over the buildspec's;
 * names beginning with CODEBUILD_ are reserved.
 * Errors: PhaseFailure when the project's role may not read a value, or there is none.
 */
export async function buildEnvironment(place: Place, buildspec: Buildspec): Promise<BuildEnvironment> {
  const wanted = new Map<string, { value: string; type: string }>()
  const want = (values: Readonly<Record<string, string>>, type: string) => {
    for (const [name, value] of Object.entries(values)) wanted.set(name, { value, type })
  }
  want(buildspec.variables, 'PLAINTEXT')
  want(buildspec.parameterStore, 'PARAMETER_STORE')
  want(buildspec.secretsManager, 'SECRETS_MANAGER')
  for (const { name = '', value = '', type = 'PLAINTEXT' } of place.build.environment?.environmentVariables ??
    [])
    wanted.set(name, { value, type })
  const given: Record<string, string> = {}
  const secrets: string[] = []
  for (const [name, { value, type }] of wanted) {
    const resolved = await resolve(place, value, type)
    setEntry(given, name, resolved)
    if (type !== 'PLAINTEXT' && resolved) secrets.push(resolved)
  }
  const { credentials } = place.role
  const { cloud } = place.ctx
  const clients = await imageClients(cloud, place.temporary, await registryToken(place))
  const names = await hostNames(cloud, place.temporary)
  const tools = await buildTools(cloud, place.temporary, place.build.environment?.privilegedMode === true)
  if (given.NODE_OPTIONS) given.NODE_OPTIONS = `${names.NODE_OPTIONS} ${given.NODE_OPTIONS}`
  if (given.PYTHONPATH) given.PYTHONPATH = `${names.PYTHONPATH}${delimiter}${given.PYTHONPATH}`
  return {
    variables: {
      ...inherited(place),
      ...clients,
      ...names,
      ...access(place, given),
      ...given,
      PATH: `${tools}:${given.PATH ?? process.env.PATH ?? ''}`,
      ...own(place),
    },
    secrets: [...secrets, credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken],
  }
}

/** Of a build that a pipeline has publish an image: it is logged in as the role that it works as. */
async function registryToken({ ctx, build, role }: Place): Promise<string | undefined> {
  if (!build.compute?.publishes) return undefined
  const { authorizationData = [] } = await ctx
    .call('ecr', 'GetAuthorizationToken', {}, { as: role.identity })
    .catch((error) => {
      throw new PhaseFailure('ACCESS_DENIED', `${error.code}: ${error.message}`)
    })
  return authorizationData[0]?.authorizationToken
}

async function resolve({ ctx, role }: Place, value: string, type: string): Promise<string> {
  if (type === 'PARAMETER_STORE') return readParameter(ctx, role.identity, value)
  if (type === 'SECRETS_MANAGER') return readSecret(ctx, role.identity, value)
  return value
}

/** What a build needs of this machine; nothing that could hold the user's own AWS credentials. */
function inherited(place: Place): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL']
  const found = kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))
  return { ...Object.fromEntries(found), CI: 'true', TMPDIR: place.temporary }
}

/** CodeBuild's own variables, which nothing replaces. */
function own({ ctx, build, folder, inputFolders }: Place): Record<string, string> {
  const variables: Record<string, string> = {
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_IMAGE: build.environment?.image ?? '',
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber ?? 1),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_INITIATOR: build.initiator ?? '',
    CODEBUILD_KMS_KEY_ID: build.encryptionKey ?? '',
    CODEBUILD_LOG_PATH: build.logs?.streamName ?? '',
    CODEBUILD_PROJECT_ARN: build.arn.replace(/:build\/.*/, `:project/${build.projectName}`),
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? '',
    CODEBUILD_SOURCE_REPO_URL: repositoryUrl(build.source),
    CODEBUILD_SRC_DIR: folder,
    CODEBUILD_START_TIME: String(build.startTime?.getTime() ?? ctx.cloud.clock.now()),
  }
  for (const [input, path] of Object.entries(inputFolders)) variables[`CODEBUILD_SRC_DIR_${input}`] = path
  for (const one of build.secondarySources ?? []) {
    const url = repositoryUrl(one)
    if (url) variables[`CODEBUILD_SOURCE_REPO_URL_${one.sourceIdentifier}`] = url
  }
  for (const { sourceIdentifier, sourceVersion = '' } of build.secondarySourceVersions ?? [])
    variables[`CODEBUILD_SOURCE_VERSION_${sourceIdentifier}`] = sourceVersion
  // AWS: what codebuild-tests-run is told of its share is CodeBuild's own.
  if (build.shard) variables.CODEBUILD_SHARD = `${build.shard.index}/${build.shard.count}`
  for (const [name, value] of Object.entries(build.webhook ?? {}))
    variables[`CODEBUILD_WEBHOOK_${name}`] = value
  return variables
}

/** AWS: `s3://` and the path of the input, or the address that a repository is cloned from; empty for a pipeline's. */
function repositoryUrl(source: ProjectSource | undefined): string {
  const { type, location = '' } = source ?? {}
  if (type === 'S3') return `s3://${location.replace(/^arn:[^:]+:s3:::/, '')}`
  return source && isRepository(source) ? location : ''
}

/** How commands reach the cloud: as the project's role, unless they are given a user's credentials. */
function access({ ctx, role }: Place, given: Readonly<Record<string, string>>): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = role.credentials
  const credentials = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }
  return {
    ...('AWS_ACCESS_KEY_ID' in given ? {} : credentials),
    AWS_REGION: ctx.region,
    AWS_DEFAULT_REGION: ctx.region,
    AWS_ENDPOINT_URL: ctx.cloud.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
