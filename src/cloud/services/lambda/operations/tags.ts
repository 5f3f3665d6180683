/** Tags of functions and of event source mappings. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagRecord } from '../../../kernel/tag-operations.ts'
import { type FunctionRef, reference } from '../engine/find.ts'
import { functionKind, mappingKind } from '../kinds.ts'

/** Tags belong to the function, so its ARN must come without a qualifier. */
function unqualified(ref: FunctionRef): FunctionRef {
  if (ref.qualifier === undefined) return ref
  throw new AwsError(
    'InvalidParameterValueException',
    'Tags on function aliases and versions are not supported. Please specify a function ARN.',
  )
}

export const [TagResource, UntagResource, ListTags] = tagOperations<{ readonly Resource: string }>({
  service: 'lambda',
  names: ['TagResource', 'UntagResource', 'ListTags'],
  members: ['Tags', 'TagKeys'],
  form: tagRecord,
  resource: ({ Resource }, ctx) => {
    const [, uuid] = /^event-source-mapping:(.+)$/.exec(parseArn(Resource)?.resource ?? '') ?? []
    if (uuid !== undefined) return mappingKind.tagged(uuid)
    return functionKind.tagged(unqualified(reference(ctx, Resource)))
  },
})
