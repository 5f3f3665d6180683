/** AWS::CodeBuild::Project. */
import type { CreateProjectInput } from '@aws-sdk/client-codebuild'
import { entryOf } from '../../../../model/index.ts'
import { PROJECT_SETTINGS } from '../../../../template/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { apiValue, lower } from './spelling.ts'

/** What an update sets where a template no longer has a property; UpdateProject leaves what it is not given. */
const DEFAULTS: Properties = {
  Description: '',
  SecondarySources: [],
  SecondarySourceVersions: [],
  SourceVersion: '',
  SecondaryArtifacts: [],
  Cache: { Type: 'NO_CACHE' },
  TimeoutInMinutes: 60,
  QueuedTimeoutInMinutes: 480,
  EncryptionKey: '',
  LogsConfig: {},
  BadgeEnabled: false,
  ConcurrentBuildLimit: -1,
  BuildBatchConfig: {},
}

function input(properties: Properties, rc: ResourceContext, name: string): CreateProjectInput {
  const plain = Object.fromEntries(
    PROJECT_SETTINGS.filter((key) => entryOf(properties, key) !== undefined).map((key) => [
      lower(key),
      apiValue(lower(key), entryOf(properties, key)),
    ]),
  )
  return {
    ...plain,
    name,
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
  read: async (physicalId, rc) => {
    const { projects = [] } = await rc.call('codebuild', 'BatchGetProjects', { names: [physicalId] })
    return projects[0] && { physicalId, attributes: { Arn: projects[0].arn, Id: physicalId } }
  },
  delete: async (physicalId, _properties, rc) => {
    await rc.call('codebuild', 'DeleteProject', { name: physicalId })
  },
})
