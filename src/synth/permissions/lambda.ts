/** What CloudFormation needs for Lambda resources. */
import { type PermissionTable, reference } from './resource-permissions.ts'

const FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{name}'
/** The function that a resource beside it belongs to. */
const ITS_FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{FunctionName}'

export const lambda: PermissionTable = {
  'AWS::Lambda::Function': {
    source: reference('AWS::Lambda::Function'),
    name: 'FunctionName',
    longestName: 64,
    passes: { Role: 'lambda.amazonaws.com' },
    grants: [
      {
        on: FUNCTION,
        create: ['lambda:CreateFunction'],
        read: [
          'lambda:GetFunction',
          'lambda:GetFunctionCodeSigningConfig',
          'lambda:GetFunctionConfiguration',
          'lambda:GetFunctionRecursionConfig',
          'lambda:GetRuntimeManagementConfig',
        ],
        update: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
        delete: ['lambda:DeleteFunction'],
        tag: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
      },
      {
        on: FUNCTION,
        when: ['ReservedConcurrentExecutions'],
        update: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      },
      {
        on: FUNCTION,
        when: ['RuntimeManagementConfig'],
        update: ['lambda:PutRuntimeManagementConfig'],
      },
      {
        on: FUNCTION,
        when: ['RecursiveLoop'],
        update: ['lambda:PutFunctionRecursionConfig'],
      },
      {
        on: 'arn:aws:lambda:{region}:{account}:code-signing-config:*',
        when: ['CodeSigningConfigArn'],
        read: ['lambda:GetCodeSigningConfig'],
      },
      {
        on: FUNCTION,
        when: ['CodeSigningConfigArn'],
        update: ['lambda:PutFunctionCodeSigningConfig', 'lambda:DeleteFunctionCodeSigningConfig'],
      },
      { on: 'arn:aws:lambda:{region}:*:layer:*:*', when: ['Layers'], read: ['lambda:GetLayerVersion'] },
      {
        on: '*',
        when: ['VpcConfig'],
        read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
      },
    ],
  },
  'AWS::Lambda::Permission': {
    source: reference('AWS::Lambda::Permission'),
    grants: [
      {
        on: ITS_FUNCTION,
        create: ['lambda:AddPermission'],
        read: ['lambda:GetPolicy'],
        delete: ['lambda:RemovePermission'],
      },
    ],
  },
  'AWS::Lambda::Version': {
    source: reference('AWS::Lambda::Version'),
    grants: [
      {
        on: ITS_FUNCTION,
        create: ['lambda:PublishVersion'],
        read: ['lambda:GetFunctionConfiguration', 'lambda:ListVersionsByFunction'],
      },
      {
        on: `${ITS_FUNCTION}:*`,
        read: ['lambda:GetFunctionConfiguration'],
        delete: ['lambda:DeleteFunction'],
      },
      {
        on: `${ITS_FUNCTION}:*`,
        when: ['ProvisionedConcurrencyConfig'],
        create: ['lambda:PutProvisionedConcurrencyConfig'],
        read: ['lambda:GetProvisionedConcurrencyConfig'],
      },
    ],
  },
  'AWS::Lambda::Alias': {
    source: reference('AWS::Lambda::Alias'),
    grants: [
      {
        on: ITS_FUNCTION,
        create: ['lambda:CreateAlias'],
        read: ['lambda:GetAlias'],
        update: ['lambda:UpdateAlias'],
        delete: ['lambda:DeleteAlias'],
      },
      {
        on: `${ITS_FUNCTION}:*`,
        when: ['ProvisionedConcurrencyConfig'],
        create: ['lambda:PutProvisionedConcurrencyConfig'],
        read: ['lambda:GetProvisionedConcurrencyConfig'],
        delete: ['lambda:DeleteProvisionedConcurrencyConfig'],
      },
    ],
  },
  'AWS::Lambda::Url': {
    source: reference('AWS::Lambda::Url'),
    grants: [
      {
        on: 'arn:aws:lambda:{region}:{account}:function:{TargetFunctionArn}',
        create: ['lambda:CreateFunctionUrlConfig'],
        read: ['lambda:GetFunctionUrlConfig'],
        update: ['lambda:UpdateFunctionUrlConfig'],
        delete: ['lambda:DeleteFunctionUrlConfig'],
      },
    ],
  },
  'AWS::Lambda::EventSourceMapping': {
    source: reference('AWS::Lambda::EventSourceMapping'),
    grants: [
      {
        // AWS: the mapping's id is made up, and creation is authorized on every resource.
        on: '*',
        create: ['lambda:CreateEventSourceMapping'],
        read: ['lambda:GetEventSourceMapping'],
        update: ['lambda:UpdateEventSourceMapping'],
        delete: ['lambda:DeleteEventSourceMapping'],
      },
    ],
  },
}
