/** AWS::SSM::Parameter. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { type Properties, type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

const TYPE = 'AWS::SSM::Parameter'
const SAME = ['Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType']

function input(properties: Properties, name: string) {
  const given = SAME.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]])
  return { ...Object.fromEntries(given), Name: name } as { Name: string; Value: string }
}

const outcome = (name: string, { Type, Value }: Properties, rc: ReadContext) => ({
  physicalId: name,
  attributes: {
    Type,
    Value,
    Arn: formatArn('ssm', rc.region, rc.account, `parameter${name.startsWith('/') ? '' : '/'}${name}`),
  },
})

export const parameter = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const name = properties.Name ?? rc.generateName()
    const Tags = tagList(resourceTags(properties, rc))
    await rc.call('ssm', 'PutParameter', { ...input(properties, name), ...(Tags.length ? { Tags } : {}) })
    rc.made(name)
    await rc.call('ssm', 'GetParameters', { Names: [name] })
    return outcome(name, properties, rc)
  },
  update: async (name, properties, previous, rc) => {
    await rc.call('ssm', 'GetParameters', { Names: [name] })
    await rc.call('ssm', 'PutParameter', { ...input(properties, name), Overwrite: true })
    const resource = { ResourceType: 'Parameter' as const, ResourceId: name }
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: gone })
    if (hasTags(changed)) await rc.call('ssm', 'AddTagsToResource', { ...resource, Tags: tagList(changed) })
    return outcome(name, properties, rc)
  },
  read: async (name, rc) => {
    const { Parameters = [] } = await rc.call('ssm', 'GetParameters', { Names: [name] })
    return Parameters[0] && outcome(name, Parameters[0], rc)
  },
  delete: async (Name, _properties, rc) => {
    await rc.call('ssm', 'DeleteParameter', { Name }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ParameterNotFound') throw error
    })
  },
})
