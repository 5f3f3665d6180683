/** What CloudFormation needs for CloudFront resources. */
import { type HandledType, type PermissionGrant, registry, type TypeTable } from './type-facts.ts'

/** AWS: CloudFront knows its resources by ids that it makes up, and authorizes what creates on none. */
const named = (noun: string, path: string, commit: string): HandledType => ({
  ...registry(`AWS::CloudFront::${noun}`, commit),
  grants: [
    { on: '*', create: [`cloudfront:Create${noun}`] },
    {
      on: `arn:aws:cloudfront::{account}:${path}/*`,
      read: [`cloudfront:Get${noun}`],
      update: [`cloudfront:Update${noun}`],
      delete: [`cloudfront:Delete${noun}`],
    },
  ],
})

const tag = ['cloudfront:ListTagsForResource', 'cloudfront:TagResource', 'cloudfront:UntagResource']

/** AWS: distributions for many tenants are reached through connection groups. */
const TENANTS: PermissionGrant[] = [
  {
    on: '*',
    when: ['DistributionConfig.ConnectionMode', 'DistributionConfig.TenantConfig'],
    create: ['cloudfront:CreateConnectionGroup'],
  },
  {
    on: 'arn:aws:cloudfront::{account}:connection-group/*',
    when: ['DistributionConfig.ConnectionMode', 'DistributionConfig.TenantConfig'],
    read: ['cloudfront:GetConnectionGroup'],
  },
]

export const edge: TypeTable = {
  'AWS::CloudFront::Distribution': {
    ...registry('AWS::CloudFront::Distribution', '069cb8416a2b'),
    systemTags: false,
    grants: [
      { on: '*', create: ['cloudfront:CreateDistribution'] },
      {
        on: 'arn:aws:cloudfront::{account}:distribution/*',
        read: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig'],
        update: ['cloudfront:UpdateDistribution'],
        delete: ['cloudfront:DeleteDistribution'],
        tag,
      },
      {
        on: 'arn:aws:cloudfront::{account}:distribution/*',
        when: ['DistributionConfig.ContinuousDeploymentPolicyId', 'DistributionConfig.Staging'],
        update: ['cloudfront:UpdateDistributionWithStagingConfig'],
      },
      {
        on: 'arn:aws:cloudfront::{account}:vpcorigin/*',
        when: ['DistributionConfig.Origins[].VpcOriginConfig'],
        read: ['cloudfront:GetVpcOrigin'],
      },
      ...TENANTS,
    ],
  },
  'AWS::CloudFront::OriginAccessControl': named(
    'OriginAccessControl',
    'origin-access-control',
    '5a0ef7e18bf9',
  ),
  'AWS::CloudFront::CloudFrontOriginAccessIdentity': named(
    'CloudFrontOriginAccessIdentity',
    'origin-access-identity',
    '8deab2f96231',
  ),
  'AWS::CloudFront::CachePolicy': named('CachePolicy', 'cache-policy', '61b416666f97'),
  'AWS::CloudFront::OriginRequestPolicy': named(
    'OriginRequestPolicy',
    'origin-request-policy',
    '55a1ef847c56',
  ),
  'AWS::CloudFront::ResponseHeadersPolicy': named(
    'ResponseHeadersPolicy',
    'response-headers-policy',
    '1861eed32b01',
  ),
  'AWS::CloudFront::Function': {
    ...registry('AWS::CloudFront::Function', '069cb8416a2b'),
    name: { property: 'Name' },
    systemTags: false,
    grants: [
      { on: '*', create: ['cloudfront:CreateFunction'] },
      {
        on: 'arn:aws:cloudfront::{account}:function/{name}',
        create: ['cloudfront:PublishFunction'],
        read: ['cloudfront:DescribeFunction', 'cloudfront:GetFunction'],
        update: ['cloudfront:UpdateFunction'],
        delete: ['cloudfront:DeleteFunction'],
        tag,
      },
    ],
  },
}
