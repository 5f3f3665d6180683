/** What CloudFormation needs for Lambda functions and layers. */
import { registry, type TypeTable } from './type-facts.ts'

const FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{name}'
const SIGNING = 'arn:aws:lambda:{region}:{account}:code-signing-config:*'

export const lambda: TypeTable = {
  'AWS::Lambda::Function': {
    ...registry('AWS::Lambda::Function', '01ce6712afed'),
    name: { property: 'FunctionName', longest: 64 },
    arn: FUNCTION,
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
      // AWS: the handler reads the whole function back, also the settings and tags that the template leaves alone.
      {
        on: FUNCTION,
        read: ['lambda:GetFunctionCodeSigningConfig', 'lambda:GetRuntimeManagementConfig'],
        tag: ['lambda:ListTags'],
      },
      {
        on: FUNCTION,
        read: ['lambda:GetFunctionRecursionConfig'],
        undeclared: 'the handler reads RecursiveLoop back, which is younger than the copy of its schema',
      },
      {
        on: FUNCTION,
        when: ['ReservedConcurrentExecutions'],
        update: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      },
      { on: FUNCTION, when: ['RuntimeManagementConfig'], update: ['lambda:PutRuntimeManagementConfig'] },
      {
        on: FUNCTION,
        when: ['RecursiveLoop'],
        update: ['lambda:PutFunctionRecursionConfig'],
        undeclared: 'RecursiveLoop is younger than the copy of the schema',
      },
      {
        on: SIGNING,
        when: ['CodeSigningConfigArn'],
        read: ['lambda:GetCodeSigningConfig'],
        update: ['lambda:PutFunctionCodeSigningConfig'],
      },
      {
        on: FUNCTION,
        when: ['CodeSigningConfigArn'],
        update: ['lambda:PutFunctionCodeSigningConfig', 'lambda:DeleteFunctionCodeSigningConfig'],
      },
      { on: 'arn:aws:lambda:{region}:*:layer:*:*', when: ['Layers'], read: ['lambda:GetLayerVersion'] },
      {
        on: 'arn:aws:ecr:{region}:*:repository/*',
        when: ['Code.ImageUri'],
        create: ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
        undeclared:
          'Lambda lets itself into the repository of an image, for who makes or changes the function',
      },
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
      ...['access-point', 'file-system'].map((kind) => ({
        on: `arn:aws:elasticfilesystem:{region}:{account}:${kind}/*`,
        when: ['FileSystemConfigs'],
        read: ['elasticfilesystem:DescribeMountTargets'],
      })),
      { on: '{object:Code.S3Bucket/Code.S3Key}', when: ['Code.S3Bucket'], create: ['s3:GetObject'] },
      {
        on: '{object:Code.S3Bucket/Code.S3Key}',
        when: ['Code.S3ObjectVersion'],
        create: ['s3:GetObjectVersion'],
      },
      {
        on: '{key:KmsKeyArn}',
        when: ['KmsKeyArn'],
        create: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      },
    ],
  },
  'AWS::Lambda::CodeSigningConfig': {
    ...registry('AWS::Lambda::CodeSigningConfig', '19c548189818'),
    grants: [
      // AWS: creating is authorized on no resource; all else on the configuration, whose id is made up.
      { on: '*', create: ['lambda:CreateCodeSigningConfig'] },
      {
        on: SIGNING,
        read: ['lambda:GetCodeSigningConfig'],
        update: ['lambda:UpdateCodeSigningConfig'],
        delete: ['lambda:DeleteCodeSigningConfig'],
        tag: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
      },
    ],
  },
  'AWS::Lambda::LayerVersion': {
    ...registry('AWS::Lambda::LayerVersion', '1a042a6bcd89'),
    name: { property: 'LayerName' },
    arn: 'arn:aws:lambda:{region}:{account}:layer:{name}:{made-up}',
    ref: '{arn}',
    attributes: { LayerVersionArn: '{arn}' },
    referred: '{name}:*',
    grants: [
      { on: 'arn:aws:lambda:{region}:{account}:layer:{name}', create: ['lambda:PublishLayerVersion'] },
      {
        on: 'arn:aws:lambda:{region}:{account}:layer:{name}:*',
        read: ['lambda:GetLayerVersion'],
        delete: ['lambda:DeleteLayerVersion'],
      },
      { on: '{object:Content.S3Bucket/Content.S3Key}', create: ['s3:GetObject'] },
      {
        on: '{object:Content.S3Bucket/Content.S3Key}',
        when: ['Content.S3ObjectVersion'],
        create: ['s3:GetObjectVersion'],
      },
    ],
  },
  'AWS::Lambda::LayerVersionPermission': {
    ...registry('AWS::Lambda::LayerVersionPermission', '03d8b4f776b5'),
    systemTags: false,
    grants: [
      {
        on: 'arn:aws:lambda:{region}:{account}:layer:{LayerVersionArn}',
        create: ['lambda:AddLayerVersionPermission'],
        read: ['lambda:GetLayerVersionPolicy'],
        delete: ['lambda:RemoveLayerVersionPermission'],
      },
    ],
  },
}
