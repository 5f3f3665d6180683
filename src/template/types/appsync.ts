/** What CloudFormation needs for AppSync resources. */
import {
  authorization,
  type Evidence,
  type HandledType,
  handlersPage,
  type PermissionGrant,
  registry,
  type TypeTable,
} from './type-facts.ts'

const API = 'arn:aws:appsync:{region}:{account}:apis/*'

/** AWS: what an API is made of is authorized on no resource, though it has ARNs. */
const ofApi = (noun: string, evidence: Evidence, files: readonly string[] = []): HandledType => ({
  ...evidence,
  grants: [
    {
      on: '*',
      create: [`appsync:Create${noun}`],
      read: [`appsync:Get${noun}`],
      update: [`appsync:Update${noun}`],
      delete: [`appsync:Delete${noun}`],
    },
    ...files.map(
      (property): PermissionGrant => ({
        on: `{object:${property}}`,
        when: [property],
        create: ['s3:GetObject'],
      }),
    ),
  ],
})

const TEMPLATES = ['CodeS3Location', 'RequestMappingTemplateS3Location', 'ResponseMappingTemplateS3Location']

export const appsync: TypeTable = {
  'AWS::AppSync::GraphQLApi': {
    ...registry('AWS::AppSync::GraphQLApi', '001da55c4665'),
    passes: {
      'LogConfig.CloudWatchLogsRoleArn': 'appsync.amazonaws.com',
      MergedApiExecutionRoleArn: 'appsync.amazonaws.com',
    },
    grants: [
      // AWS: creation is authorized on no API yet.
      { on: '*', create: ['appsync:CreateGraphqlApi'] },
      {
        on: API,
        read: ['appsync:GetGraphqlApi'],
        update: ['appsync:UpdateGraphqlApi'],
        delete: ['appsync:DeleteGraphqlApi'],
        tag: ['appsync:ListTagsForResource', 'appsync:TagResource', 'appsync:UntagResource'],
      },
      {
        on: '*',
        when: ['EnvironmentVariables'],
        create: ['appsync:PutGraphqlApiEnvironmentVariables'],
      },
      { on: '*', read: ['appsync:GetGraphqlApiEnvironmentVariables'] },
    ],
  },
  'AWS::AppSync::GraphQLSchema': {
    ...authorization('awsappsync'),
    grants: [
      {
        on: '*',
        create: ['appsync:StartSchemaCreation'],
        read: ['appsync:GetSchemaCreationStatus'],
      },
      {
        on: '{object:DefinitionS3Location}',
        when: ['DefinitionS3Location'],
        create: ['s3:GetObject'],
      },
    ],
  },
  'AWS::AppSync::DataSource': {
    ...ofApi('DataSource', handlersPage('appsync/data_sources', '0ade0a920233')),
    passes: { ServiceRoleArn: 'appsync.amazonaws.com' },
  },
  'AWS::AppSync::Resolver': ofApi('Resolver', registry('AWS::AppSync::Resolver', '092bd0b5368f'), TEMPLATES),
  'AWS::AppSync::FunctionConfiguration': ofApi(
    'Function',
    handlersPage('appsync/function_configurations', '0a0c503a9b7d'),
    TEMPLATES,
  ),
  'AWS::AppSync::ApiKey': {
    ...registry('AWS::AppSync::ApiKey', '001da55c4665'),
    grants: [
      {
        on: '*',
        create: ['appsync:CreateApiKey'],
        read: ['appsync:ListApiKeys'],
        update: ['appsync:UpdateApiKey'],
        delete: ['appsync:DeleteApiKey'],
      },
    ],
  },
}
