/** What CloudFormation needs for IAM policies, and for what lets services and identity providers in. */
import { type PhaseActions, registry, type TypeTable } from './type-facts.ts'

const POLICY = 'arn:aws:iam::{account}:policy{Path or /}{name}'
const PROFILE = 'arn:aws:iam::{account}:instance-profile{Path or /}{name}'
/** AWS: named after the address; an address that only the deployment knows gives `*`. */
const PROVIDER = 'arn:aws:iam::{account}:oidc-provider/*'
const LINKED = 'arn:aws:iam::{account}:role/aws-service-role/{AWSServiceName}/*'

const ofRoles = (actions: PhaseActions) => ({
  on: 'arn:aws:iam::{account}:role/{Roles}',
  when: ['Roles'],
  ...actions,
})
const ofUsers = (actions: PhaseActions) => ({
  on: 'arn:aws:iam::{account}:user/{Users}',
  when: ['Users'],
  ...actions,
})
const ofGroups = (actions: PhaseActions) => ({
  on: 'arn:aws:iam::{account}:group/{Groups}',
  when: ['Groups'],
  ...actions,
})

export const iamPolicies: TypeTable = {
  'AWS::IAM::Policy': {
    ...registry('AWS::IAM::Policy', '4d2f3e4a6f33'),
    name: { longest: 64 },
    ref: '{name}',
    rules: [
      {
        needs: 'one',
        of: ['Groups', 'Roles', 'Users'],
        message: 'At least one of [Groups,Roles,Users] must be non-empty.',
      },
    ],
    grants: [
      ofRoles({
        create: ['iam:PutRolePolicy'],
        read: ['iam:GetRolePolicy'],
        delete: ['iam:DeleteRolePolicy'],
      }),
      ofUsers({
        create: ['iam:PutUserPolicy'],
        read: ['iam:GetUserPolicy'],
        delete: ['iam:DeleteUserPolicy'],
      }),
      ofGroups({
        create: ['iam:PutGroupPolicy'],
        read: ['iam:GetGroupPolicy'],
        delete: ['iam:DeleteGroupPolicy'],
      }),
    ],
  },
  'AWS::IAM::ManagedPolicy': {
    ...registry('AWS::IAM::ManagedPolicy', 'ca0520474b26'),
    name: { property: 'ManagedPolicyName', longest: 128 },
    arn: POLICY,
    ref: '{arn}',
    attributes: { PolicyArn: '{arn}' },
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
      ofRoles({ create: ['iam:AttachRolePolicy'], delete: ['iam:DetachRolePolicy'] }),
      ofUsers({ create: ['iam:AttachUserPolicy'], delete: ['iam:DetachUserPolicy'] }),
      ofGroups({ create: ['iam:AttachGroupPolicy'], delete: ['iam:DetachGroupPolicy'] }),
    ],
  },
  'AWS::IAM::InstanceProfile': {
    ...registry('AWS::IAM::InstanceProfile', '061ddc2b8635'),
    name: { property: 'InstanceProfileName', longest: 128 },
    arn: PROFILE,
    passes: { Roles: 'ec2.amazonaws.com' },
    grants: [
      {
        on: PROFILE,
        create: ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'],
        read: ['iam:GetInstanceProfile'],
        delete: ['iam:DeleteInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
      },
    ],
  },
  'AWS::IAM::OIDCProvider': {
    ...registry('AWS::IAM::OIDCProvider', '118629c5d8d7'),
    systemTags: false,
    grants: [
      {
        on: PROVIDER,
        create: ['iam:CreateOpenIDConnectProvider'],
        read: ['iam:GetOpenIDConnectProvider'],
        update: [
          'iam:AddClientIDToOpenIDConnectProvider',
          'iam:RemoveClientIDFromOpenIDConnectProvider',
          'iam:UpdateOpenIDConnectProviderThumbprint',
        ],
        delete: ['iam:DeleteOpenIDConnectProvider'],
        tag: [
          'iam:ListOpenIDConnectProviderTags',
          'iam:TagOpenIDConnectProvider',
          'iam:UntagOpenIDConnectProvider',
        ],
      },
    ],
  },
  'AWS::IAM::ServiceLinkedRole': {
    ...registry('AWS::IAM::ServiceLinkedRole', '69ed7e108667'),
    grants: [
      {
        on: LINKED,
        create: ['iam:CreateServiceLinkedRole'],
        read: ['iam:GetRole'],
        delete: ['iam:DeleteServiceLinkedRole', 'iam:GetServiceLinkedRoleDeletionStatus'],
      },
      { on: LINKED, when: ['Description'], update: ['iam:UpdateRole'] },
    ],
  },
}
