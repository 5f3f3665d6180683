/** Policies of users: inline ones and attached ones. */
import { operation } from '../../../kernel/operation.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '../engine/attached-policies.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../engine/inline-policies.ts'
import { onPrincipal, USER } from '../engine/principals.ts'

/** Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
export const PutUserPolicy = operation({
  service: 'iam',
  name: 'PutUserPolicy',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'PutUserPolicy')],
  run: ({ UserName, PolicyName, PolicyDocument }, ctx) => {
    putInlinePolicy(ctx, USER, UserName, PolicyName, PolicyDocument)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const GetUserPolicy = operation({
  service: 'iam',
  name: 'GetUserPolicy',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'GetUserPolicy')],
  run: ({ UserName, PolicyName }, ctx) => ({
    UserName,
    ...getInlinePolicy(ctx, USER, UserName, PolicyName),
  }),
})

/** Errors: NoSuchEntity. */
export const DeleteUserPolicy = operation({
  service: 'iam',
  name: 'DeleteUserPolicy',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'DeleteUserPolicy')],
  run: ({ UserName, PolicyName }, ctx) => {
    deleteInlinePolicy(ctx, USER, UserName, PolicyName)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListUserPolicies = operation({
  service: 'iam',
  name: 'ListUserPolicies',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'ListUserPolicies')],
  run: (input, ctx) => listInlinePolicies(ctx, USER, input.UserName, input),
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export const AttachUserPolicy = operation({
  service: 'iam',
  name: 'AttachUserPolicy',
  access: ({ UserName, PolicyArn }, ctx) => [
    onPrincipal(ctx, USER, UserName, 'AttachUserPolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ UserName, PolicyArn }, ctx) => {
    attachPolicy(ctx, USER, UserName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DetachUserPolicy = operation({
  service: 'iam',
  name: 'DetachUserPolicy',
  access: ({ UserName, PolicyArn }, ctx) => [
    onPrincipal(ctx, USER, UserName, 'DetachUserPolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ UserName, PolicyArn }, ctx) => {
    detachPolicy(ctx, USER, UserName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListAttachedUserPolicies = operation({
  service: 'iam',
  name: 'ListAttachedUserPolicies',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, UserName, 'ListAttachedUserPolicies')],
  run: (input, ctx) => listAttachedPolicies(ctx, USER, input.UserName, input),
})

/** Every operation of this file. */
export const userPolicyOperations = [
  PutUserPolicy,
  GetUserPolicy,
  DeleteUserPolicy,
  ListUserPolicies,
  AttachUserPolicy,
  DetachUserPolicy,
  ListAttachedUserPolicies,
]
