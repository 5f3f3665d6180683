/** IAM's resource types. */
import type { ResourceType } from '../../../kernel/resource-type.ts'
import { accessKey } from './access-key.ts'
import { group } from './group.ts'
import { instanceProfile } from './instance-profile.ts'
import { managedPolicy } from './managed-policy.ts'
import { oidcProvider } from './oidc-provider.ts'
import { policy } from './policy.ts'
import { principalPolicies } from './principal-policy.ts'
import { role } from './role.ts'
import { user } from './user.ts'
import { userToGroupAddition } from './user-to-group-addition.ts'

export const iamResourceTypes: readonly ResourceType[] = [
  role,
  policy,
  managedPolicy,
  user,
  group,
  accessKey,
  instanceProfile,
  oidcProvider,
  userToGroupAddition,
  ...principalPolicies,
]
