/** The service kms. */

import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { CreateAlias, DeleteAlias, ListAliases, UpdateAlias } from './operations/aliases.ts'
import { CreateGrant } from './operations/create-grant.ts'
import { CreateKey } from './operations/create-key.ts'
import { Decrypt } from './operations/decrypt.ts'
import { DescribeKey, ListKeys } from './operations/describe-key.ts'
import { Encrypt } from './operations/encrypt.ts'
import {
  GenerateDataKey,
  GenerateDataKeyWithoutPlaintext,
  GenerateRandom,
} from './operations/generate-data-key.ts'
import { ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant } from './operations/grants.ts'
import { GetKeyPolicy, ListKeyPolicies, PutKeyPolicy } from './operations/key-policies.ts'
import {
  DisableKey,
  DisableKeyRotation,
  EnableKey,
  EnableKeyRotation,
  GetKeyRotationStatus,
  UpdateKeyDescription,
} from './operations/key-settings.ts'
import { ReEncrypt } from './operations/re-encrypt.ts'
import { CancelKeyDeletion, ScheduleKeyDeletion } from './operations/schedule-key-deletion.ts'
import { ListResourceTags, TagResource, UntagResource } from './operations/tags.ts'
import { alias } from './resources/alias.ts'
import { key } from './resources/key.ts'

export const kms = implementation({
  kinds,
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
