/** Deployment of an artifact to an environment of Elastic Beanstalk. */
import { formatArn } from '../../model/index.ts'
import { inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

/**
 * AWS: "Elastic Beanstalk deploy action reference" names whole services only. A version is made of the artifact and given
 * to the environment (Elastic Beanstalk API reference); the rest hangs on what the environment consists of.
 */
export const elasticBeanstalk: ActionProvider = {
  type: awsAction('Deploy', 'ElasticBeanstalk'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: { ApplicationName: { required: true }, EnvironmentName: { required: true } },
  variables: [],
  refusedLocally: true,
  untold: {
    at: 'elasticbeanstalk:UpdateEnvironment',
    what: "AWS does not tell which calls to EC2, Elastic Load Balancing, Auto Scaling, CloudWatch, S3, SNS, CloudFormation, RDS, SQS and ECS Elastic Beanstalk makes with the action's role",
  },
  needs: (around) => {
    const { role, account, region, value } = around
    const [application, environment] = [value('ApplicationName'), value('EnvironmentName')]
    const because = `to deploy to the environment ${environment} of ${application}`
    const arn = (resource: string) => formatArn('elasticbeanstalk', region, account, resource)
    const placed = arn(`environment/${application}/${environment}`)
    return [
      ...needAll(
        role,
        ['elasticbeanstalk:CreateApplicationVersion'],
        arn(`applicationversion/${application}/*`),
        because,
      ),
      ...needAll(
        role,
        [
          'elasticbeanstalk:UpdateEnvironment',
          'elasticbeanstalk:DescribeEnvironments',
          'elasticbeanstalk:DescribeEvents',
        ],
        placed,
        because,
      ),
      ...inputNeeds(around),
    ]
  },
}
