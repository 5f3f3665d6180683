/** Tags of parameters: AddTagsToResource, RemoveTagsFromResource and ListTagsForResource. */
import { AwsError } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { parameterKind } from '../kinds.ts'

interface TagInput {
  readonly ResourceType: string
  readonly ResourceId: string
}

/** Errors: InvalidResourceType for anything but parameters, InvalidResourceId. */
export const [AddTagsToResource, RemoveTagsFromResource, ListTagsForResource] = tagOperations<TagInput>({
  service: 'ssm',
  names: ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'],
  members: ['Tags', 'TagKeys'],
  form: tagPairs('Key', 'Value'),
  resource: ({ ResourceId }) =>
    parameterKind.tagged(ResourceId, {
      absent: ({ name }) =>
        new AwsError(
          'InvalidResourceId',
          `The resource ID "${name}" is not valid. Verify the ID and try again.`,
        ),
    }),
  check: ({ ResourceType }) => {
    if (ResourceType === 'Parameter') return
    throw new AwsError(
      'InvalidResourceType',
      `The embedded cloud has no tags for resources of type ${ResourceType}.`,
    )
  },
  listed: (TagList) => ({ TagList }),
})
