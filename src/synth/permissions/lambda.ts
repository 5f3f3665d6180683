/** What CloudFormation needs for Lambda resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

const FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{name}'
/** The function that a resource beside it belongs to. */
const ITS_FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{FunctionName}'
const documented = authorization('awslambda')

export const lambda: PermissionTable = {
  'AWS::Lambda::Function': {
    ...registry('AWS::Lambda::Function'),
    name: 'FunctionName',
    longestName: 64,
    passes: { Role: 'lambda.amazonaws.com' },
    grants: [
      {
        on: FUNCTION,
        create: ['lambda:CreateFunction'],
        read: ['lambda:GetFunction'],
        update: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
        delete: ['lambda:DeleteFunction'],
        tag: ['lambda:TagResource', 'lambda:UntagResource'],
      },
      {
        on: FUNCTION,
        read: [
          'lambda:GetFunctionCodeSigningConfig',
          'lambda:GetFunctionRecursionConfig',
          'lambda:GetRuntimeManagementConfig',
        ],
        tag: ['lambda:ListTags'],
        unseen:
          'the handler reads the whole function back, also the settings and tags that the template leaves alone',
      },
      {
        on: FUNCTION,
        when: ['ReservedConcurrentExecutions'],
        update: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      },
      { on: FUNCTION, when: ['RuntimeManagementConfig'], update: ['lambda:PutRuntimeManagementConfig'] },
      { on: FUNCTION, when: ['RecursiveLoop'], update: ['lambda:PutFunctionRecursionConfig'] },
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
        read: [
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
      },
      { on: '*', when: ['FileSystemConfigs'], read: ['elasticfilesystem:DescribeMountTargets'] },
      {
        on: 'arn:aws:kms:{region}:{account}:key/{KmsKeyArn}',
        when: ['KmsKeyArn'],
        create: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      },
    ],
  },
  'AWS::Lambda::Permission': {
    ...registry('AWS::Lambda::Permission'),
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
    ...registry('AWS::Lambda::Version'),
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
      {
        on: `${ITS_FUNCTION}:*`,
        when: ['RuntimePolicy'],
        create: ['lambda:PutRuntimeManagementConfig'],
        read: ['lambda:GetRuntimeManagementConfig'],
      },
    ],
  },
  'AWS::Lambda::Alias': {
    ...registry('AWS::Lambda::Alias'),
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
    ...registry('AWS::Lambda::Url'),
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
    ...registry('AWS::Lambda::EventSourceMapping'),
    grants: [
      {
        // AWS: creating is authorized on no resource; all else on the mapping, whose id is made up.
        on: '*',
        create: ['lambda:CreateEventSourceMapping'],
        read: ['lambda:GetEventSourceMapping'],
      },
      {
        on: 'arn:aws:lambda:{region}:{account}:event-source-mapping:*',
        update: ['lambda:UpdateEventSourceMapping'],
        delete: ['lambda:DeleteEventSourceMapping'],
        tag: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
      },
    ],
  },
  'AWS::Lambda::LayerVersion': {
    ...documented,
    name: 'LayerName',
    grants: [
      { on: 'arn:aws:lambda:{region}:{account}:layer:{name}', create: ['lambda:PublishLayerVersion'] },
      {
        on: 'arn:aws:lambda:{region}:{account}:layer:{name}:*',
        read: ['lambda:GetLayerVersion'],
        delete: ['lambda:DeleteLayerVersion'],
      },
    ],
  },
  'AWS::Lambda::EventInvokeConfig': {
    ...documented,
    grants: [
      {
        on: `${ITS_FUNCTION}*`,
        create: ['lambda:PutFunctionEventInvokeConfig'],
        read: ['lambda:GetFunctionEventInvokeConfig'],
        update: ['lambda:UpdateFunctionEventInvokeConfig'],
        delete: ['lambda:DeleteFunctionEventInvokeConfig'],
      },
    ],
  },
}
