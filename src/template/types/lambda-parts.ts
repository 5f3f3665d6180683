/** What CloudFormation needs for what belongs to a Lambda function: versions, aliases, permissions, mappings. */
import { registry, type TypeTable } from './type-facts.ts'

/** The function that a resource beside it belongs to. */
const ITS_FUNCTION = 'arn:aws:lambda:{region}:{account}:function:{FunctionName}'
/** A function may be given by its name or its ARN. */
const VERSION = 'arn:aws:lambda:{region}:{account}:function:{FunctionName after :}:{made-up}'
const ALIAS = 'arn:aws:lambda:{region}:{account}:function:{FunctionName after :}:{Name}'
const MAPPING = 'arn:aws:lambda:{region}:{account}:event-source-mapping:*'

/** AWS: what is set on a version or an alias is authorized on its qualified ARN. */
const QUALIFIED = `${ITS_FUNCTION}:*`

const ADDRESSED = 'arn:aws:lambda:{region}:{account}:function:{TargetFunctionArn}'
const URL_ACTIONS = {
  create: ['lambda:CreateFunctionUrlConfig'],
  read: ['lambda:GetFunctionUrlConfig'],
  update: ['lambda:UpdateFunctionUrlConfig'],
  delete: ['lambda:DeleteFunctionUrlConfig'],
}

export const lambdaParts: TypeTable = {
  'AWS::Lambda::Permission': {
    ...registry('AWS::Lambda::Permission', '13b012f6d16c'),
    name: { longest: 100 },
    ref: '{name}',
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
    ...registry('AWS::Lambda::Version', '16685a033d54'),
    ref: VERSION,
    attributes: { FunctionArn: VERSION },
    referred: '{FunctionName}:*',
    grants: [
      {
        on: ITS_FUNCTION,
        create: ['lambda:PublishVersion'],
        read: ['lambda:GetFunctionConfiguration'],
      },
      {
        on: ITS_FUNCTION,
        read: ['lambda:ListVersionsByFunction'],
        undeclared: 'declared by the list handler alone, which looks for the version before it is read',
      },
      { on: QUALIFIED, read: ['lambda:GetFunctionConfiguration'], delete: ['lambda:DeleteFunction'] },
      {
        on: QUALIFIED,
        when: ['ProvisionedConcurrencyConfig'],
        create: ['lambda:PutProvisionedConcurrencyConfig'],
        read: ['lambda:GetProvisionedConcurrencyConfig'],
      },
      {
        on: QUALIFIED,
        when: ['RuntimePolicy'],
        create: ['lambda:PutRuntimeManagementConfig'],
        read: ['lambda:GetRuntimeManagementConfig'],
      },
    ],
  },
  'AWS::Lambda::Alias': {
    ...registry('AWS::Lambda::Alias', '1454f385f29c'),
    ref: ALIAS,
    attributes: { AliasArn: ALIAS },
    referred: '{FunctionName}:{Name}',
    grants: [
      {
        on: ITS_FUNCTION,
        create: ['lambda:CreateAlias'],
        read: ['lambda:GetAlias'],
        update: ['lambda:UpdateAlias'],
        delete: ['lambda:DeleteAlias'],
      },
      {
        on: QUALIFIED,
        when: ['ProvisionedConcurrencyConfig'],
        create: ['lambda:PutProvisionedConcurrencyConfig'],
        read: ['lambda:GetProvisionedConcurrencyConfig'],
        delete: ['lambda:DeleteProvisionedConcurrencyConfig'],
      },
    ],
  },
  'AWS::Lambda::Url': {
    ...registry('AWS::Lambda::Url', '202a322f664a'),
    // AWS: with a qualifier the actions are authorized on the alias ("Fine-tuning the Resources and Conditions sections of
    // policies"): the function's own ARN does not let them.
    grants: [
      { on: ADDRESSED, unless: ['Qualifier'], ...URL_ACTIONS },
      { on: `${ADDRESSED}:{Qualifier}`, when: ['Qualifier'], ...URL_ACTIONS },
    ],
  },
  'AWS::Lambda::EventSourceMapping': {
    ...registry('AWS::Lambda::EventSourceMapping', '214cbcddad65'),
    grants: [
      // AWS: creating is authorized on no resource; all else on the mapping, whose id is made up.
      { on: '*', create: ['lambda:CreateEventSourceMapping'] },
      {
        on: MAPPING,
        read: ['lambda:GetEventSourceMapping'],
        update: ['lambda:UpdateEventSourceMapping'],
        delete: ['lambda:DeleteEventSourceMapping'],
        tag: ['lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
      },
      {
        on: '{key:KmsKeyArn}',
        when: ['KmsKeyArn'],
        create: ['kms:DescribeKey', 'kms:GenerateDataKey'],
        read: ['kms:Decrypt'],
      },
    ],
  },
  'AWS::Lambda::EventInvokeConfig': {
    ...registry('AWS::Lambda::EventInvokeConfig', '0cb1378ed021'),
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
