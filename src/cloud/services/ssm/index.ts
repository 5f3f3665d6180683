/** Systems Manager, as far as Parameter Store goes. */
import { service } from '../../service.ts'
import { DeleteParameter, DeleteParameters } from './delete-parameters.ts'
import { DescribeParameters } from './describe-parameters.ts'
import { GetParameter, GetParameterHistory, GetParameters, GetParametersByPath } from './get-parameters.ts'
import { LabelParameterVersion, UnlabelParameterVersion } from './labels.ts'
import { PutParameter } from './put-parameter.ts'
import { parameter } from './resources/parameter.ts'
import { AddTagsToResource, ListTagsForResource, RemoveTagsFromResource } from './tag.ts'

export const ssm = service({
  id: 'ssm',
  operations: [
    PutParameter,
    GetParameter,
    GetParameters,
    GetParametersByPath,
    GetParameterHistory,
    DescribeParameters,
    DeleteParameter,
    DeleteParameters,
    LabelParameterVersion,
    UnlabelParameterVersion,
    AddTagsToResource,
    RemoveTagsFromResource,
    ListTagsForResource,
  ],
  resourceTypes: [parameter],
})
