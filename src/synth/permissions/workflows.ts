/** What CloudFormation needs for Step Functions resources. */
import { type PermissionTable, registry } from './resource-permissions.ts'

const MACHINE = 'arn:aws:states:{region}:{account}:stateMachine:{name}'
const KEY = 'EncryptionConfiguration.KmsKeyId'

export const workflows: PermissionTable = {
  'AWS::StepFunctions::StateMachine': {
    ...registry('AWS::StepFunctions::StateMachine', '118629c5d8d7'),
    name: 'StateMachineName',
    longestName: 80,
    passes: { RoleArn: 'states.amazonaws.com' },
    grants: [
      {
        on: MACHINE,
        create: ['states:CreateStateMachine'],
        read: ['states:DescribeStateMachine'],
        update: ['states:UpdateStateMachine'],
        delete: ['states:DeleteStateMachine'],
        tag: ['states:ListTagsForResource', 'states:TagResource', 'states:UntagResource'],
      },
      {
        on: '{object:DefinitionS3Location.Bucket/DefinitionS3Location.Key}',
        when: ['DefinitionS3Location.Bucket'],
        create: ['s3:GetObject'],
      },
      {
        on: `{key:${KEY}}`,
        when: [KEY],
        create: ['kms:DescribeKey', 'kms:GenerateDataKey'],
        read: ['kms:Decrypt'],
      },
    ],
  },
}
