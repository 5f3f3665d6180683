/** What CloudFormation needs for IAM resources. */
import { type PermissionTable, reference } from './resource-permissions.ts'

const ROLE = 'arn:aws:iam::{account}:role{Path}{name}'
const POLICY = 'arn:aws:iam::{account}:policy{Path}{name}'

export const iam: PermissionTable = {
  'AWS::IAM::Role': {
    source: reference('AWS::IAM::Role'),
    name: 'RoleName',
    longestName: 64,
    grants: [
      {
        on: ROLE,
        create: ['iam:CreateRole'],
        read: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
        update: ['iam:UpdateAssumeRolePolicy', 'iam:UpdateRole', 'iam:UpdateRoleDescription'],
        delete: ['iam:DeleteRole'],
        tag: ['iam:TagRole', 'iam:UntagRole'],
      },
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
  'AWS::IAM::Policy': {
    source: reference('AWS::IAM::Policy'),
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
    source: reference('AWS::IAM::ManagedPolicy'),
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
  'AWS::IAM::InstanceProfile': {
    source: reference('AWS::IAM::InstanceProfile'),
    name: 'InstanceProfileName',
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
