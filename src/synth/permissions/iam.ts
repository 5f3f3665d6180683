/** What CloudFormation needs for IAM resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

const ROLE = 'arn:aws:iam::{account}:role{Path}{name}'
const POLICY = 'arn:aws:iam::{account}:policy{Path}{name}'
const USER = 'arn:aws:iam::{account}:user{Path}{name}'
const documented = authorization('awsidentityandaccessmanagementiam')

export const iam: PermissionTable = {
  'AWS::IAM::Role': {
    ...registry('AWS::IAM::Role'),
    name: 'RoleName',
    longestName: 64,
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
      {
        on: ROLE,
        read: ['iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
        unseen:
          'the handler looks for policies that were added beside the template before it deletes the role',
      },
      { on: ROLE, when: ['Description', 'MaxSessionDuration'], update: ['iam:UpdateRole'] },
      {
        on: ROLE,
        when: ['Policies'],
        create: ['iam:PutRolePolicy'],
        delete: ['iam:DeleteRolePolicy'],
      },
      {
        on: ROLE,
        when: ['Policies'],
        read: ['iam:GetRolePolicy'],
        unseen: 'the handler reads back each inline policy that it has put',
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
  'AWS::IAM::Policy': {
    ...documented,
    grants: [
      {
        on: 'arn:aws:iam::{account}:role/{Roles}',
        when: ['Roles'],
        create: ['iam:PutRolePolicy'],
        read: ['iam:GetRolePolicy'],
        delete: ['iam:DeleteRolePolicy'],
      },
      {
        on: 'arn:aws:iam::{account}:user/{Users}',
        when: ['Users'],
        create: ['iam:PutUserPolicy'],
        read: ['iam:GetUserPolicy'],
        delete: ['iam:DeleteUserPolicy'],
      },
      {
        on: 'arn:aws:iam::{account}:group/{Groups}',
        when: ['Groups'],
        create: ['iam:PutGroupPolicy'],
        read: ['iam:GetGroupPolicy'],
        delete: ['iam:DeleteGroupPolicy'],
      },
    ],
  },
  'AWS::IAM::ManagedPolicy': {
    ...documented,
    name: 'ManagedPolicyName',
    grants: [
      {
        on: POLICY,
        create: ['iam:CreatePolicy'],
        read: [
          'iam:GetPolicy',
          'iam:GetPolicyVersion',
          'iam:ListEntitiesForPolicy',
          'iam:ListPolicyVersions',
        ],
        update: ['iam:CreatePolicyVersion'],
        delete: ['iam:DeletePolicy', 'iam:DeletePolicyVersion'],
      },
      {
        on: 'arn:aws:iam::{account}:role/{Roles}',
        when: ['Roles'],
        create: ['iam:AttachRolePolicy'],
        delete: ['iam:DetachRolePolicy'],
      },
    ],
  },
  'AWS::IAM::User': {
    ...documented,
    name: 'UserName',
    longestName: 64,
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
        tag: ['iam:TagUser', 'iam:UntagUser'],
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
  'AWS::IAM::InstanceProfile': {
    ...documented,
    name: 'InstanceProfileName',
    passes: { Roles: 'ec2.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:iam::{account}:instance-profile{Path}{name}',
        create: ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'],
        read: ['iam:GetInstanceProfile'],
        delete: ['iam:DeleteInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
      },
    ],
  },
}
