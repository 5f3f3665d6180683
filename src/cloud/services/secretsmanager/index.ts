/** Secrets Manager: values encrypted by KMS per version, stages, recovery windows, resource policies. No rotation. */
import { service } from '../../service.ts'
import { CreateSecret } from './create-secret.ts'
import { DeleteSecret, RestoreSecret } from './delete-secret.ts'
import {
  DescribeSecret,
  ListSecrets,
  ListSecretVersionIds,
  UpdateSecretVersionStage,
} from './describe-secret.ts'
import { GetRandomPassword } from './random-password.ts'
import {
  DeleteResourcePolicy,
  GetResourcePolicy,
  PutResourcePolicy,
  ValidateResourcePolicy,
} from './resource-policy.ts'
import { resourcePolicy } from './resources/resource-policy.ts'
import { secret } from './resources/secret.ts'
import { BatchGetSecretValue, GetSecretValue, PutSecretValue, UpdateSecret } from './secret-value.ts'
import { TagResource, UntagResource } from './tag.ts'

export const secretsmanager = service({
  id: 'secretsmanager',
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
