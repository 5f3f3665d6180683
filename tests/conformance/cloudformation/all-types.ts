/** A stack with a resource of every type that reads back what it makes, and the same stack with each of them changed. */
import { HUB } from '../cloud.ts'
import type { TemplateData } from './stack-driver.ts'

const may = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
})
const inline = (action: string) => [{ PolicyName: 'own', PolicyDocument: may(action) }]
const bucketDocument = (Sid: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid,
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: { 'Fn::Sub': `arn:aws:s3:::\${Bucket}/*` },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
})
const approval = (Name: string) => ({
  Name,
  Actions: [{ Name, ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' } }],
})
const source = {
  Name: 'Source',
  Actions: [
    {
      Name: 'Object',
      ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' },
      Configuration: { S3Bucket: { Ref: 'Bucket' }, S3ObjectKey: 'x.zip', PollForSourceChanges: false },
      OutputArtifacts: [{ Name: 'Out' }],
    },
  ],
}

/** Gives the template; `age` tells which state of it. */
export const allTypes = (age: 'first' | 'later'): TemplateData => ({
  Resources: Object.fromEntries(
    Object.entries(properties(age)).map(([id, [Type, Properties]]) => [id, { Type, Properties }]),
  ),
})

const properties = (age: 'first' | 'later'): Record<string, [string, object]> => {
  const action = age === 'first' ? 'sqs:ReceiveMessage' : 'sqs:SendMessage'
  return {
    ...principals(action),
    ...ofLambda(age),
    ...stores(age),
    ...messages(age),
    ...balancing(age),
    ...containers(age),
    ...delivery(age),
  }
}

const principals = (action: string): Record<string, [string, object]> => ({
  Role: [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Policies: [...inline(action), { PolicyName: 'queues', PolicyDocument: may('sqs:*') }],
    },
  ],
  User: ['AWS::IAM::User', { Policies: inline(action) }],
  Group: ['AWS::IAM::Group', { Policies: inline(action) }],
  Managed: ['AWS::IAM::ManagedPolicy', { PolicyDocument: may(action), Groups: [{ Ref: 'Group' }] }],
  Policy: [
    'AWS::IAM::Policy',
    { PolicyName: 'beside', PolicyDocument: may(action), Roles: [{ Ref: 'Role' }] },
  ],
  Profile: [
    'AWS::IAM::InstanceProfile',
    { Roles: action.endsWith('SendMessage') ? [{ Ref: 'Role' }] : [{ Ref: 'PipelineRole' }] },
  ],
  PipelineRole: [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: trust('codepipeline.amazonaws.com'), Policies: inline('s3:*') },
  ],
})

const ofLambda = (age: string): Record<string, [string, object]> => ({
  Function: [
    'AWS::Lambda::Function',
    {
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Description: age,
      Code: { ZipFile: 'exports.handler = async () => 1' },
    },
  ],
  Version: ['AWS::Lambda::Version', { FunctionName: { Ref: 'Function' } }],
  Alias: [
    'AWS::Lambda::Alias',
    {
      FunctionName: { Ref: 'Function' },
      FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      Name: 'live',
      Description: age,
      ...(age === 'first' && { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } }),
    },
  ],
  Mapping: [
    'AWS::Lambda::EventSourceMapping',
    {
      FunctionName: { Ref: 'Function' },
      EventSourceArn: { 'Fn::GetAtt': ['Letters', 'Arn'] },
      BatchSize: age === 'first' ? 5 : 10,
      ...(age === 'first' && { FunctionResponseTypes: ['ReportBatchItemFailures'] }),
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  LogGroup: ['AWS::Logs::LogGroup', { RetentionInDays: age === 'first' ? 14 : 30 }],
})

const stores = (age: string): Record<string, [string, object]> => ({
  Key: ['AWS::KMS::Key', { Description: age }],
  Bucket: [
    'AWS::S3::Bucket',
    { VersioningConfiguration: { Status: age === 'first' ? 'Suspended' : 'Enabled' } },
  ],
  BucketPolicy: ['AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: bucketDocument(age) }],
  Parameter: ['AWS::SSM::Parameter', { Type: 'String', Value: age }],
  Secret: ['AWS::SecretsManager::Secret', { Description: age, SecretString: 'x' }],
  Commits: ['AWS::CodeCommit::Repository', { RepositoryName: 'commits', RepositoryDescription: age }],
  Repository: ['AWS::ECR::Repository', { ImageTagMutability: age === 'first' ? 'MUTABLE' : 'IMMUTABLE' }],
})

const part = (MetricName: string) => ({
  Metric: { Namespace: 'App', MetricName },
  Period: '60',
  Stat: 'Sum',
})

const messages = (age: string): Record<string, [string, object]> => ({
  Topic: ['AWS::SNS::Topic', { DisplayName: age }],
  Subscription: [
    'AWS::SNS::Subscription',
    {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'lambda',
      Endpoint: { 'Fn::GetAtt': ['Function', 'Arn'] },
      FilterPolicy: { age: [age] },
    },
  ],
  Alarm: [
    'AWS::CloudWatch::Alarm',
    {
      AlarmDescription: age,
      Namespace: 'App',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [{ Ref: 'Topic' }],
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  Rate: [
    'AWS::CloudWatch::Alarm',
    {
      AlarmDescription: age,
      Metrics: [
        { Id: 'rate', Expression: '100 * failed / all' },
        { Id: 'failed', MetricStat: part('Failed'), ReturnData: 'false' },
        { Id: 'all', MetricStat: part('All'), ReturnData: false },
      ],
      EvaluationPeriods: '2',
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  ],
  Composite: [
    'AWS::CloudWatch::CompositeAlarm',
    { AlarmName: 'composite', AlarmDescription: age, AlarmRule: { 'Fn::Sub': 'ALARM("${Alarm}")' } },
  ],
  Letters: [
    'AWS::SQS::Queue',
    {
      VisibilityTimeout: age === 'first' ? 30 : '60',
      ...(age === 'first' && { DelaySeconds: 1 }),
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  InOrder: [
    'AWS::SQS::Queue',
    { QueueName: 'in-order.fifo', FifoQueue: true, ContentBasedDeduplication: age === 'first' },
  ],
  LettersPolicy: [
    'AWS::SQS::QueuePolicy',
    {
      Queues: [{ Ref: 'Letters' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: { 'Fn::GetAtt': ['Letters', 'Arn'] },
            Condition: {
              ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } },
              StringEquals: { 'aws:SourceAccount': age === 'first' ? HUB : '' },
            },
          },
        ],
      },
    },
  ],
  Bus: ['AWS::Events::EventBus', { Name: 'own-bus', Description: age }],
  Rule: [
    'AWS::Events::Rule',
    { EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['own'] }, Description: age },
  ],
})

const answer = (MessageBody: string) => ({
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: 200, ContentType: 'text/plain', MessageBody },
})

const balancing = (age: string): Record<string, [string, object]> => ({
  Balancer: [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    {
      Subnets: age === 'first' ? ['subnet-1a', 'subnet-1b'] : ['subnet-1a', 'subnet-1c'],
      SecurityGroups: [`sg-${age}`],
      LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: age === 'first' ? 30 : '40' }],
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  Targets: [
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    {
      Port: '80',
      Protocol: 'HTTP',
      TargetType: 'ip',
      VpcId: 'vpc-1',
      HealthCheckIntervalSeconds: age === 'first' ? '20' : 25,
      Matcher: { HttpCode: age === 'first' ? 200 : '200-299' },
      TargetGroupAttributes: [
        { Key: 'deregistration_delay.timeout_seconds', Value: 0 },
        { Key: 'stickiness.enabled', Value: age !== 'first' },
      ],
      Targets: [{ Id: age === 'first' ? '10.0.0.1' : '10.0.0.2', Port: 8080 }],
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  Listener: [
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: { Ref: 'Balancer' },
      Port: '80',
      Protocol: 'HTTP',
      DefaultActions: [
        age === 'first'
          ? {
              Type: 'forward',
              ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' }, Weight: '1' }] },
            }
          : { Type: 'forward', TargetGroupArn: { Ref: 'Targets' } },
      ],
      ListenerAttributes: [{ Key: 'routing.http.response.server.enabled', Value: age !== 'first' }],
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
  ListenerRule: [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    {
      ListenerArn: { Ref: 'Listener' },
      Priority: age === 'first' ? '1' : 2,
      Conditions: [{ Field: 'path-pattern', Values: ['/own'] }],
      Actions: [answer(age)],
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
})

const containers = (age: string): Record<string, [string, object]> => ({
  Cluster: [
    'AWS::ECS::Cluster',
    {
      ClusterSettings: [{ Name: 'containerInsights', Value: age === 'first' ? 'disabled' : 'enabled' }],
    },
  ],
  Providers: [
    'AWS::ECS::ClusterCapacityProviderAssociations',
    {
      Cluster: { Ref: 'Cluster' },
      CapacityProviders: age === 'first' ? ['FARGATE'] : ['FARGATE', 'FARGATE_SPOT'],
      DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    },
  ],
  Tasks: [
    'AWS::ECS::TaskDefinition',
    {
      NetworkMode: 'awsvpc',
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [{ Name: 'web', Image: `nginx:${age}` }],
    },
  ],
  // None of its tasks run: how far one is when the cloud is killed would tell two runs apart.
  WebService: [
    'AWS::ECS::Service',
    {
      ...{ Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Tasks' }, LaunchType: 'FARGATE' },
      DesiredCount: 0,
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
      Tags: [{ Key: 'age', Value: age }],
    },
  ],
})

const delivery = (age: string): Record<string, [string, object]> => ({
  Connection: [
    'AWS::CodeStarConnections::Connection',
    { ConnectionName: 'own', ProviderType: 'GitHub', Tags: [{ Key: 'own', Value: age }] },
  ],
  Pipeline: [
    'AWS::CodePipeline::Pipeline',
    {
      RoleArn: { 'Fn::GetAtt': ['PipelineRole', 'Arn'] },
      ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } },
      Stages: [source, approval(age)],
    },
  ],
  Notices: [
    'AWS::CodeStarNotifications::NotificationRule',
    {
      Name: 'notices',
      DetailType: 'FULL',
      EventTypeIds: ['codepipeline-pipeline-pipeline-execution-failed'],
      Resource: { 'Fn::Sub': 'arn:aws:codepipeline:us-east-1:${AWS::AccountId}:${Pipeline}' },
      Targets: [{ TargetType: 'SNS', TargetAddress: { Ref: 'Topic' } }],
      Tags: { own: age },
    },
  ],
  MachineRole: ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust('states.amazonaws.com') }],
  Machine: [
    'AWS::StepFunctions::StateMachine',
    {
      RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
      Definition: { StartAt: 'End', States: { End: { Type: 'Pass', Result: '${Age}', End: true } } },
      DefinitionSubstitutions: { Age: age },
      Tags: [{ Key: 'own', Value: age }],
    },
  ],
  Deployments: [
    'AWS::CodeDeploy::Application',
    { ComputePlatform: 'Lambda', Tags: [{ Key: 'own', Value: age }] },
  ],
  DeploymentConfig: [
    'AWS::CodeDeploy::DeploymentConfig',
    {
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: {
        Type: 'TimeBasedLinear',
        TimeBasedLinear: { LinearPercentage: 50, LinearInterval: age === 'first' ? 1 : 2 },
      },
    },
  ],
  DeployRole: ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust('codedeploy.amazonaws.com') }],
  DeploymentGroup: [
    'AWS::CodeDeploy::DeploymentGroup',
    {
      ApplicationName: { Ref: 'Deployments' },
      ServiceRoleArn: { 'Fn::GetAtt': ['DeployRole', 'Arn'] },
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      AutoRollbackConfiguration: { Enabled: age === 'first', Events: ['DEPLOYMENT_FAILURE'] },
      Tags: [{ Key: 'own', Value: age }],
    },
  ],
  Reports: [
    'AWS::CodeBuild::ReportGroup',
    { Type: 'TEST', ExportConfig: { ExportConfigType: 'NO_EXPORT' }, Tags: [{ Key: 'own', Value: age }] },
  ],
  Credential: [
    'AWS::CodeBuild::SourceCredential',
    { ServerType: 'GITHUB', AuthType: 'PERSONAL_ACCESS_TOKEN', Token: age },
  ],
  Project: [
    'AWS::CodeBuild::Project',
    {
      ServiceRole: `arn:aws:iam::${HUB}:role/builder`,
      Description: age,
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: {
        Type: 'LINUX_CONTAINER',
        Image: 'aws/codebuild/standard:7.0',
        ComputeType: 'BUILD_GENERAL1_SMALL',
      },
    },
  ],
})
