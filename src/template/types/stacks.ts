/** What CloudFormation needs for its own resources: nested stacks, custom resources, wait conditions. */
import { authorization, registry, type TypeTable, templateReference } from './type-facts.ts'

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
