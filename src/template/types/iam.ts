/** What CloudFormation needs for IAM roles, users and groups. */
import { authorization, registry, type TypeTable } from './type-facts.ts'

const ROLE = 'arn:aws:iam::{account}:role{Path or /}{name}'
const USER = 'arn:aws:iam::{account}:user{Path or /}{name}'
const GROUP = 'arn:aws:iam::{account}:group{Path or /}{name}'

export const iam: TypeTable = {
  'AWS::IAM::Role': {
    ...registry('AWS::IAM::Role', '0c61db28c612'),
    name: { property: 'RoleName', longest: 64 },
    arn: ROLE,
    referred: '{Path or /}{name}',
    systemTags: false,
    grants: [
      {
        on: ROLE,
        create: ['iam:CreateRole'],
        read: ['iam:GetRole'],
        update: ['iam:UpdateAssumeRolePolicy'],
        delete: ['iam:DeleteRole'],
        tag: ['iam:TagRole', 'iam:UntagRole'],
      },
      // AWS: the handler looks for policies that were added beside the template.
      { on: ROLE, read: ['iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'] },
      { on: ROLE, when: ['Description', 'MaxSessionDuration'], update: ['iam:UpdateRole'] },
      {
        on: ROLE,
        when: ['Policies'],
        create: ['iam:PutRolePolicy'],
        read: ['iam:GetRolePolicy'],
        delete: ['iam:DeleteRolePolicy'],
      },
      {
        on: ROLE,
        when: ['ManagedPolicyArns'],
        create: ['iam:AttachRolePolicy'],
        delete: ['iam:DetachRolePolicy'],
      },
      {
        on: ROLE,
        when: ['PermissionsBoundary'],
        create: ['iam:PutRolePermissionsBoundary'],
        delete: ['iam:DeleteRolePermissionsBoundary'],
      },
    ],
  },
  'AWS::IAM::User': {
    ...registry('AWS::IAM::User', '6ef29722adca'),
    name: { property: 'UserName', longest: 64 },
    arn: USER,
    replacedBy: ['Path'],
    referred: '{Path or /}{name}',
    systemTags: false,
    grants: [
      {
        on: USER,
        create: ['iam:CreateUser'],
        read: [
          'iam:GetUser',
          'iam:ListAttachedUserPolicies',
          'iam:ListGroupsForUser',
          'iam:ListUserPolicies',
        ],
        update: ['iam:UpdateUser'],
        delete: ['iam:DeleteUser'],
        tag: ['iam:ListUserTags', 'iam:TagUser', 'iam:UntagUser'],
      },
      // AWS: the handler looks for a password and access keys before it deletes the user.
      { on: USER, read: ['iam:GetLoginProfile', 'iam:ListAccessKeys'] },
      {
        on: USER,
        when: ['LoginProfile'],
        create: ['iam:CreateLoginProfile'],
        update: ['iam:UpdateLoginProfile'],
        delete: ['iam:DeleteLoginProfile'],
      },
      {
        on: USER,
        when: ['PermissionsBoundary'],
        create: ['iam:PutUserPermissionsBoundary'],
        delete: ['iam:DeleteUserPermissionsBoundary'],
      },
      {
        on: USER,
        when: ['Policies'],
        create: ['iam:PutUserPolicy'],
        read: ['iam:GetUserPolicy'],
        delete: ['iam:DeleteUserPolicy'],
      },
      {
        on: USER,
        when: ['ManagedPolicyArns'],
        create: ['iam:AttachUserPolicy'],
        delete: ['iam:DetachUserPolicy'],
      },
      {
        on: 'arn:aws:iam::{account}:group/{Groups}',
        when: ['Groups'],
        create: ['iam:AddUserToGroup'],
        delete: ['iam:RemoveUserFromGroup'],
      },
    ],
  },
  'AWS::IAM::AccessKey': {
    ...authorization('awsidentityandaccessmanagementiam'),
    grants: [
      {
        on: 'arn:aws:iam::{account}:user/{UserName}',
        create: ['iam:CreateAccessKey'],
        read: ['iam:ListAccessKeys'],
        update: ['iam:UpdateAccessKey'],
        delete: ['iam:DeleteAccessKey'],
      },
    ],
  },
  'AWS::IAM::Group': {
    ...registry('AWS::IAM::Group', '9207f1f18bf3'),
    name: { property: 'GroupName', longest: 128 },
    arn: GROUP,
    replacedBy: ['Path'],
    referred: '{Path or /}{name}',
    grants: [
      {
        on: GROUP,
        create: ['iam:CreateGroup'],
        read: ['iam:GetGroup', 'iam:ListAttachedGroupPolicies', 'iam:ListGroupPolicies'],
        update: ['iam:UpdateGroup'],
        delete: ['iam:DeleteGroup'],
      },
      {
        on: GROUP,
        when: ['Policies'],
        create: ['iam:PutGroupPolicy'],
        read: ['iam:GetGroupPolicy'],
        delete: ['iam:DeleteGroupPolicy'],
      },
      {
        on: GROUP,
        when: ['ManagedPolicyArns'],
        create: ['iam:AttachGroupPolicy'],
        delete: ['iam:DetachGroupPolicy'],
      },
    ],
  },
}
