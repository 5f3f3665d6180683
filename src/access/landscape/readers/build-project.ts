/** What the settings of a build project tell of what its role does, spelled as CodeBuild's API spells them. */
import { formatArn, type Target, yamlDocument } from '../../../model/index.ts'
import {
  isRepository,
  type ProjectFacts,
  parameterArn,
  reportGroupsIn,
  secretArn,
} from '../../../pipeline/index.ts'
import { repositoriesOf } from './workers.ts'

/** Settings of a project, of any depth. */
export type Settings = Readonly<Record<string, unknown>> | undefined

const at = (settings: Settings, key: string): Settings => settings?.[key] as Settings
const text = (settings: Settings, key: string): string => {
  const value = settings?.[key]
  return typeof value === 'string' ? value : ''
}

/** Gives the facts of a project of that name. */
export function projectFacts(name: string, project: Settings, where: Target): ProjectFacts {
  const { account, region } = where
  const logs = at(project, 'logsConfig')
  const inCloudWatch = at(logs, 'cloudWatchLogs')
  const group = text(inCloudWatch, 'groupName') || `/aws/codebuild/${name}`
  const s3Logs = at(logs, 's3Logs')
  const cache = at(project, 'cache')
  const environment = at(project, 'environment')
  const spec = buildspecFacts(at(project, 'source'), name, where)
  const given = variables(environment, where)
  const subnets = at(project, 'vpcConfig')?.subnets
  const { image, registryCredential } = imageFacts(environment, where)
  return {
    logGroup:
      text(inCloudWatch, 'status') === 'DISABLED'
        ? ''
        : formatArn('logs', region, account, `log-group:${group}`),
    ...(text(s3Logs, 'status') === 'ENABLED' && { s3Logs: objectsIn(text(s3Logs, 'location')) }),
    // AWS: a cache that is kept on the build's host, or none, has no location.
    ...(text(cache, 'location') && { cache: objectsIn(text(cache, 'location')) }),
    ...(Array.isArray(subnets) && subnets.length && { subnets: subnets.map(String) }),
    ...(image && { image }),
    ...(given.repositories.length && { repositories: given.repositories }),
    ...(registryCredential && { registryCredential }),
    ...(spec.buildspec && { buildspec: spec.buildspec }),
    ...(spec.reports && { reports: spec.reports }),
    ...sourcesOf(project),
    batchRole: text(at(project, 'buildBatchConfig'), 'serviceRole') || undefined,
    parameters: [...given.parameters, ...spec.parameters],
    secrets: [...given.secrets, ...spec.secrets],
  }
}

const listAt = (settings: Settings, key: string): Settings[] => {
  const list = settings?.[key]
  return (Array.isArray(list) ? list : []) as Settings[]
}

/** The project's own sources, and where its artifacts go, where builds of repositories are started by themselves. */
function sourcesOf(project: Settings): Pick<ProjectFacts, 'sources' | 'outputs'> {
  const all = [at(project, 'source'), ...listAt(project, 'secondarySources')]
  const stores = [at(project, 'artifacts'), ...listAt(project, 'secondaryArtifacts')]
  const sources = all.map((one) => ({
    type: text(one, 'type'),
    location: text(one, 'location'),
    auth: { type: text(at(one, 'auth'), 'type'), resource: text(at(one, 'auth'), 'resource') },
  }))
  // AWS: only what is stored in a bucket has a location; a pipeline's artifacts have none of their own.
  const outputs = stores.flatMap((one) => (text(one, 'location') ? [objectsIn(text(one, 'location'))] : []))
  return sources.some(isRepository) ? { sources, ...(outputs.length && { outputs }) } : {}
}

/** AWS: `bucket` or `bucket/prefix`, of old also as an ARN. */
function objectsIn(location: string): string {
  const place = location.replace(/^arn:[^:]+:s3:::/, '').replace(/\/$/, '')
  return `${formatArn('s3', '', '', place)}/*`
}

function variables(environment: Settings, where: Target) {
  const given = environment?.environmentVariables
  const list = (Array.isArray(given) ? given : []) as Settings[]
  const ofType = (type: string) =>
    list.filter((one) => text(one, 'type') === type).map((one) => text(one, 'value'))
  return {
    parameters: ofType('PARAMETER_STORE').map((one) => parameterArn(one, where)),
    secrets: ofType('SECRETS_MANAGER').map((one) => secretArn(one, where)),
    // AWS: without a type the value itself is put into the environment.
    repositories: repositoriesOf([...ofType(''), ...ofType('PLAINTEXT')]),
  }
}

/** AWS: without ImagePullCredentialsType CodeBuild pulls by itself. */
function imageFacts(environment: Settings, where: Target) {
  const [repository] = repositoriesOf([text(environment, 'image')])
  const credential = text(at(environment, 'registryCredential'), 'credential')
  const pulledBy = text(environment, 'imagePullCredentialsType') === 'SERVICE_ROLE' ? 'project' : 'service'
  return {
    image: repository === undefined ? undefined : ({ repository, pulledBy } as const),
    registryCredential: credential ? secretArn(credential, where) : undefined,
  }
}

interface SpecFacts extends Pick<ProjectFacts, 'buildspec' | 'reports'> {
  readonly parameters: readonly string[]
  readonly secrets: readonly string[]
}

const UNKNOWN: SpecFacts = { parameters: [], secrets: [] }
/** AWS: a buildspec is a path in the source, an object's ARN, or the text itself, which has several lines. */
function buildspecFacts(source: Settings, project: string, where: Target): SpecFacts {
  const given = text(source, 'buildspec') || text(source, 'buildSpec')
  if (/^arn:[^:]+:s3:::/.test(given)) return { ...UNKNOWN, buildspec: given }
  if (!/[\n{]/.test(given)) return UNKNOWN
  const document = yamlDocument(given)
  if (document.errors.length) return UNKNOWN
  const spec = document.toJS({ maxAliasCount: 100 }) as Settings
  const env = at(spec, 'env')
  const values = (key: string) => Object.values(at(env, key) ?? {}).map(String)
  return {
    parameters: values('parameter-store').map((one) => parameterArn(one, where)),
    secrets: values('secrets-manager').map((one) => secretArn(one, where)),
    reports: reportGroupsIn(given, project, where),
  }
}
