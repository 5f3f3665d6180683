/** Deployment of an artifact to instances that carry a tag, by scripts through Systems Manager. */
import { type ActionDeclaration, formatArn, type Need } from '../../model/index.ts'
import { computeLogNeeds, inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

/** AWS: "Amazon EC2 action reference", Linux only. */
export const ec2Deploy: ActionProvider = {
  type: awsAction('Deploy', 'EC2'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    InstanceTagKey: { required: true },
    InstanceTagValue: {},
    InstanceType: { required: true, values: ['EC2', 'SSM_MANAGED_NODE'] },
    TargetDirectory: {},
    DeploySpec: {},
    MaxBatch: {},
    MaxError: {},
    TargetGroupNameList: {},
    PreScript: {},
    PostScript: {},
  },
  variables: [],
  pipelineType: 'V2',
  refusedLocally: true,
  // AWS: the instances fetch the artifact themselves, with the role of their profile.
  untold: {
    at: 'ssm:SendCommand',
    what: 'the instances are told by a tag: whether their roles may read the artifact (s3:GetObject, kms:Decrypt) is not known',
  },
  check,
  needs: (around) => [
    ...commandNeeds(around),
    ...targetGroupNeeds(around),
    ...computeLogNeeds(around),
    ...inputNeeds(around),
  ],
}

function check({ configuration = {} }: ActionDeclaration): string[] {
  if (configuration.DeploySpec) return []
  return ['TargetDirectory', 'PostScript'].flatMap((key) =>
    configuration[key] ? [] : [`${key} is required without DeploySpec`],
  )
}

function commandNeeds({ role, account, region, value }: ActionSurroundings): Need[] {
  const [key, tag] = [value('InstanceTagKey'), value('InstanceTagValue')]
  const because = `to run the deployment on instances with the tag ${key}`
  const isNode = value('InstanceType') === 'SSM_MANAGED_NODE'
  const instances = isNode
    ? formatArn('ssm', region, account, 'managed-instance/*')
    : formatArn('ec2', region, account, 'instance/*')
  const shown = ['ssm:DescribeInstanceInformation', 'ssm:ListCommandInvocations']
  return [
    ...needAll(role, isNode ? shown : ['ec2:DescribeInstances', ...shown], '*', because),
    ...optionally(needAll(role, ['ssm:CancelCommand'], '*', because)),
    ...needAll(
      role,
      ['ssm:SendCommand'],
      instances,
      because,
      tag ? { [`aws:ResourceTag/${key}`]: tag } : undefined,
    ),
    ...needAll(
      role,
      ['ssm:SendCommand'],
      formatArn('ssm', region, '', 'document/AWS-RunShellScript'),
      because,
    ),
  ]
}

const DESCRIBED = [
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
]

/** AWS: instances are taken out of the target group while they are deployed to, and put back. */
function targetGroupNeeds({ role, account, region, value }: ActionSurroundings): Need[] {
  const because = 'to take instances out of their target groups'
  const groups = value('TargetGroupNameList')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (!groups.length) return []
  return [
    ...needAll(role, DESCRIBED, '*', because),
    ...groups.flatMap((name) =>
      needAll(
        role,
        ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
        formatArn('elasticloadbalancing', region, account, `targetgroup/${name}/*`),
        because,
      ),
    ),
  ]
}
