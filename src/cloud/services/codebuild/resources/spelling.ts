/** How templates spell what CodeBuild's API spells its own way: names of members, choices, and truths. */
import { entryOf, setEntry } from '../../../../model/index.ts'

/** Spellings where CloudFormation's and the API's differ by more than the first letter. */
const RENAMED: Record<string, string> = {
  BuildSpec: 'buildspec',
  ArtifactIdentifier: 'artifactIdentifier',
  CloudWatchLogs: 'cloudWatchLogs',
  S3Logs: 's3Logs',
}

/** The API's choices by member, wherever it stands: all of one name have one set, or sets that no spelling confuses. */
const CHOICES: Record<string, readonly string[]> = {
  type: [
    ...['CODECOMMIT', 'CODEPIPELINE', 'GITHUB', 'GITLAB', 'GITLAB_SELF_MANAGED', 'S3', 'BITBUCKET'],
    ...['GITHUB_ENTERPRISE', 'NO_SOURCE', 'NO_ARTIFACTS', 'NO_CACHE', 'LOCAL'],
    ...['LINUX_CONTAINER', 'LINUX_GPU_CONTAINER', 'ARM_CONTAINER', 'WINDOWS_CONTAINER'],
    ...['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER', 'OAUTH', 'CODECONNECTIONS'],
  ],
  computeType: [
    'BUILD_GENERAL1_SMALL',
    'BUILD_GENERAL1_MEDIUM',
    'BUILD_GENERAL1_LARGE',
    'BUILD_GENERAL1_XLARGE',
    'BUILD_GENERAL1_2XLARGE',
  ],
  packaging: ['NONE', 'ZIP'],
  namespaceType: ['NONE', 'BUILD_ID'],
  status: ['ENABLED', 'DISABLED'],
  imagePullCredentialsType: ['CODEBUILD', 'SERVICE_ROLE'],
}
const TRUTHS = [
  'privilegedMode',
  'encryptionDisabled',
  'overrideArtifactName',
  'badgeEnabled',
  'combineArtifacts',
  'insecureSsl',
  'reportBuildStatus',
  'fetchSubmodules',
  'webhook',
  'excludeMatchedPattern',
]
const TEXTS = ['value', 'name', 'location', 'buildspec', 'pattern']
const NUMBERS = [
  'timeoutInMinutes',
  'queuedTimeoutInMinutes',
  'concurrentBuildLimit',
  'timeoutInMins',
  'maximumBuildsAllowed',
  'gitCloneDepth',
]

export const lower = (key: string): string =>
  entryOf(RENAMED, key) ?? key.charAt(0).toLowerCase() + key.slice(1)

/** A choice without regard to case and underscores. */
const bare = (text: string): string => text.toUpperCase().replaceAll('_', '')

/**
 * Gives a value of a template as the API has it. AWS: CloudFormation takes `linuxContainer` for LINUX_CONTAINER and
 * `no_artifacts` for NO_ARTIFACTS, which many templates of its first years have, and makes texts, numbers and truths
 * of each other.
 */
export function apiValue(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => apiValue(key, one))
  if (value !== null && typeof value === 'object') {
    const result: Record<string, unknown> = {}
    for (const [name, inner] of Object.entries(value))
      setEntry(result, lower(name), apiValue(lower(name), inner))
    return result
  }
  if (TRUTHS.includes(key) && typeof value === 'string') return value.toLowerCase() === 'true'
  if (NUMBERS.includes(key)) return Number(value)
  const choices = entryOf(CHOICES, key)
  if (choices && typeof value === 'string')
    return choices.find((choice) => bare(choice) === bare(value)) ?? value
  return TEXTS.includes(key) && (typeof value === 'number' || typeof value === 'boolean')
    ? String(value)
    : value
}
