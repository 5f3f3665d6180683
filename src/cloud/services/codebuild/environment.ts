/** The environment that a build's commands see: CodeBuild's own variables, the project's, the buildspec's, secrets. */
import type { EnvironmentVariable } from '@aws-sdk/client-codebuild'
import type { AssumedRole, Context } from '../../context.ts'
import type { Buildspec } from './buildspec.ts'
import type { StoredBuild } from './state.ts'

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
}

/**
 * Gives the environment of a build. AWS: StartBuild's variables win over the project's, and those over the buildspec's;
 * names beginning with CODEBUILD_ are reserved.
 * Errors: AwsError of SSM or Secrets Manager when the project's role may not read a value.
 */
export async function buildEnvironment(place: Place, buildspec: Buildspec): Promise<BuildEnvironment> {
  const secrets: string[] = []
  const secret = (value: string): string => {
    if (value) secrets.push(value)
    return value
  }
  const fromBuildspec: Record<string, string> = { ...buildspec.variables }
  for (const [name, parameter] of Object.entries(buildspec.parameterStore))
    fromBuildspec[name] = secret(await readParameter(place, parameter))
  for (const [name, reference] of Object.entries(buildspec.secretsManager))
    fromBuildspec[name] = secret(await readSecret(place, reference))
  const fromProject: Record<string, string> = {}
  for (const variable of place.build.environment?.environmentVariables ?? []) {
    const value = await resolve(place, variable)
    fromProject[variable.name ?? ''] = variable.type && variable.type !== 'PLAINTEXT' ? secret(value) : value
  }
  const { credentials } = place.role
  return {
    variables: { ...inherited(), ...fromBuildspec, ...fromProject, ...own(place), ...access(place) },
    secrets: [...secrets, credentials.secretAccessKey, credentials.sessionToken],
  }
}

async function resolve(place: Place, variable: EnvironmentVariable): Promise<string> {
  const value = variable.value ?? ''
  if (variable.type === 'PARAMETER_STORE') return readParameter(place, value)
  if (variable.type === 'SECRETS_MANAGER') return readSecret(place, value)
  return value
}

async function readParameter({ ctx, role }: Place, name: string): Promise<string> {
  const { Parameter } = await ctx.call(
    'ssm',
    'GetParameter',
    { Name: name, WithDecryption: true },
    { as: role.identity },
  )
  return Parameter?.Value ?? ''
}

/** AWS: `secret-id:json-key:version-stage:version-id`; an ARN has colons of its own. */
async function readSecret({ ctx, role }: Place, reference: string): Promise<string> {
  const parts = reference.split(':')
  const idParts = reference.startsWith('arn:') ? 7 : 1
  const id = parts.slice(0, idParts).join(':')
  const [key, stage, version] = parts.slice(idParts)
  const { SecretString = '' } = await ctx.call(
    'secretsmanager',
    'GetSecretValue',
    { SecretId: id, VersionStage: stage || undefined, VersionId: version || undefined },
    { as: role.identity },
  )
  if (!key) return SecretString
  const value = (JSON.parse(SecretString) as Record<string, unknown>)[key]
  if (value === undefined) throw new Error(`the secret ${id} has no key "${key}"`)
  return String(value)
}

/** What a build needs of this machine; nothing that could hold the user's own AWS credentials. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function own({ ctx, build, folder, inputFolders }: Place): Record<string, string> {
  const variables: Record<string, string> = {
    CI: 'true',
    AWS_REGION: ctx.region,
    AWS_DEFAULT_REGION: ctx.region,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_IMAGE: build.environment?.image ?? '',
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber ?? 1),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_INITIATOR: build.initiator ?? '',
    CODEBUILD_KMS_KEY_ID: build.encryptionKey ?? '',
    CODEBUILD_LOG_PATH: build.id.split(':')[1] ?? '',
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? '',
    CODEBUILD_SOURCE_REPO_URL: '',
    CODEBUILD_SRC_DIR: folder,
    CODEBUILD_START_TIME: String(build.startTime?.getTime() ?? 0),
  }
  for (const [input, path] of Object.entries(inputFolders)) variables[`CODEBUILD_SRC_DIR_${input}`] = path
  return variables
}

function access({ ctx, role }: Place): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: role.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: role.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: role.credentials.sessionToken,
    AWS_ENDPOINT_URL: ctx.cloud.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
