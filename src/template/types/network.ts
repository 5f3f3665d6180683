/** What CloudFormation needs for the parts of a VPC: subnets, gateways, routes, addresses, endpoints. */
import {
  type Evidence,
  type HandledType,
  handlersPage,
  type PermissionGrant,
  type PhaseActions,
  registry,
  type TypeTable,
} from './type-facts.ts'

/** AWS: ids are made up. */
export const arn = (kind: string): string => `arn:aws:ec2:{region}:{account}:${kind}/*`

/** AWS: what describes resources of EC2 is authorized on none. */
export const describes = (...nouns: readonly string[]): PermissionGrant => ({
  on: '*',
  read: nouns.map((noun) => `ec2:Describe${noun}`),
})

/** The same actions on each kind: AWS authorizes what joins resources on all of them. */
const onEach = (
  kinds: readonly string[],
  actions: PhaseActions,
  when?: readonly string[],
): PermissionGrant[] => kinds.map((kind) => ({ on: arn(kind), ...(when && { when }), ...actions }))

/** A resource that carries tags, which are set by the same two calls on every kind. */
export const taggedKind = (
  kind: string,
  evidence: Evidence,
  actions: PhaseActions,
  more: readonly PermissionGrant[],
): HandledType => ({
  ...evidence,
  grants: [{ on: arn(kind), ...actions, tag: ['ec2:CreateTags', 'ec2:DeleteTags'] }, ...more],
})

const ofType = (name: string, commit: string) => registry(`AWS::EC2::${name}`, commit)
const inVpc = (action: string): PermissionGrant => ({ on: arn('vpc'), create: [`ec2:${action}`] })

export const network: TypeTable = {
  'AWS::EC2::VPC': taggedKind(
    'vpc',
    ofType('VPC', '069cb8416a2b'),
    {
      create: ['ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
      read: ['ec2:DescribeVpcAttribute'],
      delete: ['ec2:DeleteVpc'],
    },
    [
      describes('NetworkAcls', 'SecurityGroups', 'VpcEncryptionControls', 'Vpcs'),
      { on: arn('vpc'), when: ['InstanceTenancy'], update: ['ec2:ModifyVpcTenancy'] },
      ...onEach(['vpc', 'vpc-encryption-control'], { create: ['ec2:CreateVpcEncryptionControl'] }, [
        'VpcEncryptionControl',
      ]),
      ...onEach(['ipam-pool'], { create: ['ec2:CreateVpc'] }, ['Ipv4IpamPoolId']),
    ],
  ),
  'AWS::EC2::Subnet': taggedKind(
    'subnet',
    ofType('Subnet', '092bd0b5368f'),
    {
      create: ['ec2:CreateSubnet'],
      update: ['ec2:ModifySubnetAttribute'],
      delete: ['ec2:DeleteSubnet'],
    },
    [
      inVpc('CreateSubnet'),
      describes('NetworkAcls', 'Subnets'),
      {
        on: arn('subnet'),
        when: ['Ipv6CidrBlock', 'Ipv6IpamPoolId'],
        update: ['ec2:AssociateSubnetCidrBlock', 'ec2:DisassociateSubnetCidrBlock'],
      },
      ...onEach(['ipam-pool'], { create: ['ec2:CreateSubnet'] }, ['Ipv4IpamPoolId', 'Ipv6IpamPoolId']),
    ],
  ),
  'AWS::EC2::InternetGateway': taggedKind(
    'internet-gateway',
    ofType('InternetGateway', '57deea334266'),
    { create: ['ec2:CreateInternetGateway'], delete: ['ec2:DeleteInternetGateway'] },
    [describes('InternetGateways')],
  ),
  'AWS::EC2::VPCGatewayAttachment': {
    ...handlersPage('ec2/vpc_gateway_attachments', '120d3a8e6cfe'),
    grants: [
      ...onEach(
        ['internet-gateway', 'vpc'],
        { create: ['ec2:AttachInternetGateway'], delete: ['ec2:DetachInternetGateway'] },
        ['InternetGatewayId'],
      ),
      ...onEach(
        ['vpn-gateway', 'vpc'],
        { create: ['ec2:AttachVpnGateway'], delete: ['ec2:DetachVpnGateway'] },
        ['VpnGatewayId'],
      ),
      describes('InternetGateways', 'VpnGateways'),
    ],
  },
  'AWS::EC2::RouteTable': taggedKind(
    'route-table',
    ofType('RouteTable', '0192c4cc65f0'),
    { create: ['ec2:CreateRouteTable'], delete: ['ec2:DeleteRouteTable'] },
    [inVpc('CreateRouteTable'), describes('RouteTables')],
  ),
  'AWS::EC2::Route': {
    ...ofType('Route', '06d0ad12c8f4'),
    grants: [
      ...onEach(['route-table'], {
        create: ['ec2:CreateRoute'],
        update: ['ec2:ReplaceRoute'],
        delete: ['ec2:DeleteRoute'],
      }),
      describes('RouteTables'),
    ],
  },
  'AWS::EC2::SubnetRouteTableAssociation': {
    ...ofType('SubnetRouteTableAssociation', '0a4178dc043a'),
    grants: [
      ...onEach(['route-table', 'subnet'], {
        create: ['ec2:AssociateRouteTable', 'ec2:ReplaceRouteTableAssociation'],
        delete: ['ec2:DisassociateRouteTable'],
      }),
      describes('RouteTables', 'Subnets'),
    ],
  },
  'AWS::EC2::EIP': taggedKind(
    'elastic-ip',
    ofType('EIP', '069cb8416a2b'),
    { create: ['ec2:AllocateAddress'], delete: ['ec2:ReleaseAddress'] },
    [
      describes('Addresses'),
      { on: arn('elastic-ip'), when: ['TransferAddress'], create: ['ec2:AcceptAddressTransfer'] },
      ...onEach(['elastic-ip', 'instance'], { create: ['ec2:AssociateAddress'] }, ['InstanceId']),
      ...onEach(['elastic-ip', 'network-interface'], { delete: ['ec2:DisassociateAddress'] }, ['InstanceId']),
      ...onEach(['ipam-pool'], { create: ['ec2:AllocateAddress'] }, ['IpamPoolId']),
      ...onEach(['ipv4pool-ec2'], { create: ['ec2:AllocateAddress'] }, ['PublicIpv4Pool']),
    ],
  ),
  'AWS::EC2::EIPAssociation': {
    ...ofType('EIPAssociation', '06e19a048764'),
    grants: [
      ...onEach(['elastic-ip', 'instance', 'network-interface'], { create: ['ec2:AssociateAddress'] }),
      ...onEach(['elastic-ip', 'network-interface'], { delete: ['ec2:DisassociateAddress'] }),
      describes('Addresses'),
    ],
  },
  'AWS::EC2::NatGateway': taggedKind(
    'natgateway',
    ofType('NatGateway', '03211f2e6737'),
    { create: ['ec2:CreateNatGateway'], delete: ['ec2:DeleteNatGateway'] },
    [
      ...onEach(['subnet', 'elastic-ip'], { create: ['ec2:CreateNatGateway'] }),
      describes('NatGateways'),
      ...onEach(
        ['natgateway', 'elastic-ip'],
        { update: ['ec2:AssociateNatGatewayAddress', 'ec2:DisassociateNatGatewayAddress'] },
        ['SecondaryAllocationIds'],
      ),
      {
        on: arn('natgateway'),
        when: ['SecondaryPrivateIpAddresses', 'SecondaryPrivateIpAddressCount'],
        update: ['ec2:AssignPrivateNatGatewayAddress', 'ec2:UnassignPrivateNatGatewayAddress'],
      },
    ],
  ),
  'AWS::EC2::VPCEndpoint': taggedKind(
    'vpc-endpoint',
    handlersPage('ec2/vpc_endpoints', '0a9e0924a72a'),
    {
      create: ['ec2:CreateVpcEndpoint'],
      update: ['ec2:ModifyVpcEndpoint'],
      delete: ['ec2:DeleteVpcEndpoints'],
    },
    [
      inVpc('CreateVpcEndpoint'),
      ...(
        [
          ['RouteTableIds', 'route-table'],
          ['SubnetIds', 'subnet'],
          ['SecurityGroupIds', 'security-group'],
        ] as const
      ).flatMap(([property, kind]) =>
        onEach([kind], { create: ['ec2:CreateVpcEndpoint'], update: ['ec2:ModifyVpcEndpoint'] }, [property]),
      ),
      describes('SecurityGroups', 'Subnets', 'VpcEndpoints', 'Vpcs'),
      {
        on: arn('vpc-endpoint'),
        when: ['ServiceRegion'],
        create: ['vpce:AllowMultiRegion'],
      },
      // AWS: an association with a service network is authorized on no resource yet.
      {
        on: '*',
        when: ['ServiceNetworkArn'],
        create: ['vpc-lattice:CreateServiceNetworkVpcEndpointAssociation'],
      },
    ],
  ),
}
