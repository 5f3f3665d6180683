/** What CloudFormation needs for EventBridge, its Scheduler and its Pipes. */
import { handlersPage, linkedRole, registry, type TypeTable } from './type-facts.ts'

const arn = (kind: string): string => `arn:aws:events:{region}:{account}:${kind}/{name}`
const tag = ['events:ListTagsForResource', 'events:TagResource', 'events:UntagResource']

/** AWS: a rule's ARN names its bus, unless that is the default one. */
const RULES = [
  { on: arn('rule') },
  { on: 'arn:aws:events:{region}:{account}:rule/*/{name}', when: ['EventBusName'] },
]
const PIPE = 'arn:aws:pipes:{region}:{account}:pipe/{name}'
/** Where a connection keeps its credentials. */
const ITS_SECRET = 'arn:aws:secretsmanager:{region}:{account}:secret:events!connection/*'

export const events: TypeTable = {
  'AWS::Events::EventBusPolicy': {
    rules: [
      {
        needs: 'not both',
        of: ['Statement', 'Action', 'Principal', 'Condition'],
        message: 'Statement cannot be given together with Action, Principal or Condition.',
      },
    ],
  },
  'AWS::Events::Rule': {
    ...registry('AWS::Events::Rule', '2d3c76fe499e', 'hashicorp'),
    name: { property: 'Name', longest: 64 },
    arn: 'arn:aws:events:{region}:{account}:rule/{EventBusName after / then /}{name}',
    // A rule of another bus than the default one is known with its bus.
    ref: '{EventBusName after / then |}{name}',
    passes: { RoleArn: 'events.amazonaws.com', 'Targets[].RoleArn': 'events.amazonaws.com' },
    grants: RULES.flatMap((rule) => [
      {
        ...rule,
        create: ['events:PutRule', 'events:PutTargets'],
        read: ['events:DescribeRule', 'events:ListTargetsByRule'],
        delete: ['events:DeleteRule', 'events:RemoveTargets'],
      },
      { ...rule, tag, undeclared: 'the type takes tags since after the copy of its schema' },
    ]),
  },
  'AWS::Events::EventBus': {
    ...registry('AWS::Events::EventBus', '1266304294b7'),
    name: { property: 'Name' },
    arn: 'arn:aws:events:{region}:{account}:event-bus/{name}',
    attributes: { Name: '{name}' },
    grants: [
      {
        on: arn('event-bus'),
        create: ['events:CreateEventBus'],
        read: ['events:DescribeEventBus'],
        delete: ['events:DeleteEventBus'],
        tag,
      },
      {
        on: arn('event-bus'),
        update: ['events:UpdateEventBus'],
        undeclared:
          'descriptions, keys and dead-letter queues of a bus are younger than the copy of the schema',
      },
      // AWS: a bus's policy is authorized on no resource.
      { on: '*', when: ['Policy'], create: ['events:PutPermission'] },
      {
        on: '*',
        when: ['Policy'],
        delete: ['events:RemovePermission'],
        undeclared: 'an update that takes the policy out of the template removes it',
      },
    ],
  },
  'AWS::Events::Connection': {
    ...registry('AWS::Events::Connection', '2105c89aa81a'),
    name: { property: 'Name', longest: 64 },
    grants: [
      {
        on: arn('connection').replace('{name}', '{name}*'),
        create: ['events:CreateConnection'],
        read: ['events:DescribeConnection'],
        update: ['events:UpdateConnection'],
        delete: ['events:DeleteConnection'],
      },
      {
        on: ITS_SECRET,
        create: ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'],
        read: ['secretsmanager:GetSecretValue'],
        update: ['secretsmanager:UpdateSecret'],
      },
      {
        on: ITS_SECRET,
        delete: ['secretsmanager:DeleteSecret'],
        undeclared: 'EventBridge deletes the secret with the connection, for who deletes that',
      },
      linkedRole('apidestinations.events.amazonaws.com'),
    ],
  },
  'AWS::Events::ApiDestination': {
    ...registry('AWS::Events::ApiDestination', '2105c89aa81a'),
    name: { property: 'Name', longest: 64 },
    grants: [
      {
        on: arn('api-destination').replace('{name}', '{name}*'),
        create: ['events:CreateApiDestination'],
        read: ['events:DescribeApiDestination'],
        update: ['events:UpdateApiDestination'],
        delete: ['events:DeleteApiDestination'],
      },
      // AWS: a destination is authorized on its connection too.
      {
        on: 'arn:aws:events:{region}:{account}:connection/*',
        create: ['events:CreateApiDestination'],
        read: ['events:DescribeApiDestination'],
      },
    ],
  },
  'AWS::Events::Archive': {
    ...registry('AWS::Events::Archive', '0c61db28c612'),
    name: { property: 'ArchiveName', longest: 48 },
    grants: [
      {
        on: arn('archive'),
        create: ['events:CreateArchive'],
        read: ['events:DescribeArchive'],
        update: ['events:UpdateArchive'],
        delete: ['events:DeleteArchive'],
      },
      { on: 'arn:aws:events:{region}:{account}:event-bus/*', create: ['events:CreateArchive'] },
    ],
  },
  'AWS::Scheduler::Schedule': {
    ...registry('AWS::Scheduler::Schedule', '33b6a5ea8698'),
    name: { property: 'Name', longest: 64 },
    passes: { 'Target.RoleArn': 'scheduler.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:scheduler:{region}:{account}:schedule/*/{name}',
        create: ['scheduler:CreateSchedule'],
        read: ['scheduler:GetSchedule'],
        update: ['scheduler:UpdateSchedule'],
        delete: ['scheduler:DeleteSchedule'],
      },
    ],
  },
  'AWS::Scheduler::ScheduleGroup': {
    ...registry('AWS::Scheduler::ScheduleGroup', '5b0ba4a856de'),
    name: { property: 'Name', longest: 64 },
    grants: [
      {
        on: 'arn:aws:scheduler:{region}:{account}:schedule-group/{name}',
        create: ['scheduler:CreateScheduleGroup'],
        read: ['scheduler:GetScheduleGroup'],
        delete: ['scheduler:DeleteScheduleGroup'],
        tag: ['scheduler:ListTagsForResource', 'scheduler:TagResource', 'scheduler:UntagResource'],
      },
      // AWS: a group is deleted with all schedules in it.
      {
        on: 'arn:aws:scheduler:{region}:{account}:schedule/{name}/*',
        delete: ['scheduler:DeleteSchedule'],
      },
    ],
  },
  'AWS::Pipes::Pipe': {
    ...handlersPage('pipes/pipes', '5e7f82655712'),
    name: { property: 'Name', longest: 64 },
    systemTags: false,
    passes: { RoleArn: 'pipes.amazonaws.com' },
    grants: [
      {
        on: PIPE,
        create: ['pipes:CreatePipe'],
        read: ['pipes:DescribePipe'],
        update: ['pipes:UpdatePipe'],
        delete: ['pipes:DeletePipe'],
        tag: ['pipes:TagResource', 'pipes:UntagResource'],
      },
      {
        on: '{key:KmsKeyIdentifier}',
        when: ['KmsKeyIdentifier'],
        create: ['kms:DescribeKey', 'kms:GenerateDataKey'],
        read: ['kms:Decrypt'],
      },
      // AWS: deliveries of logs, and policies for them, are authorized on no resource.
      {
        on: '*',
        when: ['LogConfiguration'],
        create: ['logs:CreateLogDelivery', 'logs:PutResourcePolicy'],
        read: [
          'logs:DescribeLogGroups',
          'logs:DescribeResourcePolicies',
          'logs:GetLogDelivery',
          'logs:ListLogDeliveries',
        ],
        update: ['logs:UpdateLogDelivery'],
        delete: ['logs:DeleteLogDelivery', 'logs:UpdateLogDelivery'],
      },
      {
        on: 'arn:aws:s3:::{LogConfiguration.S3LogDestination.BucketName}',
        when: ['LogConfiguration.S3LogDestination'],
        create: ['s3:GetBucketPolicy', 's3:PutBucketPolicy'],
      },
      {
        on: 'arn:aws:firehose:{region}:{account}:deliverystream/*',
        when: ['LogConfiguration.FirehoseLogDestination'],
        create: ['firehose:TagDeliveryStream'],
      },
      {
        ...linkedRole('delivery.logs.amazonaws.com'),
        when: ['LogConfiguration.FirehoseLogDestination'],
      },
    ],
  },
}
