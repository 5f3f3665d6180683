/** The template of a service behind a load balancer, as one writes it for a team. */

const TRUST = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
})

const group = (Name: string) => ({
  Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  Properties: {
    Name,
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    // Minutes that a test jumps over are no check that timed out.
    HealthCheckIntervalSeconds: 300,
    HealthCheckTimeoutSeconds: 120,
    TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '1' }],
  },
})

const forwardToBoth = [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: { Ref: 'Blue' }, Weight: 100 },
        { TargetGroupArn: { Ref: 'Green' }, Weight: 0 },
      ],
    },
  },
]

/** `DeploymentConfiguration` is the service's; the parameters `Image` and `Exit` are the application's. */
export const serviceTemplate = (DeploymentConfiguration: object): string =>
  JSON.stringify({
    Parameters: {
      Image: { Type: 'String' },
      Exit: { Type: 'String', Default: 'none' },
    },
    Resources: {
      Cluster: { Type: 'AWS::ECS::Cluster' },
      Execution: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: TRUST('ecs-tasks.amazonaws.com'),
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
        },
      },
      Infrastructure: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: TRUST('ecs.amazonaws.com'),
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers'],
        },
      },
      Definition: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          Family: 'shop',
          RequiresCompatibilities: ['FARGATE'],
          NetworkMode: 'awsvpc',
          Cpu: '256',
          Memory: '512',
          ExecutionRoleArn: { 'Fn::GetAtt': ['Execution', 'Arn'] },
          ContainerDefinitions: [
            {
              Name: 'web',
              Image: { Ref: 'Image' },
              PortMappings: [{ ContainerPort: 8080 }],
              Environment: [{ Name: 'CROSSDOCK_SIMULATED_EXIT', Value: { Ref: 'Exit' } }],
            },
          ],
        },
      },
      Blue: group('blue'),
      Green: group('green'),
      Balancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { Subnets: ['subnet-1a', 'subnet-1b'] },
      },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: {
          LoadBalancerArn: { Ref: 'Balancer' },
          Port: 80,
          Protocol: 'HTTP',
          DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        },
      },
      Production: {
        Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
        Properties: {
          ListenerArn: { Ref: 'Listener' },
          Priority: 1,
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['*'] } }],
          Actions: forwardToBoth,
        },
      },
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          ServiceName: 'shop',
          Cluster: { Ref: 'Cluster' },
          TaskDefinition: { Ref: 'Definition' },
          DesiredCount: 2,
          LaunchType: 'FARGATE',
          NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1a'] } },
          DeploymentConfiguration,
          LoadBalancers: [
            {
              TargetGroupArn: { Ref: 'Blue' },
              ContainerName: 'web',
              ContainerPort: 8080,
              AdvancedConfiguration: {
                AlternateTargetGroupArn: { Ref: 'Green' },
                ProductionListenerRule: { Ref: 'Production' },
                RoleArn: { 'Fn::GetAtt': ['Infrastructure', 'Arn'] },
              },
            },
          ],
        },
      },
    },
    Outputs: {
      Cluster: { Value: { Ref: 'Cluster' } },
      Listener: { Value: { Ref: 'Listener' } },
      Production: { Value: { Ref: 'Production' } },
    },
  })
