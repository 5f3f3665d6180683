/** The template of a cluster with one Fargate service. */
import { HUB } from '../cloud.ts'
import type { TemplateData } from '../cloudformation/stack-driver.ts'

export const HOME = `arn:aws:ecs:us-east-1:${HUB}`

interface Shop {
  readonly image?: string
  readonly count?: number
  readonly insights?: 'enabled'
  /** The execution role's ARN; images from outside ECR need none. */
  readonly execution?: string
  /** Further properties of the service; one that is undefined is left out. */
  readonly service?: object
}

export const shopTemplate = (
  name: string,
  { image = 'nginx:1', count = 1, insights, execution, service }: Shop = {},
): TemplateData => ({
  Resources: {
    Cluster: {
      Type: 'AWS::ECS::Cluster',
      Properties: {
        ClusterName: name,
        ...(insights && { ClusterSettings: [{ Name: 'containerInsights', Value: insights }] }),
      },
    },
    Tasks: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        Family: name,
        RequiresCompatibilities: ['FARGATE'],
        NetworkMode: 'awsvpc',
        Cpu: '256',
        Memory: '512',
        ...(execution && { ExecutionRoleArn: execution }),
        ContainerDefinitions: [
          {
            Name: 'web',
            Image: image,
            PortMappings: [{ ContainerPort: 8080 }],
            LogConfiguration: { LogDriver: 'json-file', Options: { 'max-size': '1m' } },
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        ServiceName: name,
        LaunchType: 'FARGATE',
        TaskDefinition: { Ref: 'Tasks' },
        DesiredCount: count,
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
        DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
        ...service,
      },
    },
  },
  Outputs: {
    Cluster: { Value: { Ref: 'Cluster' } },
    ClusterArn: { Value: { 'Fn::GetAtt': ['Cluster', 'Arn'] } },
    Service: { Value: { Ref: 'Service' } },
    ServiceName: { Value: { 'Fn::GetAtt': ['Service', 'Name'] } },
    Tasks: { Value: { Ref: 'Tasks' } },
  },
})
