/** AWS::CodeBuild::Project. */
import type { CreateProjectInput } from '@aws-sdk/client-codebuild'
import { AwsError, entryOf } from '../../../../model/index.ts'
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
  VpcConfig: {},
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

const hasWebhook = ({ Triggers }: Properties): boolean => String(Triggers?.Webhook ?? false) === 'true'

/** Filters that a template no longer has fall away: none is said as a list of none. */
const webhookOf = (
  projectName: string,
  { Triggers: { BuildType, FilterGroups = [], PullRequestBuildPolicy: policy } }: Properties,
) => ({
  projectName,
  buildType: BuildType ?? 'BUILD',
  filterGroups: apiValue('filterGroups', FilterGroups) as never,
  ...(policy && { pullRequestBuildPolicy: apiValue('pullRequestBuildPolicy', policy) as never }),
})

async function updateWebhook(
  projectName: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const [is, was] = [hasWebhook(properties), hasWebhook(previous)]
  if (is && was) await rc.call('codebuild', 'UpdateWebhook', webhookOf(projectName, properties))
  else if (is) await rc.call('codebuild', 'CreateWebhook', webhookOf(projectName, properties))
  else if (was) await rc.call('codebuild', 'DeleteWebhook', { projectName })
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
    if (hasWebhook(properties))
      await rc.call('codebuild', 'CreateWebhook', webhookOf(name, properties)).catch(async (error) => {
        // What is half made has no physical id yet, by which a rollback would find it.
        await rc.call('codebuild', 'DeleteProject', { name })
        throw error
      })
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
    await updateWebhook(physicalId, properties, previous, rc)
    return { physicalId, attributes: { Arn: made?.arn, Id: physicalId } }
  },
  read: async (physicalId, rc) => {
    const { projects = [] } = await rc.call('codebuild', 'BatchGetProjects', { names: [physicalId] })
    return projects[0] && { physicalId, attributes: { Arn: projects[0].arn, Id: physicalId } }
  },
  delete: async (physicalId, properties, rc) => {
    if (hasWebhook(properties))
      await rc.call('codebuild', 'DeleteWebhook', { projectName: physicalId }).catch((error) => {
        if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
      })
    await rc.call('codebuild', 'DeleteProject', { name: physicalId })
  },
})
