/** What CloudFormation needs for Step Functions resources. */
import { registry, type TypeTable } from './type-facts.ts'

const MACHINE = 'arn:aws:states:{region}:{account}:stateMachine:{name}'
/** AWS: what belongs to a state machine is authorized on it; its qualified ARN names a version or an alias of it. */
const machineOf = (property: string) => `arn:aws:states:{region}:{account}:stateMachine:{${property}}`
const KEY = 'EncryptionConfiguration.KmsKeyId'

export const workflows: TypeTable = {
  'AWS::StepFunctions::StateMachine': {
    ...registry('AWS::StepFunctions::StateMachine', '118629c5d8d7'),
    name: { property: 'StateMachineName', longest: 80 },
    arn: MACHINE,
    ref: '{arn}',
    attributes: { Name: '{name}' },
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
  'AWS::StepFunctions::StateMachineVersion': {
    ...registry('AWS::StepFunctions::StateMachineVersion', 'b5eb36345fcf'),
    systemTags: false,
    referred: '{StateMachineArn}',
    grants: [
      {
        on: machineOf('StateMachineArn'),
        create: ['states:PublishStateMachineVersion'],
        read: ['states:DescribeStateMachine', 'states:ListStateMachineVersions'],
      },
      {
        on: `${machineOf('StateMachineArn')}:*`,
        read: ['states:DescribeStateMachine'],
        delete: ['states:DeleteStateMachineVersion'],
      },
    ],
  },
  'AWS::StepFunctions::StateMachineAlias': {
    ...registry('AWS::StepFunctions::StateMachineAlias', '4cb094b2cbcf'),
    systemTags: false,
    grants: [
      ...[
        'DeploymentPreference.StateMachineVersionArn',
        'RoutingConfiguration[].StateMachineVersionArn',
        'StateMachineArn',
      ].flatMap((property) =>
        ['', ':*'].map((qualifier) => ({
          on: `${machineOf(property)}${qualifier}`,
          when: [property],
          create: ['states:CreateStateMachineAlias'],
          read: ['states:DescribeStateMachineAlias'],
          update: ['states:UpdateStateMachineAlias'],
          delete: ['states:DeleteStateMachineAlias'],
        })),
      ),
      {
        on: 'arn:aws:cloudwatch:{region}:{account}:alarm:{DeploymentPreference.Alarms}',
        when: ['DeploymentPreference.Alarms'],
        update: ['cloudwatch:DescribeAlarms'],
      },
    ],
  },
}
