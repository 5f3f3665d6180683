/** What the embedded cloud carries out of containers: services of ECS, repositories of images. */
import { type CarriedOut, properties } from './carried-out.ts'

const ECS_SERVICE = [
  'AvailabilityZoneRebalancing',
  'CapacityProviderStrategy',
  'Cluster',
  'DeploymentConfiguration',
  'DeploymentController',
  'DesiredCount',
  'EnableECSManagedTags',
  'EnableExecuteCommand',
  'ForceNewDeployment',
  'HealthCheckGracePeriodSeconds',
  'LaunchType',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlatformVersion',
  'PropagateTags',
  'SchedulingStrategy',
  'ServiceName',
  'Tags',
  'TaskDefinition',
]

const ECS_DEPLOYMENT = [
  'Alarms',
  'BakeTimeInMinutes',
  'CanaryConfiguration',
  'DeploymentCircuitBreaker',
  'EarlySuccessCriteria',
  'LifecycleHooks',
  'LinearConfiguration',
  'MaximumPercent',
  'MinimumHealthyPercent',
  'Strategy',
]

const TASK_DEFINITION = [
  'ContainerDefinitions',
  'Cpu',
  'EnableFaultInjection',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'Family',
  'IpcMode',
  'Memory',
  'NetworkMode',
  'PidMode',
  'PlacementConstraints',
  'RequiresCompatibilities',
  'RuntimePlatform',
  'Tags',
  'TaskRoleArn',
  'Volumes',
]

export const containers: Readonly<Record<string, CarriedOut>> = {
  'AWS::ECS::Cluster': properties(
    'ClusterName',
    'ClusterSettings',
    'CapacityProviders',
    'DefaultCapacityProviderStrategy',
    'Tags',
  ),
  'AWS::ECS::Service': {
    members: {
      '': ECS_SERVICE,
      DeploymentConfiguration: ECS_DEPLOYMENT,
    },
    // There are no container instances.
    values: {
      LaunchType: ['FARGATE'],
      SchedulingStrategy: ['REPLICA'],
      EnableExecuteCommand: [false],
    },
    // AWS: without either the cluster's default strategy counts, and without that EC2 (CreateService, launchType).
    fallback: {
      of: ['LaunchType', 'CapacityProviderStrategy'],
      unless: ['DeploymentController.Type', 'EXTERNAL'],
      owner: ['Cluster', 'default'],
      saidBy: [
        { type: 'AWS::ECS::Cluster', property: 'DefaultCapacityProviderStrategy' },
        {
          type: 'AWS::ECS::ClusterCapacityProviderAssociations',
          property: 'DefaultCapacityProviderStrategy',
          owner: 'Cluster',
        },
      ],
      refused:
        'AWS::ECS::Service on container instances, which is meant where LaunchType and CapacityProviderStrategy are left out and the cluster has no default strategy: set LaunchType to FARGATE.',
    },
  },
  'AWS::ECS::TaskDefinition': properties(...TASK_DEFINITION),
  'AWS::ECR::Repository': properties(
    'RepositoryName',
    'ImageTagMutability',
    'ImageTagMutabilityExclusionFilters',
    'ImageScanningConfiguration',
    'EncryptionConfiguration',
    'RepositoryPolicyText',
    'LifecyclePolicy',
    'EmptyOnDelete',
    'Tags',
  ),
}
