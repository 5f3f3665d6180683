/** What CloudFormation needs for AWS WAF resources. */
import { handlersPage, type PermissionGrant, registry, type TypeTable } from './type-facts.ts'

/** AWS: a web ACL for CloudFront is global, every other regional. */
const WEB_ACL = 'arn:aws:wafv2:{region}:{account}:*/webacl/{name}/*'
const ANY_WEB_ACL = 'arn:aws:wafv2:{region}:{account}:*/webacl/*/*'

/** AWS: what is protected lets the web ACL in by an action of its own. */
const protects = (service: string, on: string, own: PermissionGrant): PermissionGrant[] => [
  {
    on,
    refers: ['ResourceArn', service],
    create: ['wafv2:AssociateWebACL'],
    read: ['wafv2:GetWebACLForResource'],
    delete: ['wafv2:DisassociateWebACL'],
  },
  { ...own, refers: ['ResourceArn', service] },
]

const POOL = 'arn:aws:cognito-idp:{region}:{account}:userpool/*'
const RUNNER = 'arn:aws:apprunner:{region}:{account}:service/*/*'
const VERIFIED = 'arn:aws:ec2:{region}:{account}:verified-access-instance/*'
const STAGE = 'arn:aws:apigateway:{region}::/restapis/*/stages/*'

export const firewall: TypeTable = {
  'AWS::WAFv2::WebACL': {
    ...handlersPage('wafv2/web_acls', '0a0c503a9b7d'),
    name: { property: 'Name', longest: 128 },
    grants: [
      {
        on: WEB_ACL,
        create: ['wafv2:CreateWebACL'],
        read: ['wafv2:GetWebACL'],
        update: ['wafv2:UpdateWebACL'],
        delete: ['wafv2:DeleteWebACL'],
        tag: ['wafv2:ListTagsForResource', 'wafv2:TagResource', 'wafv2:UntagResource'],
      },
      // AWS: a web ACL is authorized on what its rules refer to as well, be it AWS's own.
      {
        on: 'arn:aws:wafv2:{region}:*:*/managedruleset/*/*',
        when: ['Rules'],
        create: ['wafv2:CreateWebACL'],
        update: ['wafv2:UpdateWebACL'],
      },
      ...['ipset', 'regexpatternset', 'rulegroup'].map((kind) => ({
        on: `arn:aws:wafv2:{region}:{account}:*/${kind}/*/*`,
        when: ['Rules'],
        create: ['wafv2:CreateWebACL'],
        update: ['wafv2:UpdateWebACL'],
      })),
    ],
  },
  'AWS::WAFv2::WebACLAssociation': {
    ...registry('AWS::WAFv2::WebACLAssociation', '129d937b0454'),
    grants: [
      {
        on: ANY_WEB_ACL,
        create: ['wafv2:AssociateWebACL'],
        read: ['wafv2:GetWebACL', 'wafv2:GetWebACLForResource'],
      },
      // AWS: to set a load balancer's web ACL is authorized on no resource, and an API's neither.
      ...protects(
        'elasticloadbalancingv2',
        'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/*/*',
        { on: '*', create: ['elasticloadbalancing:SetWebACL'], delete: ['elasticloadbalancing:SetWebACL'] },
      ),
      ...protects('apigateway', STAGE, {
        on: STAGE,
        create: ['apigateway:SetWebACL'],
        delete: ['apigateway:SetWebACL'],
      }),
      ...protects('appsync', 'arn:aws:appsync:{region}:{account}:apis/*', {
        on: '*',
        create: ['appsync:SetWebACL'],
        delete: ['appsync:SetWebACL'],
      }),
      ...protects('cognito', POOL, {
        on: POOL,
        create: ['cognito-idp:AssociateWebACL'],
        read: ['cognito-idp:GetWebACLForResource'],
        delete: ['cognito-idp:DisassociateWebACL'],
      }),
      { on: ANY_WEB_ACL, refers: ['ResourceArn', 'cognito'], create: ['cognito-idp:AssociateWebACL'] },
      ...protects('apprunner', RUNNER, {
        on: RUNNER,
        create: ['apprunner:AssociateWebAcl'],
        read: ['apprunner:DescribeWebAclForService'],
        delete: ['apprunner:DisassociateWebAcl'],
      }),
      ...protects('ec2', VERIFIED, {
        on: VERIFIED,
        create: ['ec2:AssociateVerifiedAccessInstanceWebAcl'],
        read: ['ec2:GetVerifiedAccessInstanceWebAcl'],
        delete: ['ec2:DisassociateVerifiedAccessInstanceWebAcl'],
      }),
      {
        on: '*',
        refers: ['ResourceArn', 'ec2'],
        read: ['ec2:DescribeVerifiedAccessInstanceWebAclAssociations'],
      },
    ],
  },
}
