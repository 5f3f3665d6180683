/** What CloudFormation needs for Step Functions, Cognito and AppSync resources. */
import {
  authorization,
  type PermissionTable,
  type ResourcePermissions,
  registry,
} from './resource-permissions.ts'

const cognito = authorization('amazoncognitouserpools')
const USER_POOL = 'arn:aws:cognito-idp:{region}:{account}:userpool/*'

/** AWS: AppSync makes ids up, so that an API is known by a pattern only. */
const ofApi = (part: string, noun: string): ResourcePermissions => ({
  ...authorization('awsappsync'),
  grants: [
    {
      on: `arn:aws:appsync:{region}:{account}:apis/*${part && `/${part}`}`,
      create: [`appsync:Create${noun}`],
      read: [`appsync:Get${noun}`],
      update: [`appsync:Update${noun}`],
      delete: [`appsync:Delete${noun}`],
    },
  ],
})

export const applicationServices: PermissionTable = {
  'AWS::StepFunctions::StateMachine': {
    ...registry('AWS::StepFunctions::StateMachine'),
    name: 'StateMachineName',
    longestName: 80,
    passes: { RoleArn: 'states.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:states:{region}:{account}:stateMachine:{name}',
        create: ['states:CreateStateMachine'],
        read: ['states:DescribeStateMachine'],
        update: ['states:UpdateStateMachine'],
        delete: ['states:DeleteStateMachine'],
        tag: ['states:ListTagsForResource', 'states:TagResource', 'states:UntagResource'],
      },
    ],
  },
  'AWS::Cognito::UserPool': {
    ...registry('AWS::Cognito::UserPool'),
    passes: { 'SmsConfiguration.SnsCallerArn': 'cognito-idp.amazonaws.com' },
    grants: [
      // AWS: creation is authorized on no resource, and a pool's id is made up.
      { on: '*', create: ['cognito-idp:CreateUserPool'] },
      {
        on: USER_POOL,
        create: ['cognito-idp:SetUserPoolMfaConfig'],
        read: ['cognito-idp:DescribeUserPool', 'cognito-idp:GetUserPoolMfaConfig'],
        update: ['cognito-idp:AddCustomAttributes', 'cognito-idp:UpdateUserPool'],
        delete: ['cognito-idp:DeleteUserPool'],
        tag: ['cognito-idp:ListTagsForResource', 'cognito-idp:TagResource', 'cognito-idp:UntagResource'],
      },
    ],
  },
  'AWS::Cognito::UserPoolClient': {
    ...cognito,
    grants: [
      {
        on: USER_POOL,
        create: ['cognito-idp:CreateUserPoolClient'],
        read: ['cognito-idp:DescribeUserPoolClient'],
        update: ['cognito-idp:UpdateUserPoolClient'],
        delete: ['cognito-idp:DeleteUserPoolClient'],
      },
    ],
  },
  'AWS::Cognito::UserPoolDomain': {
    ...cognito,
    grants: [
      {
        on: USER_POOL,
        create: ['cognito-idp:CreateUserPoolDomain'],
        update: ['cognito-idp:UpdateUserPoolDomain'],
        delete: ['cognito-idp:DeleteUserPoolDomain'],
      },
      { on: '*', read: ['cognito-idp:DescribeUserPoolDomain'] },
    ],
  },
  'AWS::Cognito::UserPoolGroup': {
    ...cognito,
    passes: { RoleArn: 'cognito-identity.amazonaws.com' },
    grants: [
      {
        on: USER_POOL,
        create: ['cognito-idp:CreateGroup'],
        read: ['cognito-idp:GetGroup'],
        update: ['cognito-idp:UpdateGroup'],
        delete: ['cognito-idp:DeleteGroup'],
      },
    ],
  },
  'AWS::Cognito::IdentityPool': {
    ...authorization('amazoncognitoidentity'),
    grants: [
      { on: '*', create: ['cognito-identity:CreateIdentityPool'] },
      {
        on: 'arn:aws:cognito-identity:{region}:{account}:identitypool/*',
        read: ['cognito-identity:DescribeIdentityPool'],
        update: ['cognito-identity:UpdateIdentityPool'],
        delete: ['cognito-identity:DeleteIdentityPool'],
      },
    ],
  },
  'AWS::AppSync::GraphQLApi': {
    ...ofApi('', 'GraphqlApi'),
    passes: { 'LogConfig.CloudWatchLogsRoleArn': 'appsync.amazonaws.com' },
    grants: [
      ...ofApi('', 'GraphqlApi').grants,
      // AWS: creation is authorized on no API yet.
      { on: '*', create: ['appsync:CreateGraphqlApi'] },
      {
        on: 'arn:aws:appsync:{region}:{account}:apis/*',
        tag: ['appsync:ListTagsForResource', 'appsync:TagResource', 'appsync:UntagResource'],
      },
    ],
  },
  'AWS::AppSync::GraphQLSchema': {
    ...authorization('awsappsync'),
    grants: [
      {
        on: 'arn:aws:appsync:{region}:{account}:apis/*',
        create: ['appsync:StartSchemaCreation'],
        read: ['appsync:GetSchemaCreationStatus'],
      },
    ],
  },
  'AWS::AppSync::DataSource': {
    ...ofApi('datasources/*', 'DataSource'),
    passes: { ServiceRoleArn: 'appsync.amazonaws.com' },
  },
  'AWS::AppSync::Resolver': ofApi('types/*/resolvers/*', 'Resolver'),
  'AWS::AppSync::FunctionConfiguration': ofApi('functions/*', 'Function'),
  'AWS::AppSync::ApiKey': {
    ...authorization('awsappsync'),
    grants: [
      {
        on: 'arn:aws:appsync:{region}:{account}:apis/*',
        create: ['appsync:CreateApiKey'],
        read: ['appsync:ListApiKeys'],
        update: ['appsync:UpdateApiKey'],
        delete: ['appsync:DeleteApiKey'],
      },
    ],
  },
}
