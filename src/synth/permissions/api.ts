/** What CloudFormation needs for API Gateway resources. */
import {
  authorization,
  type PermissionTable,
  type ResourcePermissions,
  registry,
} from './resource-permissions.ts'

const documented = authorization('amazonapigatewaymanagement')
const documentedV2 = authorization('amazonapigatewaymanagementv2')

/** AWS: API Gateway authorizes by HTTP method on the path of the resource; ids in it are made up. */
const on = (path: string): string => `arn:aws:apigateway:{region}::${path}`
const tags = {
  on: on('/tags/*'),
  tag: ['apigateway:DELETE', 'apigateway:GET', 'apigateway:POST', 'apigateway:PUT'],
}

/** A resource that lies below others: made by a call on the collection, kept by calls on its own path. */
const collection = (path: string, evidence = documented): ResourcePermissions => ({
  ...evidence,
  grants: [
    { on: on(path), create: ['apigateway:POST'] },
    {
      on: on(`${path}/*`),
      read: ['apigateway:GET'],
      update: ['apigateway:PATCH', 'apigateway:PUT'],
      delete: ['apigateway:DELETE'],
    },
  ],
})

const tagged = (path: string, evidence = documented): ResourcePermissions => {
  const untagged = collection(path, evidence)
  return { ...untagged, grants: [...untagged.grants, tags] }
}

export const api: PermissionTable = {
  'AWS::ApiGateway::RestApi': {
    ...documented,
    grants: [
      ...tagged('/restapis').grants,
      { on: on('/restapis'), when: ['Body', 'BodyS3Location'], create: ['apigateway:PUT'] },
    ],
  },
  'AWS::ApiGateway::Resource': {
    ...documented,
    grants: [
      {
        on: on('/restapis/*/resources/*'),
        create: ['apigateway:POST'],
        read: ['apigateway:GET'],
        update: ['apigateway:PATCH'],
        delete: ['apigateway:DELETE'],
      },
    ],
  },
  'AWS::ApiGateway::Method': {
    ...documented,
    passes: { 'Integration.Credentials': 'apigateway.amazonaws.com' },
    grants: [
      {
        on: on('/restapis/*/resources/*/methods/*'),
        create: ['apigateway:PUT'],
        read: ['apigateway:GET'],
        update: ['apigateway:PATCH'],
        delete: ['apigateway:DELETE'],
      },
    ],
  },
  'AWS::ApiGateway::Deployment': collection('/restapis/*/deployments'),
  'AWS::ApiGateway::Stage': tagged('/restapis/*/stages'),
  'AWS::ApiGateway::Authorizer': collection('/restapis/*/authorizers'),
  'AWS::ApiGateway::Model': collection('/restapis/*/models'),
  'AWS::ApiGateway::RequestValidator': collection('/restapis/*/requestvalidators'),
  'AWS::ApiGateway::GatewayResponse': {
    ...documented,
    grants: [
      {
        on: on('/restapis/*/gatewayresponses/*'),
        create: ['apigateway:PUT'],
        read: ['apigateway:GET'],
        update: ['apigateway:PATCH'],
        delete: ['apigateway:DELETE'],
      },
    ],
  },
  'AWS::ApiGateway::DomainName': tagged('/domainnames'),
  'AWS::ApiGateway::BasePathMapping': collection('/domainnames/*/basepathmappings'),
  'AWS::ApiGateway::ApiKey': tagged('/apikeys'),
  'AWS::ApiGateway::UsagePlan': tagged('/usageplans'),
  'AWS::ApiGateway::UsagePlanKey': collection('/usageplans/*/keys'),
  'AWS::ApiGateway::Account': {
    ...documented,
    passes: { CloudWatchRoleArn: 'apigateway.amazonaws.com' },
    grants: [{ on: on('/account'), read: ['apigateway:GET'], update: ['apigateway:PATCH'] }],
  },
  'AWS::ApiGatewayV2::Api': tagged('/apis', registry('AWS::ApiGatewayV2::Api')),
  'AWS::ApiGatewayV2::Integration': {
    ...collection('/apis/*/integrations', documentedV2),
    passes: { CredentialsArn: 'apigateway.amazonaws.com' },
  },
  'AWS::ApiGatewayV2::Route': collection('/apis/*/routes', documentedV2),
  'AWS::ApiGatewayV2::Authorizer': collection('/apis/*/authorizers', documentedV2),
  'AWS::ApiGatewayV2::Deployment': collection('/apis/*/deployments', documentedV2),
  'AWS::ApiGatewayV2::Stage': tagged('/apis/*/stages', documentedV2),
  'AWS::ApiGatewayV2::DomainName': tagged('/domainnames', documentedV2),
  'AWS::ApiGatewayV2::ApiMapping': collection('/domainnames/*/apimappings', documentedV2),
}
