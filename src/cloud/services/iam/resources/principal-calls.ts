/** What resource types ask of IAM for a user, group or role, under one set of names. */
import type { Arn } from '../../../../model/index.ts'
import type { ResourceContext } from '../../../kernel/resource-type.ts'

export interface PrincipalCalls {
  get(): Promise<unknown>
  /** Inline policies. */
  list(): Promise<unknown>
  listAttached(): Promise<unknown>
  read(policy: string): Promise<unknown>
  put(policy: string, document: string): Promise<unknown>
  remove(policy: string): Promise<unknown>
  attach(policy: Arn): Promise<unknown>
  detach(policy: Arn): Promise<unknown>
}

/** What users and roles have beyond groups. */
export interface SettingCalls {
  setBoundary(policy: Arn): Promise<unknown>
  clearBoundary(): Promise<unknown>
  tag(tags: { Key: string; Value: string }[]): Promise<unknown>
  untag(keys: string[]): Promise<unknown>
}

export function roleCalls(rc: ResourceContext, RoleName: string): PrincipalCalls & SettingCalls {
  return {
    get: () => rc.call('iam', 'GetRole', { RoleName }),
    list: () => rc.call('iam', 'ListRolePolicies', { RoleName }),
    listAttached: () => rc.call('iam', 'ListAttachedRolePolicies', { RoleName }),
    read: (PolicyName) => rc.call('iam', 'GetRolePolicy', { RoleName, PolicyName }),
    put: (PolicyName, PolicyDocument) =>
      rc.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument }),
    remove: (PolicyName) => rc.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }),
    attach: (PolicyArn) => rc.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn }),
    detach: (PolicyArn) => rc.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }),
    setBoundary: (PermissionsBoundary) =>
      rc.call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }),
    clearBoundary: () => rc.call('iam', 'DeleteRolePermissionsBoundary', { RoleName }),
    tag: (Tags) => rc.call('iam', 'TagRole', { RoleName, Tags }),
    untag: (TagKeys) => rc.call('iam', 'UntagRole', { RoleName, TagKeys }),
  }
}

export function userCalls(rc: ResourceContext, UserName: string): PrincipalCalls & SettingCalls {
  return {
    get: () => rc.call('iam', 'GetUser', { UserName }),
    list: () => rc.call('iam', 'ListUserPolicies', { UserName }),
    listAttached: () => rc.call('iam', 'ListAttachedUserPolicies', { UserName }),
    read: (PolicyName) => rc.call('iam', 'GetUserPolicy', { UserName, PolicyName }),
    put: (PolicyName, PolicyDocument) =>
      rc.call('iam', 'PutUserPolicy', { UserName, PolicyName, PolicyDocument }),
    remove: (PolicyName) => rc.call('iam', 'DeleteUserPolicy', { UserName, PolicyName }),
    attach: (PolicyArn) => rc.call('iam', 'AttachUserPolicy', { UserName, PolicyArn }),
    detach: (PolicyArn) => rc.call('iam', 'DetachUserPolicy', { UserName, PolicyArn }),
    setBoundary: (PermissionsBoundary) =>
      rc.call('iam', 'PutUserPermissionsBoundary', { UserName, PermissionsBoundary }),
    clearBoundary: () => rc.call('iam', 'DeleteUserPermissionsBoundary', { UserName }),
    tag: (Tags) => rc.call('iam', 'TagUser', { UserName, Tags }),
    untag: (TagKeys) => rc.call('iam', 'UntagUser', { UserName, TagKeys }),
  }
}

export function groupCalls(rc: ResourceContext, GroupName: string): PrincipalCalls {
  return {
    get: () => rc.call('iam', 'GetGroup', { GroupName }),
    list: () => rc.call('iam', 'ListGroupPolicies', { GroupName }),
    listAttached: () => rc.call('iam', 'ListAttachedGroupPolicies', { GroupName }),
    read: (PolicyName) => rc.call('iam', 'GetGroupPolicy', { GroupName, PolicyName }),
    put: (PolicyName, PolicyDocument) =>
      rc.call('iam', 'PutGroupPolicy', { GroupName, PolicyName, PolicyDocument }),
    remove: (PolicyName) => rc.call('iam', 'DeleteGroupPolicy', { GroupName, PolicyName }),
    attach: (PolicyArn) => rc.call('iam', 'AttachGroupPolicy', { GroupName, PolicyArn }),
    detach: (PolicyArn) => rc.call('iam', 'DetachGroupPolicy', { GroupName, PolicyArn }),
  }
}
