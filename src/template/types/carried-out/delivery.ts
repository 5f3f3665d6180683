/** What the embedded cloud carries out of delivery: projects, repositories, deployments, state machines. */
import { type CarriedOut, properties } from './carried-out.ts'

/** Properties of a project that CreateProject takes under the same name, in lower camel case. */
export const PROJECT_SETTINGS = [
  'Name',
  'Description',
  'Source',
  'SecondarySources',
  'SecondarySourceVersions',
  'SourceVersion',
  'Artifacts',
  'SecondaryArtifacts',
  'Cache',
  'Environment',
  'ServiceRole',
  'TimeoutInMinutes',
  'QueuedTimeoutInMinutes',
  'EncryptionKey',
  'LogsConfig',
  'VpcConfig',
  'BadgeEnabled',
  'ConcurrentBuildLimit',
  'BuildBatchConfig',
]

const PROJECT = [...PROJECT_SETTINGS, 'Visibility', 'Tags', 'Triggers']

export const delivery: Readonly<Record<string, CarriedOut>> = {
  'AWS::CodeBuild::Project': {
    members: { '': PROJECT, Triggers: ['Webhook', 'BuildType', 'FilterGroups', 'PullRequestBuildPolicy'] },
    values: { Visibility: ['PRIVATE'] },
  },
  'AWS::CodeCommit::Repository': properties(
    'RepositoryName',
    'RepositoryDescription',
    'Code',
    'Triggers',
    'Tags',
  ),
  // There are no instances to deploy to.
  'AWS::CodeDeploy::Application': { values: { ComputePlatform: ['Lambda', 'ECS'] } },
  'AWS::CodeDeploy::DeploymentConfig': {
    ...properties('DeploymentConfigName', 'ComputePlatform', 'TrafficRoutingConfig'),
    values: { ComputePlatform: ['Lambda', 'ECS'] },
  },
  'AWS::CodeDeploy::DeploymentGroup': properties(
    'ApplicationName',
    'DeploymentGroupName',
    'DeploymentConfigName',
    'ServiceRoleArn',
    'DeploymentStyle',
    'AlarmConfiguration',
    'AutoRollbackConfiguration',
    'TriggerConfigurations',
    'BlueGreenDeploymentConfiguration',
    'LoadBalancerInfo',
    'ECSServices',
    'Tags',
  ),
  // AWS: CreatedBy says that somebody else has made it.
  'AWS::CodeStarNotifications::NotificationRule': properties(
    'Name',
    'DetailType',
    'EventTypeIds',
    'EventTypeId',
    'Resource',
    'Targets',
    'TargetAddress',
    'Status',
    'Tags',
  ),
  'AWS::StepFunctions::StateMachine': {
    ...properties(
      'StateMachineName',
      'StateMachineType',
      'Definition',
      'DefinitionString',
      'DefinitionS3Location',
      'DefinitionSubstitutions',
      'RoleArn',
      'TracingConfiguration',
      'Tags',
    ),
    values: { 'TracingConfiguration.Enabled': [false] },
  },
}
