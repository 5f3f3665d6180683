/** What CloudFormation needs for API Gateway's HTTP and WebSocket APIs. */
import { collection, describedRoles, on } from './api.ts'
import {
  type Evidence,
  type HandledType,
  linkedRole,
  type PermissionGrant,
  registry,
  type TypeTable,
} from './type-facts.ts'

const ofType = (name: string, commit: string) => registry(`AWS::ApiGatewayV2::${name}`, commit)

/** AWS: here tags are posted, where REST APIs put them. */
const tags: PermissionGrant = {
  on: on('/tags/*'),
  tag: ['apigateway:DELETE', 'apigateway:GET', 'apigateway:POST'],
}

const tagged = (path: string, evidence: Evidence): HandledType => {
  const untagged = collection(path, evidence)
  return { ...untagged, grants: [...untagged.grants, tags] }
}

const API = tagged('/apis', ofType('Api', '050c7303714c'))

export const httpApi: TypeTable = {
  'AWS::ApiGatewayV2::Api': {
    ...API,
    passes: { ...describedRoles, CredentialsArn: 'apigateway.amazonaws.com' },
    grants: [
      ...API.grants,
      // AWS: an API from a description is imported into the collection, and imported over itself when it changes.
      { on: on('/apis'), when: ['Body', 'BodyS3Location'], create: ['apigateway:PUT'] },
      { on: on('/apis/*'), when: ['Body', 'BodyS3Location'], update: ['apigateway:PUT'] },
      {
        on: '{object:BodyS3Location.Bucket/BodyS3Location.Key}',
        when: ['BodyS3Location'],
        create: ['s3:GetObject'],
      },
    ],
  },
  'AWS::ApiGatewayV2::Integration': {
    ...collection('/apis/*/integrations', ofType('Integration', '4542f6e100ce')),
    passes: { CredentialsArn: 'apigateway.amazonaws.com' },
  },
  'AWS::ApiGatewayV2::Route': collection('/apis/*/routes', ofType('Route', '06e19a048764')),
  'AWS::ApiGatewayV2::Authorizer': {
    ...collection('/apis/*/authorizers', ofType('Authorizer', '790379d4f2fb')),
    passes: { AuthorizerCredentialsArn: 'apigateway.amazonaws.com' },
  },
  'AWS::ApiGatewayV2::Deployment': collection('/apis/*/deployments', ofType('Deployment', '790379d4f2fb')),
  'AWS::ApiGatewayV2::Stage': tagged('/apis/*/stages', ofType('Stage', '43daac6de0e2')),
  'AWS::ApiGatewayV2::DomainName': {
    ...tagged('/domainnames', ofType('DomainName', '14a4a29e9f1a')),
    systemTags: false,
  },
  'AWS::ApiGatewayV2::ApiMapping': collection(
    '/domainnames/*/apimappings',
    ofType('ApiMapping', '04c41f63c616'),
  ),
  'AWS::ApiGatewayV2::VpcLink': {
    ...ofType('VpcLink', '269e70901de0'),
    grants: [
      ...collection('/vpclinks', ofType('VpcLink', '269e70901de0')).grants,
      tags,
      linkedRole('ops.apigateway.amazonaws.com'),
    ],
  },
}
