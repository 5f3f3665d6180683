/** Policies of groups: inline ones and attached ones. */
import { operation } from '../../../kernel/operation.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '../engine/attached-policies.ts'
import {
  deleteInlinePolicy,
  getInlinePolicy,
  listInlinePolicies,
  putInlinePolicy,
} from '../engine/inline-policies.ts'
import { GROUP, onPrincipal } from '../engine/principals.ts'

/** Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
export const PutGroupPolicy = operation({
  service: 'iam',
  name: 'PutGroupPolicy',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'PutGroupPolicy')],
  run: ({ GroupName, PolicyName, PolicyDocument }, ctx) => {
    putInlinePolicy(ctx, GROUP, GroupName, PolicyName, PolicyDocument)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const GetGroupPolicy = operation({
  service: 'iam',
  name: 'GetGroupPolicy',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'GetGroupPolicy')],
  run: ({ GroupName, PolicyName }, ctx) => ({
    GroupName,
    ...getInlinePolicy(ctx, GROUP, GroupName, PolicyName),
  }),
})

/** Errors: NoSuchEntity. */
export const DeleteGroupPolicy = operation({
  service: 'iam',
  name: 'DeleteGroupPolicy',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'DeleteGroupPolicy')],
  run: ({ GroupName, PolicyName }, ctx) => {
    deleteInlinePolicy(ctx, GROUP, GroupName, PolicyName)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListGroupPolicies = operation({
  service: 'iam',
  name: 'ListGroupPolicies',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'ListGroupPolicies')],
  run: (input, ctx) => listInlinePolicies(ctx, GROUP, input.GroupName, input),
})

/** Errors: NoSuchEntity, InvalidInput, LimitExceeded. */
export const AttachGroupPolicy = operation({
  service: 'iam',
  name: 'AttachGroupPolicy',
  access: ({ GroupName, PolicyArn }, ctx) => [
    onPrincipal(ctx, GROUP, GroupName, 'AttachGroupPolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ GroupName, PolicyArn }, ctx) => {
    attachPolicy(ctx, GROUP, GroupName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const DetachGroupPolicy = operation({
  service: 'iam',
  name: 'DetachGroupPolicy',
  access: ({ GroupName, PolicyArn }, ctx) => [
    onPrincipal(ctx, GROUP, GroupName, 'DetachGroupPolicy', { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ GroupName, PolicyArn }, ctx) => {
    detachPolicy(ctx, GROUP, GroupName, PolicyArn)
    return {}
  },
})

/** Errors: NoSuchEntity. */
export const ListAttachedGroupPolicies = operation({
  service: 'iam',
  name: 'ListAttachedGroupPolicies',
  access: ({ GroupName }, ctx) => [onPrincipal(ctx, GROUP, GroupName, 'ListAttachedGroupPolicies')],
  run: (input, ctx) => listAttachedPolicies(ctx, GROUP, input.GroupName, input),
})

/** Every operation of this file. */
export const groupPolicyOperations = [
  PutGroupPolicy,
  GetGroupPolicy,
  DeleteGroupPolicy,
  ListGroupPolicies,
  AttachGroupPolicy,
  DetachGroupPolicy,
  ListAttachedGroupPolicies,
]
