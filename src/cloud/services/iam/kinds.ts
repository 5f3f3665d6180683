/** The kinds of resources that IAM keeps. */
import { policyKind } from './engine/policy-access.ts'
import { GROUP, ROLE, USER } from './engine/principals.ts'
import { profileKind } from './operations/instance-profiles.ts'
import { oidcProviderKind } from './operations/oidc-providers.ts'

export const kinds = [ROLE.resource, USER.resource, GROUP.resource, policyKind, profileKind, oidcProviderKind]
