/** The service iam. */

import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { accessKeyOperations } from './operations/access-keys.ts'
import { accountAliasOperations } from './operations/account-aliases.ts'
import { CreateRole } from './operations/create-role.ts'
import { DeleteRole } from './operations/delete-role.ts'
import { GetAccountAuthorizationDetails } from './operations/get-account-authorization-details.ts'
import { GetLoginProfile } from './operations/get-login-profile.ts'
import { GetRole, ListRoles } from './operations/get-role.ts'
import { groupPolicyOperations } from './operations/group-policies.ts'
import { groupOperations } from './operations/groups.ts'
import { instanceProfileOperations } from './operations/instance-profiles.ts'
import { oidcProviderOperations } from './operations/oidc-providers.ts'
import {
  CreatePolicy,
  DeletePolicy,
  GetPolicy,
  ListEntitiesForPolicy,
  ListPolicies,
} from './operations/policies.ts'
import { policyVersionOperations } from './operations/policy-versions.ts'
import { rolePolicyOperations } from './operations/role-policies.ts'
import { roleSettingOperations } from './operations/role-settings.ts'
import { CreateServiceLinkedRole } from './operations/service-linked-roles.ts'
import { SimulateCustomPolicy, SimulatePrincipalPolicy } from './operations/simulate-principal-policy.ts'
import { UpdateAssumeRolePolicy, UpdateRole, UpdateRoleDescription } from './operations/update-role.ts'
import { userPolicyOperations } from './operations/user-policies.ts'
import { userSettingOperations } from './operations/user-settings.ts'
import { CreateUser, DeleteUser, GetUser, ListUsers } from './operations/users.ts'
import { iamResourceTypes } from './resources/index.ts'

export const iam = implementation({
  kinds,
  operations: [
    CreateRole,
    CreateServiceLinkedRole,
    GetRole,
    ListRoles,
    UpdateRole,
    UpdateRoleDescription,
    UpdateAssumeRolePolicy,
    DeleteRole,
    ...rolePolicyOperations,
    ...roleSettingOperations,
    CreateUser,
    GetUser,
    ListUsers,
    DeleteUser,
    GetLoginProfile,
    ...accountAliasOperations,
    ...accessKeyOperations,
    ...userPolicyOperations,
    ...userSettingOperations,
    ...groupOperations,
    ...groupPolicyOperations,
    CreatePolicy,
    GetPolicy,
    ListPolicies,
    DeletePolicy,
    ListEntitiesForPolicy,
    ...policyVersionOperations,
    ...instanceProfileOperations,
    ...oidcProviderOperations,
    SimulatePrincipalPolicy,
    SimulateCustomPolicy,
    GetAccountAuthorizationDetails,
  ],
  resourceTypes: iamResourceTypes,
})
