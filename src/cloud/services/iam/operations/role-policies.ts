/** Policies of roles: inline ones and attached ones. */
import { operation } from '../../../kernel/operation.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '../engine/attached-policies.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../engine/inline-policies.ts'
import { onPrincipal, ROLE } from '../engine/principals.ts'

/** Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
export const PutRolePolicy = operation({
  service: 'iam',
  name: 'PutRolePolicy',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'PutRolePolicy')],
  run: ({ RoleName, PolicyName, PolicyDocument }, ctx) => {
    putInlinePolicy(ctx, ROLE, RoleName, PolicyName, PolicyDocument)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const GetRolePolicy = operation({
  service: 'iam',
  name: 'GetRolePolicy',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'GetRolePolicy')],
  run: ({ RoleName, PolicyName }, ctx) => ({
    RoleName,
    ...getInlinePolicy(ctx, ROLE, RoleName, PolicyName),
  }),
})

/** Errors: NoSuchEntity. */
export const DeleteRolePolicy = operation({
  service: 'iam',
  name: 'DeleteRolePolicy',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'DeleteRolePolicy')],
  run: ({ RoleName, PolicyName }, ctx) => {
    deleteInlinePolicy(ctx, ROLE, RoleName, PolicyName)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListRolePolicies = operation({
  service: 'iam',
  name: 'ListRolePolicies',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'ListRolePolicies')],
  run: (input, ctx) => listInlinePolicies(ctx, ROLE, input.RoleName, input),
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export const AttachRolePolicy = operation({
  service: 'iam',
  name: 'AttachRolePolicy',
  access: ({ RoleName, PolicyArn }, ctx) => [
    onPrincipal(ctx, ROLE, RoleName, 'AttachRolePolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ RoleName, PolicyArn }, ctx) => {
    attachPolicy(ctx, ROLE, RoleName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DetachRolePolicy = operation({
  service: 'iam',
  name: 'DetachRolePolicy',
  access: ({ RoleName, PolicyArn }, ctx) => [
    onPrincipal(ctx, ROLE, RoleName, 'DetachRolePolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ RoleName, PolicyArn }, ctx) => {
    detachPolicy(ctx, ROLE, RoleName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListAttachedRolePolicies = operation({
  service: 'iam',
  name: 'ListAttachedRolePolicies',
  access: ({ RoleName }, ctx) => [onPrincipal(ctx, ROLE, RoleName, 'ListAttachedRolePolicies')],
  run: (input, ctx) => listAttachedPolicies(ctx, ROLE, input.RoleName, input),
})

/** Every operation of this file. */
export const rolePolicyOperations = [
  PutRolePolicy,
  GetRolePolicy,
  DeleteRolePolicy,
  ListRolePolicies,
  AttachRolePolicy,
  DetachRolePolicy,
  ListAttachedRolePolicies,
]
