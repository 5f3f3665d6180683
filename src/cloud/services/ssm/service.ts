/** Systems Manager, as far as Parameter Store goes. */

import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { DeleteParameter, DeleteParameters } from './operations/delete-parameters.ts'
import { DescribeParameters } from './operations/describe-parameters.ts'
import {
  GetParameter,
  GetParameterHistory,
  GetParameters,
  GetParametersByPath,
} from './operations/get-parameters.ts'
import { LabelParameterVersion, UnlabelParameterVersion } from './operations/labels.ts'
import { PutParameter } from './operations/put-parameter.ts'
import { AddTagsToResource, ListTagsForResource, RemoveTagsFromResource } from './operations/tags.ts'
import { parameter } from './resources/parameter.ts'

export const ssm = implementation({
  kinds,
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
