/** Reading a buildspec: version 0.2, what CodeBuild's reference allows, and nothing silently ignored. */

import { isTooDeepYaml, setEntry, yamlDocument } from '../../../../model/index.ts'

export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const
export type PhaseName = (typeof PHASES)[number]

export interface BuildspecPhase {
  readonly commands: readonly string[]
  readonly finally: readonly string[]
  /** What a failing command does to the rest of the build; AWS's default lets post_build run after build. */
  readonly onFailure?: 'ABORT' | 'CONTINUE'
  /** Of the install phase only. */
  readonly runtimeVersions: Readonly<Record<string, string>>
}

export interface BuildspecArtifacts {
  readonly files: readonly string[]
  readonly excludePaths: readonly string[]
  readonly baseDirectory?: string
  readonly discardPaths: boolean
  readonly name?: string
}

export interface Buildspec {
  readonly shell: 'sh' | 'bash'
  readonly variables: Readonly<Record<string, string>>
  readonly parameterStore: Readonly<Record<string, string>>
  readonly secretsManager: Readonly<Record<string, string>>
  readonly exportedVariables: readonly string[]
  readonly phases: Readonly<Partial<Record<PhaseName, BuildspecPhase>>>
  readonly artifacts?: BuildspecArtifacts
  readonly secondaryArtifacts: Readonly<Record<string, BuildspecArtifacts>>
}

/** A buildspec that CodeBuild would refuse, or that asks for what the embedded cloud does not do. */
export class BuildspecError extends Error {
  override readonly name = 'BuildspecError'
}

type Mapping = Record<string, unknown>

/** Gives the buildspec. Errors: BuildspecError naming the key. AWS: build-spec-ref, version 0.2. */
export function parseBuildspec(text: string): Buildspec {
  if (isTooDeepYaml(text)) throw new BuildspecError('YAML_FILE_ERROR: the buildspec is nested too deeply')
  let document: unknown
  try {
    const parsed = yamlDocument(text, { logLevel: 'silent' })
    if (parsed.errors[0]) throw parsed.errors[0]
    document = parsed.toJS()
  } catch (error) {
    throw new BuildspecError(`YAML_FILE_ERROR: ${(error as Error).message.split('\n')[0]}`)
  }
  const root = mapping(document, 'the buildspec')
  if (Number(root.version) !== 0.2)
    throw new BuildspecError(
      `the buildspec's version is ${root.version ?? 'missing'}; the embedded cloud runs 0.2`,
    )
  refuseOthers(root, ['version', 'env', 'phases', 'artifacts'], '')
  const env = mapping(root.env ?? {}, 'env')
  refuseOthers(
    env,
    ['shell', 'variables', 'parameter-store', 'secrets-manager', 'exported-variables'],
    'env/',
  )
  const { artifacts, secondaryArtifacts } = readArtifacts(root.artifacts)
  return {
    shell: readShell(env.shell),
    variables: texts(env.variables, 'env/variables'),
    parameterStore: texts(env['parameter-store'], 'env/parameter-store'),
    secretsManager: texts(env['secrets-manager'], 'env/secrets-manager'),
    exportedVariables: list(env['exported-variables'], 'env/exported-variables'),
    phases: readPhases(root.phases),
    artifacts,
    secondaryArtifacts,
  }
}

function readShell(value: unknown): 'sh' | 'bash' {
  if (value === undefined || value === '/bin/sh' || value === 'sh') return 'sh'
  if (value === 'bash') return 'bash'
  throw new BuildspecError(`env/shell is "${value}"; the embedded cloud has sh and bash`)
}

function readPhases(value: unknown): Buildspec['phases'] {
  const phases = mapping(value ?? {}, 'phases')
  refuseOthers(phases, PHASES, 'phases/')
  const result: Partial<Record<PhaseName, BuildspecPhase>> = {}
  for (const name of PHASES) {
    if (phases[name] === undefined || phases[name] === null) continue
    const phase = mapping(phases[name], `phases/${name}`)
    const known = ['commands', 'finally', 'on-failure', ...(name === 'install' ? ['runtime-versions'] : [])]
    refuseOthers(phase, known, `phases/${name}/`)
    const onFailure = phase['on-failure']
    if (onFailure !== undefined && onFailure !== 'ABORT' && onFailure !== 'CONTINUE')
      throw new BuildspecError(
        `phases/${name}/on-failure is "${onFailure}"; the embedded cloud has ABORT and CONTINUE`,
      )
    result[name] = {
      commands: list(phase.commands, `phases/${name}/commands`),
      finally: list(phase.finally, `phases/${name}/finally`),
      onFailure,
      runtimeVersions: texts(phase['runtime-versions'], `phases/${name}/runtime-versions`),
    }
  }
  if (!Object.keys(result).length) throw new BuildspecError('the buildspec has no phases')
  return result
}

const ARTIFACT_KEYS = ['files', 'exclude-paths', 'base-directory', 'discard-paths', 'name']

function readArtifacts(value: unknown): Pick<Buildspec, 'artifacts' | 'secondaryArtifacts'> {
  if (value === undefined || value === null) return { secondaryArtifacts: {} }
  const section = mapping(value, 'artifacts')
  refuseOthers(section, [...ARTIFACT_KEYS, 'secondary-artifacts'], 'artifacts/')
  const secondary = mapping(section['secondary-artifacts'] ?? {}, 'artifacts/secondary-artifacts')
  const secondaryArtifacts: Record<string, BuildspecArtifacts> = {}
  for (const [id, one] of Object.entries(secondary)) {
    const where = `artifacts/secondary-artifacts/${id}`
    const inner = mapping(one, where)
    refuseOthers(inner, ARTIFACT_KEYS, `${where}/`)
    setEntry(secondaryArtifacts, id, readOne(inner, where))
  }
  const artifacts =
    section.files === undefined && Object.keys(secondary).length ? undefined : readOne(section, 'artifacts')
  return { artifacts, secondaryArtifacts }
}

function readOne(section: Mapping, where: string): BuildspecArtifacts {
  const files = list(section.files, `${where}/files`)
  if (!files.length) throw new BuildspecError(`${where}/files is required`)
  return {
    files,
    excludePaths: list(section['exclude-paths'], `${where}/exclude-paths`),
    baseDirectory: section['base-directory'] === undefined ? undefined : String(section['base-directory']),
    discardPaths: section['discard-paths'] === true || section['discard-paths'] === 'yes',
    name: section.name === undefined ? undefined : String(section.name),
  }
}

function mapping(value: unknown, where: string): Mapping {
  if (value && typeof value === 'object' && !Array.isArray(value)) return value as Mapping
  throw new BuildspecError(`${where} must be a mapping`)
}

function refuseOthers(section: Mapping, known: readonly string[], prefix: string): void {
  for (const key of Object.keys(section))
    if (!known.includes(key))
      throw new BuildspecError(`${prefix}${key} is not supported by the embedded cloud`)
}

function list(value: unknown, where: string): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new BuildspecError(`${where} must be a list`)
  return value.map((item) => {
    if (item === null || typeof item === 'object')
      throw new BuildspecError(`${where} holds something that is not text`)
    return String(item)
  })
}

function texts(value: unknown, where: string): Record<string, string> {
  if (value === undefined || value === null) return {}
  return Object.fromEntries(Object.entries(mapping(value, where)).map(([key, text]) => [key, String(text)]))
}
