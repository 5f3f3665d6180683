/** What CloudFormation needs for ECS, ECR and CodeDeploy resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

const ecs = authorization('amazonelasticcontainerservice')
const CLUSTER = 'arn:aws:ecs:{region}:{account}:cluster/{name}'
const SERVICE = 'arn:aws:ecs:{region}:{account}:service/*'
const REPOSITORY = 'arn:aws:ecr:{region}:{account}:repository/{name}'
const tag = ['ecs:ListTagsForResource', 'ecs:TagResource', 'ecs:UntagResource']

export const containers: PermissionTable = {
  'AWS::ECS::Cluster': {
    ...ecs,
    name: 'ClusterName',
    longestName: 255,
    grants: [
      // AWS: creation is authorized on no cluster yet.
      { on: '*', create: ['ecs:CreateCluster'] },
      {
        on: CLUSTER,
        read: ['ecs:DescribeClusters'],
        update: ['ecs:UpdateCluster', 'ecs:UpdateClusterSettings'],
        delete: ['ecs:DeleteCluster'],
        tag,
      },
      {
        on: CLUSTER,
        when: ['CapacityProviders', 'DefaultCapacityProviderStrategy'],
        create: ['ecs:PutClusterCapacityProviders'],
      },
    ],
  },
  'AWS::ECS::Service': {
    ...ecs,
    name: 'ServiceName',
    longestName: 255,
    passes: { Role: 'ecs.amazonaws.com' },
    grants: [
      {
        on: SERVICE,
        create: ['ecs:CreateService'],
        read: ['ecs:DescribeServices'],
        update: ['ecs:UpdateService'],
        delete: ['ecs:DeleteService'],
        tag,
      },
      {
        on: 'arn:aws:iam::{account}:role/aws-service-role/ecs.amazonaws.com/*',
        create: ['iam:CreateServiceLinkedRole'],
      },
    ],
  },
  'AWS::ECS::TaskDefinition': {
    ...registry('AWS::ECS::TaskDefinition'),
    name: 'Family',
    longestName: 255,
    passes: { TaskRoleArn: 'ecs-tasks.amazonaws.com', ExecutionRoleArn: 'ecs-tasks.amazonaws.com' },
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
    ...registry('AWS::ECR::Repository'),
    name: 'RepositoryName',
    longestName: 256,
    lowerCase: true,
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
        on: 'arn:aws:kms:{region}:{account}:key/*',
        when: ['EncryptionConfiguration'],
        create: ['kms:CreateGrant', 'kms:DescribeKey'],
        delete: ['kms:RetireGrant'],
      },
    ],
  },
  'AWS::CodeDeploy::Application': {
    ...authorization('awscodedeploy'),
    name: 'ApplicationName',
    longestName: 100,
    grants: [
      {
        on: 'arn:aws:codedeploy:{region}:{account}:application:{name}',
        create: ['codedeploy:CreateApplication'],
        read: ['codedeploy:GetApplication'],
        update: ['codedeploy:UpdateApplication'],
        delete: ['codedeploy:DeleteApplication'],
        tag: ['codedeploy:ListTagsForResource', 'codedeploy:TagResource', 'codedeploy:UntagResource'],
      },
    ],
  },
  'AWS::CodeDeploy::DeploymentGroup': {
    ...authorization('awscodedeploy'),
    passes: { ServiceRoleArn: 'codedeploy.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:codedeploy:{region}:{account}:deploymentgroup:*',
        create: ['codedeploy:CreateDeploymentGroup'],
        read: ['codedeploy:GetDeploymentGroup'],
        update: ['codedeploy:UpdateDeploymentGroup'],
        delete: ['codedeploy:DeleteDeploymentGroup'],
        tag: ['codedeploy:ListTagsForResource', 'codedeploy:TagResource', 'codedeploy:UntagResource'],
      },
      // AWS: an alias that moves by a deployment group is moved by a deployment that CloudFormation starts and watches.
      {
        on: 'arn:aws:codedeploy:{region}:{account}:deploymentgroup:*',
        update: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment', 'codedeploy:StopDeployment'],
      },
      {
        on: 'arn:aws:codedeploy:{region}:{account}:deploymentconfig:*',
        update: ['codedeploy:GetDeploymentConfig'],
      },
      {
        on: 'arn:aws:codedeploy:{region}:{account}:application:*',
        update: ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      },
    ],
  },
}
