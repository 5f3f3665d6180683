/** What CloudFormation needs for Route 53 and Certificate Manager resources. */
import { authorization, type PermissionGrant, registry, type TypeTable } from './type-facts.ts'

const ZONE = 'arn:aws:route53:::hostedzone/*'
const CHANGE = 'arn:aws:route53:::change/*'

/** Records of a zone, one by one or as a group: the same calls. */
const RECORDS: PermissionGrant[] = [
  {
    on: ZONE,
    create: ['route53:ChangeResourceRecordSets'],
    read: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
    delete: ['route53:ChangeResourceRecordSets'],
  },
  { on: CHANGE, read: ['route53:GetChange'] },
  // AWS: a zone that is given by name is looked for in the list of them all.
  { on: '*', when: ['HostedZoneName'], read: ['route53:ListHostedZones'] },
]

export const domains: TypeTable = {
  'AWS::Route53::HostedZone': {
    ...registry('AWS::Route53::HostedZone', '369b9a570d7c'),
    systemTags: false,
    tagProperty: 'HostedZoneTags',
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
      { on: ZONE, when: ['QueryLoggingConfig'], create: ['route53:CreateQueryLoggingConfig'] },
      {
        on: 'arn:aws:route53:::queryloggingconfig/*',
        when: ['QueryLoggingConfig'],
        delete: ['route53:DeleteQueryLoggingConfig'],
      },
    ],
  },
  'AWS::Route53::RecordSet': {
    ...registry('AWS::Route53::RecordSet', '6eaf382c64f2'),
    grants: RECORDS,
  },
  'AWS::Route53::RecordSetGroup': { ...authorization('amazonroute53'), grants: RECORDS },
  'AWS::CertificateManager::Certificate': {
    ...registry('AWS::CertificateManager::Certificate', '050c7303714c'),
    grants: [
      { on: '*', create: ['acm:RequestCertificate'] },
      {
        on: 'arn:aws:acm:{region}:{account}:certificate/*',
        read: ['acm:DescribeCertificate'],
        update: ['acm:UpdateCertificateOptions'],
        delete: ['acm:DeleteCertificate'],
        tag: ['acm:AddTagsToCertificate', 'acm:ListTagsForCertificate', 'acm:RemoveTagsFromCertificate'],
      },
      // AWS: CloudFormation writes the record that proves the domain itself, into a zone that the option names.
      {
        on: ZONE,
        when: ['DomainValidationOptions[].HostedZoneId'],
        create: ['route53:ChangeResourceRecordSets'],
      },
      {
        on: 'arn:aws:acm-pca:{region}:*:certificate-authority/*',
        when: ['CertificateAuthorityArn'],
        create: ['acm-pca:GetCertificate', 'acm-pca:IssueCertificate'],
      },
    ],
  },
}
