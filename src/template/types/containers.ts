/** What CloudFormation needs for ECS and ECR resources. */
import { linkedRole, registry, type TypeTable } from './type-facts.ts'

const CLUSTER = 'arn:aws:ecs:{region}:{account}:cluster/{name}'
const SERVICE = 'arn:aws:ecs:{region}:{account}:service/*/{name}'
const REPOSITORY = 'arn:aws:ecr:{region}:{account}:repository/{name}'
const ITS_CLUSTER = 'arn:aws:ecs:{region}:{account}:cluster/{Cluster}'
const tag = ['ecs:ListTagsForResource', 'ecs:TagResource', 'ecs:UntagResource']

export const containers: TypeTable = {
  'AWS::ECS::Cluster': {
    ...registry('AWS::ECS::Cluster', '2607601cf329'),
    name: { property: 'ClusterName', longest: 255 },
    arn: CLUSTER,
    grants: [
      {
        on: CLUSTER,
        create: ['ecs:CreateCluster'],
        read: ['ecs:DescribeClusters'],
        update: ['ecs:UpdateCluster', 'ecs:UpdateClusterSettings'],
        delete: ['ecs:DeleteCluster'],
        tag,
      },
      {
        on: CLUSTER,
        when: ['CapacityProviders', 'DefaultCapacityProviderStrategy'],
        update: ['ecs:PutClusterCapacityProviders'],
      },
      {
        on: 'arn:aws:kms:{region}:{account}:key/*',
        when: [
          'Configuration.ManagedStorageConfiguration',
          'Configuration.ExecuteCommandConfiguration.KmsKeyId',
        ],
        read: ['kms:DescribeKey'],
      },
      // AWS: a caller who may not make the role makes the cluster without it ("CreateCluster").
      linkedRole('ecs.amazonaws.com', { optional: true }),
    ],
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': {
    ...registry('AWS::ECS::ClusterCapacityProviderAssociations', '2f07e30b5fb6'),
    grants: [
      {
        on: ITS_CLUSTER,
        create: ['ecs:PutClusterCapacityProviders'],
        read: ['ecs:DescribeClusters'],
        delete: ['ecs:PutClusterCapacityProviders'],
      },
    ],
  },
  'AWS::ECS::Service': {
    ...registry('AWS::ECS::Service', '04b21958b3a7'),
    name: { property: 'ServiceName', longest: 255 },
    arn: 'arn:aws:ecs:{region}:{account}:service/{Cluster after / or default}/{name}',
    ref: '{arn}',
    attributes: { Name: '{name}', ServiceArn: '{arn}' },
    systemTags: false,
    passes: {
      Role: 'ecs.amazonaws.com',
      'VolumeConfigurations[].ManagedEBSVolume.RoleArn': 'ecs.amazonaws.com',
      'VpcLatticeConfigurations[].RoleArn': 'ecs.amazonaws.com',
      'LoadBalancers[].AdvancedConfiguration.RoleArn': 'ecs.amazonaws.com',
      'DeploymentConfiguration.LifecycleHooks[].RoleArn': 'ecs.amazonaws.com',
    },
    grants: [
      {
        on: SERVICE,
        create: ['ecs:CreateService'],
        read: ['ecs:DescribeServices', 'ecs:ListServiceDeployments'],
        update: ['ecs:UpdateService'],
        delete: ['ecs:DeleteService'],
        tag,
      },
      // AWS: a deployment of a service is followed and stopped under the names of both.
      {
        on: 'arn:aws:ecs:{region}:{account}:service-deployment/*/{name}/*',
        read: ['ecs:DescribeServiceDeployments'],
        update: ['ecs:StopServiceDeployment'],
      },
      {
        on: SERVICE,
        read: ['ecs:DescribeServiceDeployments'],
        update: ['ecs:StopServiceDeployment'],
      },
      linkedRole('ecs.amazonaws.com', {
        undeclared: 'ECS makes the role with the first service of an account, where no cluster has made it',
        optional: true,
      }),
    ],
  },
  'AWS::ECS::TaskDefinition': {
    ...registry('AWS::ECS::TaskDefinition', '092bd0b5368f'),
    name: { property: 'Family', longest: 255 },
    // AWS: the revision behind it is counted by ECS.
    arn: 'arn:aws:ecs:{region}:{account}:task-definition/{name}:{made-up}',
    ref: '{arn}',
    attributes: { TaskDefinitionArn: '{arn}' },
    passes: { TaskRoleArn: 'ecs-tasks.amazonaws.com', ExecutionRoleArn: 'ecs-tasks.amazonaws.com' },
    looksAtRoles: true,
    grants: [
      {
        on: 'arn:aws:ecs:{region}:{account}:task-definition/{name}:*',
        create: ['ecs:RegisterTaskDefinition'],
        tag,
      },
      // AWS: neither is authorized on a task definition.
      { on: '*', read: ['ecs:DescribeTaskDefinition'], delete: ['ecs:DeregisterTaskDefinition'] },
    ],
  },
  'AWS::ECR::Repository': {
    ...registry('AWS::ECR::Repository', '00f8ac71305b'),
    name: { property: 'RepositoryName', longest: 256, letters: 'lower' },
    arn: REPOSITORY,
    attributes: { RepositoryUri: '{account}.dkr.ecr.{region}.{suffix}/{name}' },
    grants: [
      {
        on: REPOSITORY,
        create: ['ecr:CreateRepository'],
        read: ['ecr:DescribeRepositories'],
        delete: ['ecr:DeleteRepository'],
        tag: ['ecr:ListTagsForResource', 'ecr:TagResource', 'ecr:UntagResource'],
      },
      {
        on: REPOSITORY,
        when: ['LifecyclePolicy'],
        create: ['ecr:PutLifecyclePolicy'],
        read: ['ecr:GetLifecyclePolicy'],
        update: ['ecr:DeleteLifecyclePolicy'],
      },
      {
        on: REPOSITORY,
        when: ['RepositoryPolicyText'],
        create: ['ecr:SetRepositoryPolicy'],
        read: ['ecr:GetRepositoryPolicy'],
        update: ['ecr:DeleteRepositoryPolicy'],
      },
      { on: REPOSITORY, when: ['ImageScanningConfiguration'], update: ['ecr:PutImageScanningConfiguration'] },
      { on: REPOSITORY, when: ['ImageTagMutability'], update: ['ecr:PutImageTagMutability'] },
      {
        on: '{key:EncryptionConfiguration.KmsKey}',
        when: ['EncryptionConfiguration'],
        create: ['kms:CreateGrant', 'kms:DescribeKey'],
        delete: ['kms:RetireGrant'],
      },
    ],
  },
}
