/** AWS::CodeCommit::Repository. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const triggersOf = ({ Triggers: triggers = [] }: Properties) =>
  (triggers as Properties[]).map((one) => ({
    name: one.Name,
    destinationArn: one.DestinationArn,
    customData: one.CustomData,
    branches: one.Branches,
    events: one.Events,
  }))

/** Gives what a repository is called now, by its id. AWS: the handler lists repositories for it. */
async function nameOf(id: string, rc: ResourceContext): Promise<string | undefined> {
  let nextToken: string | undefined
  do {
    const page = await rc.call('codecommit', 'ListRepositories', { nextToken })
    const found = page.repositories?.find(({ repositoryId }) => repositoryId === id)
    if (found) return found.repositoryName
    nextToken = page.nextToken
  } while (nextToken)
  return undefined
}

async function outcome(repositoryName: string, rc: ResourceContext) {
  const { repositoryMetadata: made } = await rc.call('codecommit', 'GetRepository', { repositoryName })
  return {
    physicalId: made!.repositoryId!,
    attributes: {
      Arn: made!.Arn,
      Name: made!.repositoryName,
      RepositoryId: made!.repositoryId,
      CloneUrlHttp: made!.cloneUrlHttp,
      CloneUrlSsh: made!.cloneUrlSsh,
    },
  }
}

async function retag(arn: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  await rc.call('codecommit', 'ListTagsForResource', { resourceArn: arn })
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('codecommit', 'UntagResource', { resourceArn: arn, tagKeys: gone })
  if (hasTags(changed)) await rc.call('codecommit', 'TagResource', { resourceArn: arn, tags: { ...changed } })
}

export const repository = resourceType({
  type: 'AWS::CodeCommit::Repository',
  create: async (properties, rc) => {
    const { RepositoryName: repositoryName, Code: code } = properties
    const tags = resourceTags(properties, rc)
    const { repositoryMetadata: made } = await rc.call('codecommit', 'CreateRepository', {
      repositoryName,
      repositoryDescription: properties.RepositoryDescription,
      kmsKeyId: properties.KmsKeyId,
      ...(hasTags(tags) && { tags: { ...tags } }),
    })
    rc.made(made!.repositoryId!)
    if (code)
      await rc.call('codecommit', 'ImportArchive', {
        repositoryName,
        branchName: code.BranchName ?? 'main',
        bucket: code.S3.Bucket,
        key: code.S3.Key,
        version: code.S3.ObjectVersion,
      })
    const triggers = triggersOf(properties)
    if (triggers.length) await rc.call('codecommit', 'PutRepositoryTriggers', { repositoryName, triggers })
    return outcome(repositoryName, rc)
  },
  // AWS: `Code` counts when the repository is made; later changes of it are ignored.
  update: async (_id, properties, previous, rc) => {
    const { RepositoryName: name, RepositoryDescription: repositoryDescription } = properties
    if (!same(properties.KmsKeyId, previous.KmsKeyId))
      await rc.call('codecommit', 'UpdateRepositoryEncryptionKey', {
        repositoryName: previous.RepositoryName,
        kmsKeyId: properties.KmsKeyId,
      })
    if (name !== previous.RepositoryName)
      await rc.call('codecommit', 'UpdateRepositoryName', { oldName: previous.RepositoryName, newName: name })
    if (repositoryDescription !== previous.RepositoryDescription)
      await rc.call('codecommit', 'UpdateRepositoryDescription', {
        repositoryName: name,
        repositoryDescription: repositoryDescription ?? '',
      })
    const triggers = triggersOf(properties)
    if (!same(triggers, triggersOf(previous)))
      await rc.call('codecommit', 'PutRepositoryTriggers', { repositoryName: name, triggers })
    const now = await outcome(name, rc)
    await retag(now.attributes.Arn!, properties, previous, rc)
    return now
  },
  delete: async (id, _properties, rc) => {
    const repositoryName = await nameOf(id, rc)
    if (repositoryName !== undefined) await rc.call('codecommit', 'DeleteRepository', { repositoryName })
  },
})
