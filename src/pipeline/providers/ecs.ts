/** Rolling deployment of an ECS service to new images. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, optionally, passRole } from '../provider.ts'

/**
 * AWS: "Amazon Elastic Container Service deploy action reference" names what is needed at least, and tagging where the
 * task definition has tags, which the new revision takes over; tasks it was allowed to look at before, and AWS CDK still
 * grants that.
 */
export const ecs: ActionProvider = {
  type: awsAction('Deploy', 'ECS'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    ClusterName: { required: true, names: 'cluster' },
    ServiceName: { required: true, names: 'service' },
    FileName: {},
    DeploymentTimeout: {},
  },
  variables: [],
  check: ({ configuration = {} }) => {
    const timeout = configuration.DeploymentTimeout
    return timeout && !timeout.includes('#{') && !(Number(timeout) >= 1 && Number(timeout) <= 60)
      ? [`DeploymentTimeout is "${timeout}" but must be 1 to 60 minutes`]
      : []
  },
  needs: ({ action, role, account, region, value, reads }) => {
    const because = `to deploy the service ${value('ServiceName')}`
    const arn = (resource: string) => formatArn('ecs', region, account, resource)
    const service = arn(`service/${value('ClusterName')}/${value('ServiceName')}`)
    return [
      ...needAll(role, ['ecs:DescribeServices', 'ecs:UpdateService'], service, because),
      ...needAll(role, ['ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition'], '*', because),
      ...optionally([
        ...needAll(role, ['ecs:DescribeTasks'], arn(`task/${value('ClusterName')}/*`), because),
        ...needAll(role, ['ecs:ListTasks'], '*', because),
        ...needAll(role, ['ecs:TagResource'], arn('task-definition/*:*'), because, {
          'ecs:CreateAction': 'RegisterTaskDefinition',
        }),
      ]),
      passRole(role, formatArn('iam', '', account, 'role/*'), 'ecs-tasks.amazonaws.com', because),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the image names from ${one.name}`),
      ),
    ]
  },
}
