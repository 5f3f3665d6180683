/** The service kms. */
import { service } from '../../service.ts'
import { CreateAlias, DeleteAlias, ListAliases, UpdateAlias } from './aliases.ts'
import { CreateGrant } from './create-grant.ts'
import { CreateKey } from './create-key.ts'
import { Decrypt } from './decrypt.ts'
import { DescribeKey, ListKeys } from './describe-key.ts'
import { Encrypt } from './encrypt.ts'
import { GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateRandom } from './generate-data-key.ts'
import { ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant } from './grants.ts'
import { CancelKeyDeletion, ScheduleKeyDeletion } from './key-deletion.ts'
import { GetKeyPolicy, ListKeyPolicies, PutKeyPolicy } from './key-policies.ts'
import {
  DisableKey,
  DisableKeyRotation,
  EnableKey,
  EnableKeyRotation,
  GetKeyRotationStatus,
  UpdateKeyDescription,
} from './key-settings.ts'
import { ReEncrypt } from './re-encrypt.ts'
import { alias } from './resources/alias.ts'
import { key } from './resources/key.ts'
import { ListResourceTags, TagResource, UntagResource } from './tags.ts'

export const kms = service({
  id: 'kms',
  operations: [
    CreateKey,
    DescribeKey,
    ListKeys,
    Encrypt,
    Decrypt,
    ReEncrypt,
    GenerateDataKey,
    GenerateDataKeyWithoutPlaintext,
    GenerateRandom,
    CreateAlias,
    UpdateAlias,
    DeleteAlias,
    ListAliases,
    GetKeyPolicy,
    PutKeyPolicy,
    ListKeyPolicies,
    CreateGrant,
    ListGrants,
    ListRetirableGrants,
    RevokeGrant,
    RetireGrant,
    EnableKey,
    DisableKey,
    UpdateKeyDescription,
    EnableKeyRotation,
    DisableKeyRotation,
    GetKeyRotationStatus,
    ScheduleKeyDeletion,
    CancelKeyDeletion,
    TagResource,
    UntagResource,
    ListResourceTags,
  ],
  resourceTypes: [key, alias],
})
