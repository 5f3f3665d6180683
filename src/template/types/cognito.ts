/** What CloudFormation needs for Cognito's user pools and identity pools. */
import {
  type Evidence,
  type HandledType,
  handlersPage,
  linkedRole,
  registry,
  type TypeTable,
} from './type-facts.ts'

/** AWS: the ids of pools are made up. */
const USER_POOL = 'arn:aws:cognito-idp:{region}:{account}:userpool/*'
const IDENTITY_POOL = 'arn:aws:cognito-identity:{region}:{account}:identitypool/*'

/** What a user pool has many of is authorized on the pool. */
const ofPool = (noun: string, reads: string, evidence: Evidence): HandledType => ({
  ...evidence,
  grants: [
    {
      on: USER_POOL,
      create: [`cognito-idp:Create${noun}`],
      read: [`cognito-idp:${reads}${noun}`],
      update: [`cognito-idp:Update${noun}`],
      delete: [`cognito-idp:Delete${noun}`],
    },
  ],
})

export const cognito: TypeTable = {
  'AWS::Cognito::UserPool': {
    ...registry('AWS::Cognito::UserPool', '22de44a6a9ce', 'hashicorp'),
    systemTags: false,
    tagProperty: 'UserPoolTags',
    passes: { 'SmsConfiguration.SnsCallerArn': 'cognito-idp.amazonaws.com' },
    grants: [
      // AWS: creation is authorized on no resource.
      { on: '*', create: ['cognito-idp:CreateUserPool'] },
      {
        on: USER_POOL,
        create: ['cognito-idp:SetUserPoolMfaConfig'],
        read: ['cognito-idp:DescribeUserPool', 'cognito-idp:GetUserPoolMfaConfig'],
        update: ['cognito-idp:AddCustomAttributes', 'cognito-idp:UpdateUserPool'],
        delete: ['cognito-idp:DeleteUserPool'],
        tag: ['cognito-idp:ListTagsForResource', 'cognito-idp:TagResource', 'cognito-idp:UntagResource'],
      },
      {
        on: '{key:LambdaConfig.KMSKeyID}',
        when: ['LambdaConfig.KMSKeyID'],
        create: ['kms:CreateGrant'],
      },
      // AWS: mail that goes out under an address of one's own is sent under this role.
      linkedRole('email.cognito-idp.amazonaws.com', { when: ['EmailConfiguration'] }),
    ],
  },
  'AWS::Cognito::UserPoolClient': {
    ...ofPool('UserPoolClient', 'Describe', registry('AWS::Cognito::UserPoolClient', '001da55c4665')),
    passes: { 'AnalyticsConfiguration.RoleArn': 'cognito-idp.amazonaws.com' },
    grants: [
      ...ofPool('UserPoolClient', 'Describe', registry('AWS::Cognito::UserPoolClient', '001da55c4665'))
        .grants,
      { on: USER_POOL, when: ['GenerateSecret'], read: ['cognito-idp:ListUserPoolClientSecrets'] },
      linkedRole('cognito-idp.amazonaws.com', { when: ['AnalyticsConfiguration'] }),
      {
        on: 'arn:aws:iam::{account}:role/aws-service-role/cognito-idp.amazonaws.com/*',
        when: ['AnalyticsConfiguration'],
        create: ['iam:PutRolePolicy'],
        delete: ['iam:DeleteRolePolicy', 'iam:PutRolePolicy'],
      },
    ],
  },
  'AWS::Cognito::UserPoolDomain': {
    ...registry('AWS::Cognito::UserPoolDomain', '3a93be19465b', 'hashicorp'),
    grants: [
      {
        on: USER_POOL,
        create: ['cognito-idp:CreateUserPoolDomain'],
        update: ['cognito-idp:UpdateUserPoolDomain'],
        delete: ['cognito-idp:DeleteUserPoolDomain'],
      },
      // AWS: a domain is looked up by its name, whose pool is not known yet.
      { on: '*', read: ['cognito-idp:DescribeUserPoolDomain'] },
      {
        on: 'arn:aws:cloudfront::{account}:distribution/*',
        when: ['CustomDomainConfig'],
        create: ['cloudfront:UpdateDistribution'],
      },
    ],
  },
  'AWS::Cognito::UserPoolGroup': {
    ...ofPool('Group', 'Get', handlersPage('cognito/user_pool_groups', '120d3a8e6cfe')),
    passes: { RoleArn: 'cognito-identity.amazonaws.com' },
  },
  'AWS::Cognito::UserPoolResourceServer': ofPool(
    'ResourceServer',
    'Describe',
    registry('AWS::Cognito::UserPoolResourceServer', 'acbb0a33ecfc'),
  ),
  'AWS::Cognito::UserPoolIdentityProvider': ofPool(
    'IdentityProvider',
    'Describe',
    handlersPage('cognito/user_pool_identity_providers', '0ade0a920233'),
  ),
  'AWS::Cognito::IdentityPool': {
    ...registry('AWS::Cognito::IdentityPool', '16685a033d54'),
    systemTags: false,
    tagProperty: 'IdentityPoolTags',
    passes: {
      'PushSync.RoleArn': 'cognito-sync.amazonaws.com',
      'CognitoStreams.RoleArn': 'cognito-sync.amazonaws.com',
    },
    grants: [
      { on: '*', create: ['cognito-identity:CreateIdentityPool'] },
      {
        on: IDENTITY_POOL,
        read: ['cognito-identity:DescribeIdentityPool'],
        update: ['cognito-identity:UpdateIdentityPool'],
        delete: ['cognito-identity:DeleteIdentityPool'],
        tag: ['cognito-identity:TagResource', 'cognito-identity:UntagResource'],
      },
      {
        on: 'arn:aws:cognito-sync:{region}:{account}:identitypool/*',
        when: ['PushSync', 'CognitoStreams'],
        create: ['cognito-sync:SetIdentityPoolConfiguration'],
      },
      {
        on: 'arn:aws:cognito-sync:{region}:{account}:identitypool/*',
        when: ['CognitoEvents'],
        create: ['cognito-sync:SetCognitoEvents'],
      },
    ],
  },
  'AWS::Cognito::IdentityPoolRoleAttachment': {
    ...handlersPage('cognito/identity_pool_role_attachments', '0ade0a920233'),
    passes: {
      'Roles.authenticated': 'cognito-identity.amazonaws.com',
      'Roles.unauthenticated': 'cognito-identity.amazonaws.com',
    },
    grants: [
      // AWS: giving a pool its roles is authorized on no resource.
      {
        on: '*',
        create: ['cognito-identity:SetIdentityPoolRoles'],
        delete: ['cognito-identity:SetIdentityPoolRoles'],
      },
      { on: IDENTITY_POOL, read: ['cognito-identity:GetIdentityPoolRoles'] },
    ],
  },
}
