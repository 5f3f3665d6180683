/** Deployment of an application by OpsWorks Stacks. */
import { formatArn } from '../../model/index.ts'
import { inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

const OPERATIONS = [
  'opsworks:CreateDeployment',
  'opsworks:DescribeApps',
  'opsworks:DescribeCommands',
  'opsworks:DescribeDeployments',
  'opsworks:DescribeInstances',
  'opsworks:DescribeStacks',
  'opsworks:UpdateApp',
  'opsworks:UpdateStack',
]

/** AWS: "AWS OpsWorks deploy action reference"; OpsWorks Stacks itself reached its end of life on May 26, 2024. */
export const opsWorks: ActionProvider = {
  type: awsAction('Deploy', 'OpsWorks'),
  inputs: between(1, 1),
  outputs: between(0, 1),
  configuration: { App: { required: true }, Stack: { required: true }, Layer: {} },
  variables: [],
  refusedLocally: true,
  untold: {
    at: 'opsworks:CreateDeployment',
    what: 'AWS has ended OpsWorks Stacks (May 26, 2024): that a deployment can still be made is not known',
  },
  needs: (around) => {
    const because = `to deploy the app ${around.value('App')}`
    const stack = formatArn('opsworks', around.region, around.account, 'stack/*/')
    return [...needAll(around.role, OPERATIONS, stack, because), ...inputNeeds(around)]
  },
}
