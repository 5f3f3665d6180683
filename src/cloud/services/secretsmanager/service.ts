/** Secrets Manager: values encrypted by KMS per version, stages, recovery windows, resource policies. No rotation. */

import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { CreateSecret } from './operations/create-secret.ts'
import { DeleteSecret, RestoreSecret } from './operations/delete-secret.ts'
import {
  DescribeSecret,
  ListSecrets,
  ListSecretVersionIds,
  UpdateSecretVersionStage,
} from './operations/describe-secret.ts'
import { GetRandomPassword } from './operations/get-random-password.ts'
import {
  DeleteResourcePolicy,
  GetResourcePolicy,
  PutResourcePolicy,
  ValidateResourcePolicy,
} from './operations/resource-policies.ts'
import {
  BatchGetSecretValue,
  GetSecretValue,
  PutSecretValue,
  UpdateSecret,
} from './operations/secret-values.ts'
import { TagResource, UntagResource } from './operations/tags.ts'
import { resourcePolicy } from './resources/resource-policy.ts'
import { secret } from './resources/secret.ts'

export const secretsmanager = implementation({
  kinds,
  operations: [
    CreateSecret,
    GetSecretValue,
    BatchGetSecretValue,
    PutSecretValue,
    UpdateSecret,
    DeleteSecret,
    RestoreSecret,
    DescribeSecret,
    ListSecrets,
    ListSecretVersionIds,
    UpdateSecretVersionStage,
    PutResourcePolicy,
    GetResourcePolicy,
    DeleteResourcePolicy,
    ValidateResourcePolicy,
    GetRandomPassword,
    TagResource,
    UntagResource,
  ],
  resourceTypes: [secret, resourcePolicy],
})
