/** What CloudFormation needs for Application Auto Scaling resources. */
import { linkedRole, registry, type TypeTable } from './type-facts.ts'

const TARGET = 'arn:aws:application-autoscaling:{region}:{account}:scalable-target/*'

export const scaling: TypeTable = {
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    ...registry('AWS::ApplicationAutoScaling::ScalableTarget', '001da55c4665'),
    systemTags: false,
    passes: { RoleARN: 'application-autoscaling.amazonaws.com' },
    grants: [
      {
        on: TARGET,
        create: ['application-autoscaling:RegisterScalableTarget'],
        delete: ['application-autoscaling:DeregisterScalableTarget'],
        tag: [
          'application-autoscaling:ListTagsForResource',
          'application-autoscaling:TagResource',
          'application-autoscaling:UntagResource',
        ],
      },
      {
        on: TARGET,
        when: ['ScheduledActions'],
        create: ['application-autoscaling:PutScheduledAction'],
        update: ['application-autoscaling:DeleteScheduledAction'],
      },
      // AWS: the alarms of its policies bear this name.
      {
        on: 'arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-*',
        create: ['cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricAlarm'],
      },
      {
        on: 'arn:aws:lambda:{region}:{account}:{ResourceId}',
        refers: ['ServiceNamespace', 'lambda'],
        create: ['lambda:PutProvisionedConcurrencyConfig'],
        read: ['lambda:GetProvisionedConcurrencyConfig'],
        update: ['lambda:DeleteProvisionedConcurrencyConfig'],
      },
      {
        on: '*',
        read: [
          'application-autoscaling:DescribeScalableTargets',
          'application-autoscaling:DescribeScheduledActions',
        ],
      },
      // AWS: each service that scales has its own role: `ecs.application-autoscaling.amazonaws.com` and so on.
      linkedRole('*.application-autoscaling.amazonaws.com'),
    ],
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    ...registry('AWS::ApplicationAutoScaling::ScalingPolicy', '13b012f6d16c'),
    grants: [
      {
        on: TARGET,
        create: ['application-autoscaling:PutScalingPolicy'],
        delete: ['application-autoscaling:DeleteScalingPolicy'],
      },
      { on: '*', read: ['application-autoscaling:DescribeScalingPolicies'] },
      // AWS: metrics are authorized on no resource; a policy that predicts looks at those it is to predict.
      {
        on: '*',
        when: ['PredictiveScalingPolicyConfiguration'],
        create: ['cloudwatch:GetMetricData'],
      },
    ],
  },
}
