/** Reading a buildspec: what CodeBuild's reference allows, in the spellings that CodeBuild takes. */
import { isTooDeepYaml, setEntry, yamlDocument } from '../../../../model/index.ts'
import { REPORT_FORMATS } from '../../../../pipeline/index.ts'
import { type BatchSpec, readBatch } from './buildspec-batch.ts'
import { type BuildspecPhase, type PhaseName, readPhases } from './buildspec-phases.ts'
import {
  BuildspecError,
  flag,
  list,
  type Mapping,
  mapping,
  text as textOf,
  texts,
  UnknownKeys,
} from './buildspec-values.ts'

export { BuildspecError } from './buildspec-values.ts'

/** Chooses files below the source folder. */
export interface FileChoice {
  readonly files: readonly string[]
  readonly excludePaths: readonly string[]
  readonly baseDirectory?: string
  readonly discardPaths: boolean
}

export interface BuildspecArtifacts extends FileChoice {
  readonly name?: string
  /** Links within the artifact stay links in its archive. */
  readonly enableSymlinks: boolean
  readonly s3Prefix?: string
}

export interface BuildspecReport extends FileChoice {
  /** In capitals, as the API has it. */
  readonly fileFormat: string
}

export interface BuildspecCache {
  readonly paths: readonly string[]
  readonly key?: string
  readonly fallbackKeys: readonly string[]
  readonly restores: boolean
  readonly saves: boolean
}

export interface Buildspec {
  readonly version: 0.1 | 0.2
  readonly shell: 'sh' | 'bash'
  readonly variables: Readonly<Record<string, string>>
  readonly parameterStore: Readonly<Record<string, string>>
  readonly secretsManager: Readonly<Record<string, string>>
  readonly exportedVariables: readonly string[]
  readonly gitCredentialHelper: boolean
  readonly phases: Readonly<Partial<Record<PhaseName, BuildspecPhase>>>
  readonly artifacts?: BuildspecArtifacts
  readonly secondaryArtifacts: Readonly<Record<string, BuildspecArtifacts>>
  readonly reports: Readonly<Record<string, BuildspecReport>>
  readonly cache?: BuildspecCache
  readonly batch?: BatchSpec
  /** What the log says of it before the first command. */
  readonly warnings: readonly string[]
}

const ROOT_KEYS = ['version', 'run-as', 'env', 'proxy', 'batch', 'phases', 'reports', 'artifacts', 'cache']
const ENV_KEYS = [
  'shell',
  'variables',
  'parameter-store',
  'secrets-manager',
  'exported-variables',
  'git-credential-helper',
]

/** Gives the buildspec. Errors: BuildspecError naming the key. AWS: build-spec-ref. */
export function parseBuildspec(text: string): Buildspec {
  const { root, lineOf } = readRoot(text)
  const version = readVersion(root)
  const unknown = new UnknownKeys()
  unknown.note(root, [...ROOT_KEYS, ...(version === 0.1 ? ['environment_variables'] : [])], 'ROOT')
  refuseOtherUser(root, '')
  // AWS: these matter where a build runs in an explicit proxy server, and nowhere else.
  unknown.note(mapping(root.proxy, 'proxy'), ['upload-artifacts', 'logs'], 'PROXY')
  const env = mapping(root.env, 'env')
  unknown.note(env, ENV_KEYS, 'ENV')
  return {
    version,
    shell: readShell(textOf(env, 'shell', 'env/')),
    variables: { ...readOldVariables(root, version), ...texts(env.variables, 'env/variables') },
    parameterStore: texts(env['parameter-store'], 'env/parameter-store'),
    secretsManager: texts(env['secrets-manager'], 'env/secrets-manager'),
    exportedVariables: list(env['exported-variables'], 'env/exported-variables'),
    gitCredentialHelper: flag(env, 'git-credential-helper', 'env/'),
    phases: readPhases(root.phases, { unknown, lineOf, refuseOtherUser }),
    ...readArtifacts(root.artifacts, unknown),
    reports: readReports(root.reports, unknown),
    cache: readCache(root.cache, unknown),
    batch: readBatch(root.batch, unknown),
    warnings: unknown.warnings,
  }
}

interface Root {
  readonly root: Mapping
  /** The line that a value of the document begins on, counted from 1. */
  readonly lineOf: (path: readonly (string | number)[]) => number
}

/** Reads every scalar as the text that it is written as. */
function readRoot(text: string): Root {
  if (isTooDeepYaml(text)) throw new BuildspecError('YAML_FILE_ERROR: the buildspec is nested too deeply')
  try {
    const parsed = yamlDocument(text, { logLevel: 'silent', schema: 'failsafe', merge: true })
    if (parsed.errors[0]) throw parsed.errors[0]
    const lineOf = (path: readonly (string | number)[]): number => {
      const node = parsed.getIn(path, true) as { range?: [number, number, number] } | undefined
      return text.slice(0, node?.range?.[0] ?? 0).split('\n').length
    }
    const root = mapping(parsed.toJS(), 'the buildspec')
    if (!Object.keys(root).length) throw new BuildspecError('the buildspec is empty')
    return { root, lineOf }
  } catch (error) {
    if (error instanceof BuildspecError) throw error
    throw new BuildspecError(`YAML_FILE_ERROR: ${(error as Error).message.split('\n')[0]}`)
  }
}

function readVersion(root: Mapping): 0.1 | 0.2 {
  const version = Number(root.version)
  if (version === 0.1 || version === 0.2) return version
  throw new BuildspecError(
    `Invalid buildspec version ${root.version ?? '(missing)'}: the version is 0.2, or 0.1 of old`,
  )
}

/** AWS: version 0.1 has `environment_variables` with `plaintext`. */
function readOldVariables(root: Mapping, version: number): Record<string, string> {
  if (version !== 0.1) return {}
  const section = mapping(root.environment_variables, 'environment_variables')
  return texts(section.plaintext, 'environment_variables/plaintext')
}

function readShell(value: string | undefined): 'sh' | 'bash' {
  if (value === undefined || value === '/bin/sh' || value === 'sh') return 'sh'
  if (value === 'bash' || value === '/bin/bash') return 'bash'
  throw new BuildspecError(`env/shell is "${value}"; the embedded cloud has sh and bash`)
}

/** A build runs as the user that started the cloud; root is what commands are anyway, to CodeBuild. */
function refuseOtherUser(section: Mapping, where: string): void {
  const user = textOf(section, 'run-as', where)
  if (user !== undefined && user !== 'root')
    throw new BuildspecError(
      `${where}run-as is "${user}", which is not supported by the embedded cloud: its builds run as the user who started it`,
    )
}

const CHOICE_KEYS = ['files', 'exclude-paths', 'base-directory', 'discard-paths']
/** AWS: `type` belongs to version 0.1 and is deprecated: it does nothing. */
const ARTIFACT_KEYS = [...CHOICE_KEYS, 'name', 'enable-symlinks', 's3-prefix', 'type']

function readArtifacts(
  value: unknown,
  unknown: UnknownKeys,
): Pick<Buildspec, 'artifacts' | 'secondaryArtifacts'> {
  const section = mapping(value, 'artifacts')
  if (!Object.keys(section).length) return { secondaryArtifacts: {} }
  unknown.note(section, [...ARTIFACT_KEYS, 'secondary-artifacts'], 'ARTIFACTS')
  const secondary = mapping(section['secondary-artifacts'], 'artifacts/secondary-artifacts')
  const secondaryArtifacts: Record<string, BuildspecArtifacts> = {}
  for (const [id, one] of Object.entries(secondary)) {
    const where = `artifacts/secondary-artifacts/${id}`
    const inner = mapping(one, where)
    unknown.note(inner, ARTIFACT_KEYS, 'ARTIFACTS')
    setEntry(secondaryArtifacts, id, readArtifact(inner, `${where}/`))
  }
  const artifacts =
    section.files === undefined && Object.keys(secondary).length
      ? undefined
      : readArtifact(section, 'artifacts/')
  return { artifacts, secondaryArtifacts }
}

function readChoice(section: Mapping, where: string): FileChoice {
  const files = list(section.files, `${where}files`)
  if (!files.length) throw new BuildspecError(`${where}files is required`)
  return {
    files,
    excludePaths: list(section['exclude-paths'], `${where}exclude-paths`),
    baseDirectory: textOf(section, 'base-directory', where),
    discardPaths: flag(section, 'discard-paths', where),
  }
}

const readArtifact = (section: Mapping, where: string): BuildspecArtifacts => ({
  ...readChoice(section, where),
  name: textOf(section, 'name', where),
  enableSymlinks: flag(section, 'enable-symlinks', where),
  s3Prefix: textOf(section, 's3-prefix', where),
})

/** AWS: a project has five report groups at most. */
const REPORTS_MOST = 5

function readReports(value: unknown, unknown: UnknownKeys): Buildspec['reports'] {
  const reports: Record<string, BuildspecReport> = {}
  for (const [name, one] of Object.entries(mapping(value, 'reports'))) {
    const where = `reports/${name}/`
    const section = mapping(one, `reports/${name}`)
    unknown.note(section, ['files', 'base-directory', 'discard-paths', 'file-format'], 'REPORTS')
    const fileFormat = (textOf(section, 'file-format', where) ?? 'JUNITXML').toUpperCase()
    const known: readonly string[] = [...REPORT_FORMATS.test, ...REPORT_FORMATS.coverage]
    if (!known.includes(fileFormat))
      throw new BuildspecError(`${where}file-format is "${fileFormat}"; it is one of ${known.join(', ')}`)
    setEntry(reports, name, { ...readChoice(section, where), fileFormat })
  }
  if (Object.keys(reports).length > REPORTS_MOST)
    throw new BuildspecError(`reports has more than ${REPORTS_MOST} report groups`)
  return reports
}

function readCache(value: unknown, unknown: UnknownKeys): BuildspecCache | undefined {
  const section = mapping(value, 'cache')
  if (!Object.keys(section).length) return undefined
  unknown.note(section, ['key', 'fallback-keys', 'action', 'paths'], 'CACHE')
  const action = textOf(section, 'action', 'cache/')
  if (action !== undefined && action !== 'restore' && action !== 'save')
    throw new BuildspecError(`cache/action is "${action}"; it is restore or save`)
  return {
    paths: list(section.paths, 'cache/paths'),
    key: textOf(section, 'key', 'cache/'),
    fallbackKeys: list(section['fallback-keys'], 'cache/fallback-keys'),
    restores: action !== 'save',
    saves: action !== 'restore',
  }
}
