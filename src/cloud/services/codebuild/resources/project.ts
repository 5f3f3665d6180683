/** AWS::CodeBuild::Project. */
import type { CreateProjectInput } from '@aws-sdk/client-codebuild'
import { entryOf } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'

/** Properties that CreateProject takes under the same name, in lower camel case. */
const SAME = [
  'Name',
  'Description',
  'Source',
  'SecondarySources',
  'SourceVersion',
  'Artifacts',
  'SecondaryArtifacts',
  'Cache',
  'Environment',
  'ServiceRole',
  'TimeoutInMinutes',
  'QueuedTimeoutInMinutes',
  'EncryptionKey',
  'LogsConfig',
  'BadgeEnabled',
  'ConcurrentBuildLimit',
]

/** What an update sets where a template no longer has a property; UpdateProject leaves what it is not given. */
const DEFAULTS: Properties = {
  Description: '',
  SecondarySources: [],
  SourceVersion: '',
  SecondaryArtifacts: [],
  Cache: { Type: 'NO_CACHE' },
  TimeoutInMinutes: 60,
  QueuedTimeoutInMinutes: 480,
  EncryptionKey: '',
  LogsConfig: {},
  BadgeEnabled: false,
  ConcurrentBuildLimit: -1,
}

/** Spellings where CloudFormation's and the API's differ by more than the first letter. */
const RENAMED: Record<string, string> = {
  BuildSpec: 'buildspec',
  ArtifactIdentifier: 'artifactIdentifier',
  CloudWatchLogs: 'cloudWatchLogs',
  S3Logs: 's3Logs',
}

const lower = (key: string): string => entryOf(RENAMED, key) ?? key.charAt(0).toLowerCase() + key.slice(1)

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [lower(key), camel(inner)]))
}

const asNumber = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value))

function input(properties: Properties, rc: ResourceContext, name: string): CreateProjectInput {
  const plain = Object.fromEntries(
    SAME.filter((key) => entryOf(properties, key) !== undefined).map((key) => [
      lower(key),
      camel(entryOf(properties, key)),
    ]),
  )
  return {
    ...plain,
    name,
    timeoutInMinutes: asNumber(properties.TimeoutInMinutes),
    queuedTimeoutInMinutes: asNumber(properties.QueuedTimeoutInMinutes),
    tags: Object.entries(resourceTags(properties, rc)).map(([key, value]) => ({ key, value })),
  } as CreateProjectInput
}

export const project = resourceType({
  type: 'AWS::CodeBuild::Project',
  create: async (properties, rc) => {
    const name = properties.Name ?? rc.generateName()
    const { project: made } = await rc.call(
      'codebuild',
      'CreateProject',
      input(properties, rc, name) as never,
    )
    return { physicalId: name, attributes: { Arn: made?.arn, Id: name } }
  },
  update: async (physicalId, properties, previous, rc) => {
    const gone = Object.entries(DEFAULTS).filter(
      ([key]) => Object.hasOwn(previous, key) && !Object.hasOwn(properties, key),
    )
    const { project: made } = await rc.call(
      'codebuild',
      'UpdateProject',
      input({ ...Object.fromEntries(gone), ...properties }, rc, physicalId) as never,
    )
    return { physicalId, attributes: { Arn: made?.arn, Id: physicalId } }
  },
  delete: async (physicalId, _properties, rc) => {
    await rc.call('codebuild', 'DeleteProject', { name: physicalId })
  },
})
