/** Deployment of manifests or a Helm chart to a cluster of EKS. */
import { type ActionDeclaration, formatArn } from '../../model/index.ts'
import { computeLogNeeds, inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'

/** AWS: in the subnets of the cluster, which need not be reachable from elsewhere. */
const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeSubnets',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeVpcs',
]
/** AWS: these stand in the page's policy and not in its list of what must be added. */
const NETWORK_BESIDES = ['ec2:CreateNetworkInterfacePermission', 'ec2:DescribeRouteTables']

/** AWS: "Amazon Elastic Kubernetes Service EKS deploy action reference". */
export const eks: ActionProvider = {
  type: awsAction('Deploy', 'EKS'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    ClusterName: { required: true },
    HelmReleaseName: {},
    HelmChartLocation: {},
    HelmValuesFiles: {},
    ManifestFiles: {},
    Namespace: {},
    Subnets: {},
    SecurityGroupIds: {},
  },
  variables: ['EKSClusterName'],
  pipelineType: 'V2',
  cost: 'compute',
  refusedLocally: true,
  untold: {
    at: 'eks:DescribeCluster',
    what: "whether the cluster has an access entry for the action's role is not known, nor what it may do there",
  },
  check,
  needs: (around) => {
    const { role, account, region, value } = around
    const name = value('ClusterName')
    const because = `to deploy to the cluster ${name}`
    return [
      ...needAll(
        role,
        ['eks:DescribeCluster'],
        formatArn('eks', region, account, `cluster/${name}`),
        because,
      ),
      ...needAll(role, NETWORK, '*', because),
      ...optionally(needAll(role, NETWORK_BESIDES, '*', because)),
      ...computeLogNeeds(around),
      ...inputNeeds(around),
    ]
  },
}

function check({ configuration = {} }: ActionDeclaration): string[] {
  const { ManifestFiles: manifests, HelmReleaseName: release, HelmChartLocation: chart } = configuration
  if (manifests || (release && chart)) return []
  if (release || chart)
    return [`${release ? 'HelmChartLocation' : 'HelmReleaseName'} is required to deploy with Helm`]
  return ['ManifestFiles is required, or HelmReleaseName and HelmChartLocation']
}
