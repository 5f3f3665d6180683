/** What CloudFormation needs for CloudFront, Route 53 and Certificate Manager resources. */
import {
  authorization,
  type PermissionTable,
  type ResourcePermissions,
  registry,
} from './resource-permissions.ts'

const cloudfront = authorization('amazoncloudfront')

/** AWS: CloudFront knows its resources by ids that it makes up. */
const named = (noun: string, path: string): ResourcePermissions => ({
  ...cloudfront,
  grants: [
    {
      on: `arn:aws:cloudfront::{account}:${path}/*`,
      create: [`cloudfront:Create${noun}`],
      read: [`cloudfront:Get${noun}`],
      update: [`cloudfront:Update${noun}`],
      delete: [`cloudfront:Delete${noun}`],
    },
  ],
})

const ZONE = 'arn:aws:route53:::hostedzone/*'
const CHANGE = 'arn:aws:route53:::change/*'

/** Records of a zone, one by one or as a group: the same calls. */
const RECORDS: ResourcePermissions = {
  ...authorization('amazonroute53'),
  grants: [
    {
      on: ZONE,
      create: ['route53:ChangeResourceRecordSets'],
      read: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
    },
    { on: CHANGE, read: ['route53:GetChange'] },
    // AWS: a zone that is given by name is looked for in the list of them all.
    { on: '*', when: ['HostedZoneName'], read: ['route53:ListHostedZones'] },
  ],
}

export const edge: PermissionTable = {
  'AWS::CloudFront::Distribution': {
    ...registry('AWS::CloudFront::Distribution'),
    systemTags: false,
    grants: [
      {
        on: 'arn:aws:cloudfront::{account}:distribution/*',
        create: ['cloudfront:CreateDistribution'],
        read: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig'],
        update: ['cloudfront:UpdateDistribution'],
        delete: ['cloudfront:DeleteDistribution'],
        tag: ['cloudfront:ListTagsForResource', 'cloudfront:TagResource', 'cloudfront:UntagResource'],
      },
    ],
  },
  'AWS::CloudFront::OriginAccessControl': named('OriginAccessControl', 'origin-access-control'),
  'AWS::CloudFront::CloudFrontOriginAccessIdentity': named(
    'CloudFrontOriginAccessIdentity',
    'origin-access-identity',
  ),
  'AWS::CloudFront::CachePolicy': named('CachePolicy', 'cache-policy'),
  'AWS::CloudFront::ResponseHeadersPolicy': named('ResponseHeadersPolicy', 'response-headers-policy'),
  'AWS::CloudFront::Function': {
    ...cloudfront,
    name: 'Name',
    grants: [
      {
        on: 'arn:aws:cloudfront::{account}:function/{name}',
        create: ['cloudfront:CreateFunction', 'cloudfront:PublishFunction'],
        read: ['cloudfront:DescribeFunction', 'cloudfront:GetFunction'],
        update: ['cloudfront:UpdateFunction'],
        delete: ['cloudfront:DeleteFunction'],
      },
    ],
  },
  'AWS::Route53::HostedZone': {
    ...registry('AWS::Route53::HostedZone'),
    grants: [
      { on: '*', create: ['route53:CreateHostedZone'] },
      {
        on: ZONE,
        read: ['route53:GetHostedZone', 'route53:ListQueryLoggingConfigs'],
        update: ['route53:UpdateHostedZoneComment'],
        delete: ['route53:DeleteHostedZone'],
        tag: ['route53:ChangeTagsForResource', 'route53:ListTagsForResource'],
      },
      { on: CHANGE, read: ['route53:GetChange'] },
      {
        on: ZONE,
        when: ['VPCs'],
        create: ['route53:AssociateVPCWithHostedZone'],
        update: ['route53:DisassociateVPCFromHostedZone'],
      },
      { on: '*', when: ['VPCs'], read: ['ec2:DescribeVpcs'] },
      {
        on: ZONE,
        when: ['QueryLoggingConfig'],
        create: ['route53:CreateQueryLoggingConfig'],
        delete: ['route53:DeleteQueryLoggingConfig'],
      },
    ],
  },
  'AWS::Route53::RecordSet': RECORDS,
  'AWS::Route53::RecordSetGroup': RECORDS,
  'AWS::CertificateManager::Certificate': {
    ...authorization('awscertificatemanager'),
    grants: [
      { on: '*', create: ['acm:RequestCertificate'] },
      {
        on: 'arn:aws:acm:{region}:{account}:certificate/*',
        read: ['acm:DescribeCertificate'],
        update: ['acm:UpdateCertificateOptions'],
        delete: ['acm:DeleteCertificate'],
        tag: ['acm:AddTagsToCertificate', 'acm:ListTagsForCertificate', 'acm:RemoveTagsFromCertificate'],
      },
      // AWS: with DNS validation CloudFormation writes the record itself.
      {
        on: ZONE,
        when: ['DomainValidationOptions'],
        create: ['route53:ChangeResourceRecordSets', 'route53:GetHostedZone'],
      },
      { on: CHANGE, when: ['DomainValidationOptions'], create: ['route53:GetChange'] },
    ],
  },
}
