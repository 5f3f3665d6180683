/** What CloudFormation needs for its own resources: nested stacks, custom resources, wait conditions. */
import { authorization, registry, type TypeTable, templateReference } from './type-facts.ts'

const STACK_SET = 'arn:aws:cloudformation:{region}:{account}:stackset/{StackSetName}:*'
const STACK = 'arn:aws:cloudformation:{region}:{account}:stack/{name}/*'

export const stacks: TypeTable = {
  'AWS::CloudFormation::Stack': {
    ...registry('AWS::CloudFormation::Stack', '52b47460b0f6'),
    name: { longest: 128 },
    arn: 'arn:aws:cloudformation:{region}:{account}:stack/{name}/{made-up}',
    ref: '{arn}',
    passes: { RoleARN: 'cloudformation.amazonaws.com' },
    open: 'the resources of the nested template are made by the same role',
    grants: [
      {
        on: STACK,
        create: ['cloudformation:CreateStack'],
        read: ['cloudformation:DescribeStacks'],
        update: ['cloudformation:UpdateStack'],
        delete: ['cloudformation:DeleteStack'],
      },
      {
        on: STACK,
        tag: ['cloudformation:TagResource', 'cloudformation:UntagResource'],
        undeclared: 'a nested stack has the tags of the one above it',
      },
      { on: '{object:TemplateURL}', create: ['s3:GetObject'], undeclared: 'the nested template is read' },
    ],
  },
  'AWS::CloudFormation::StackSet': {
    ...registry('AWS::CloudFormation::StackSet', '06e19a048764'),
    name: { made: 'by-aws' },
    arn: STACK_SET,
    ref: '{StackSetName}:{made-up}',
    attributes: { StackSetId: '{StackSetName}:{made-up}' },
    systemTags: false,
    passes: { AdministrationRoleARN: 'cloudformation.amazonaws.com' },
    grants: [
      {
        on: STACK_SET,
        create: ['cloudformation:CreateStackSet', 'cloudformation:GetTemplateSummary'],
        read: ['cloudformation:DescribeStackSet'],
        update: ['cloudformation:UpdateStackSet'],
        delete: ['cloudformation:DeleteStackSet'],
        tag: ['cloudformation:TagResource', 'cloudformation:UntagResource'],
      },
      {
        on: STACK_SET,
        when: ['StackInstancesGroup'],
        create: ['cloudformation:CreateStackInstances'],
        read: [
          'cloudformation:DescribeStackInstance',
          'cloudformation:DescribeStackSetOperation',
          'cloudformation:ListStackInstances',
          'cloudformation:ListStackSetOperationResults',
        ],
        update: ['cloudformation:UpdateStackInstances'],
        delete: ['cloudformation:DeleteStackInstances'],
      },
      { on: '{object:TemplateURL}', create: ['s3:GetObject'], undeclared: 'the template is read' },
    ],
  },
  'AWS::CloudFormation::CustomResource': {
    ...authorization('awslambda'),
    grants: [
      // AWS: what answers for the resource is told by the token: a function that is invoked, or a topic.
      {
        on: 'arn:aws:lambda:{region}:{account}:function:{ServiceToken}',
        refers: ['ServiceToken', 'lambda'],
        create: ['lambda:InvokeFunction'],
        delete: ['lambda:InvokeFunction'],
      },
      {
        on: 'arn:aws:sns:{region}:{account}:{ServiceToken}',
        refers: ['ServiceToken', 'sns'],
        create: ['sns:Publish'],
        delete: ['sns:Publish'],
      },
    ],
  },
  'AWS::CloudFormation::WaitCondition': {
    ...templateReference('aws-resource-cloudformation-waitcondition'),
    grants: [],
  },
  'AWS::CloudFormation::WaitConditionHandle': {
    ...templateReference('aws-resource-cloudformation-waitconditionhandle'),
    grants: [],
  },
  'AWS::CDK::Metadata': {
    source: 'https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html',
    read: '2026-09-26',
    grants: [],
  },
}
