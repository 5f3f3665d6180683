/** The service iam, and the directory of principals that the gateway asks. */
import { service } from '../../service.ts'
import { accessKeyOperations } from './access-keys.ts'
import { GetAccountAuthorizationDetails } from './account-details.ts'
import { CreateRole } from './create-role.ts'
import { DeleteRole } from './delete-role.ts'
import { GetRole, ListRoles } from './get-role.ts'
import { groupPolicyOperations } from './group-policies.ts'
import { groupOperations } from './groups.ts'
import { instanceProfileOperations } from './instance-profiles.ts'
import { GetLoginProfile } from './login-profile.ts'
import { CreatePolicy, DeletePolicy, GetPolicy, ListEntitiesForPolicy, ListPolicies } from './policies.ts'
import { policyVersionOperations } from './policy-versions.ts'
import { iamResourceTypes } from './resources/index.ts'
import { rolePolicyOperations } from './role-policies.ts'
import { roleSettingOperations } from './role-settings.ts'
import { SimulateCustomPolicy, SimulatePrincipalPolicy } from './simulate.ts'
import { UpdateAssumeRolePolicy, UpdateRole, UpdateRoleDescription } from './update-role.ts'
import { userPolicyOperations } from './user-policies.ts'
import { userSettingOperations } from './user-settings.ts'
import { CreateUser, DeleteUser, GetUser, ListUsers } from './users.ts'

export { createDirectory } from './directory.ts'

export const iam = service({
  id: 'iam',
  operations: [
    CreateRole,
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
    SimulatePrincipalPolicy,
    SimulateCustomPolicy,
    GetAccountAuthorizationDetails,
  ],
  resourceTypes: iamResourceTypes,
})
