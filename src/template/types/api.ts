/** What CloudFormation needs for API Gateway's REST APIs. */
import {
  type Evidence,
  type HandledType,
  type PermissionGrant,
  registry,
  type TypeTable,
} from './type-facts.ts'

/** AWS: API Gateway authorizes by HTTP method on the path of the resource; ids in it are made up. */
export const on = (path: string): string => `arn:aws:apigateway:{region}::${path}`

/** AWS: tags have a path of their own, with the ARN of what they label. */
export const tags: PermissionGrant = {
  on: on('/tags/*'),
  tag: ['apigateway:DELETE', 'apigateway:GET', 'apigateway:PUT'],
}

/** A resource that lies below others: made by a call on the collection, kept by calls on its own path. */
export const collection = (path: string, evidence: Evidence): HandledType => ({
  ...evidence,
  grants: [
    { on: on(path), create: ['apigateway:POST'] },
    {
      on: on(`${path}/*`),
      read: ['apigateway:GET'],
      update: ['apigateway:PATCH'],
      delete: ['apigateway:DELETE'],
    },
  ],
})

export const tagged = (path: string, evidence: Evidence): HandledType => {
  const untagged = collection(path, evidence)
  return { ...untagged, grants: [...untagged.grants, tags] }
}

/** A resource that is put at its own path. */
const put = (path: string, evidence: Evidence): HandledType => ({
  ...evidence,
  grants: [
    { on: on(path), create: ['apigateway:PUT'], read: ['apigateway:GET'], delete: ['apigateway:DELETE'] },
  ],
})

const ofType = (name: string, commit: string) => registry(`AWS::ApiGateway::${name}`, commit)

const RESOURCE = on('/restapis/*/resources/*')

/** AWS: a link to a Network Load Balancer is an endpoint service, which its maker must be allowed to make. */
const ENDPOINT_SERVICE: PermissionGrant[] = [
  {
    on: 'arn:aws:ec2:{region}:{account}:vpc-endpoint-service/*',
    create: ['ec2:CreateVpcEndpointServiceConfiguration', 'ec2:ModifyVpcEndpointServicePermissions'],
    delete: ['ec2:DeleteVpcEndpointServiceConfigurations'],
  },
  { on: '*', read: ['ec2:DescribeVpcEndpointServiceConfigurations'] },
]

/** The roles that an API's description hands over, for what is behind its routes and for its authorizers. */
export const describedRoles: Readonly<Record<string, string>> = {
  'Body.paths.*.*.x-amazon-apigateway-integration.credentials': 'apigateway.amazonaws.com',
  'Body.securityDefinitions.*.x-amazon-apigateway-authorizer.authorizerCredentials':
    'apigateway.amazonaws.com',
  'Body.components.securitySchemes.*.x-amazon-apigateway-authorizer.authorizerCredentials':
    'apigateway.amazonaws.com',
}

export const api: TypeTable = {
  'AWS::ApiGateway::RestApi': {
    ...tagged('/restapis', ofType('RestApi', '04a7d797ad8a')),
    passes: describedRoles,
    grants: [
      ...tagged('/restapis', ofType('RestApi', '04a7d797ad8a')).grants,
      // AWS: an API from a description is imported into the collection, and put over itself when it changes.
      {
        on: on('/restapis'),
        when: ['Body', 'BodyS3Location', 'CloneFrom'],
        create: ['apigateway:PUT'],
      },
      { on: on('/restapis/*'), when: ['Body', 'BodyS3Location'], create: ['apigateway:PUT'] },
      {
        on: '{object:BodyS3Location.Bucket/BodyS3Location.Key}',
        when: ['BodyS3Location'],
        create: ['s3:GetObject'],
      },
      {
        on: on('/restapis'),
        when: ['Policy', 'Body', 'BodyS3Location'],
        create: ['apigateway:UpdateRestApiPolicy'],
      },
      {
        on: on('/restapis/*'),
        when: ['Policy', 'Body', 'BodyS3Location'],
        create: ['apigateway:UpdateRestApiPolicy'],
      },
    ],
  },
  'AWS::ApiGateway::Resource': {
    ...ofType('Resource', '43847fd18d2d'),
    grants: [
      {
        // AWS: a resource is made by a call on the one above it.
        on: RESOURCE,
        create: ['apigateway:POST'],
        read: ['apigateway:GET'],
        update: ['apigateway:PATCH'],
        delete: ['apigateway:DELETE'],
      },
    ],
  },
  'AWS::ApiGateway::Method': {
    ...put('/restapis/*/resources/*/methods/*', ofType('Method', '360bc11ff253')),
    passes: { 'Integration.Credentials': 'apigateway.amazonaws.com' },
  },
  'AWS::ApiGateway::Deployment': collection('/restapis/*/deployments', ofType('Deployment', '5d54ad19ede0')),
  'AWS::ApiGateway::Stage': tagged('/restapis/*/stages', ofType('Stage', '41423bc58013')),
  'AWS::ApiGateway::Authorizer': {
    ...collection('/restapis/*/authorizers', ofType('Authorizer', '0a4178dc043a')),
    passes: { AuthorizerCredentials: 'apigateway.amazonaws.com' },
  },
  'AWS::ApiGateway::Model': collection('/restapis/*/models', ofType('Model', '5d54ad19ede0')),
  'AWS::ApiGateway::RequestValidator': collection(
    '/restapis/*/requestvalidators',
    ofType('RequestValidator', '2f07e30b5fb6'),
  ),
  'AWS::ApiGateway::GatewayResponse': put(
    '/restapis/*/gatewayresponses/*',
    ofType('GatewayResponse', '2c07a99a1285'),
  ),
  'AWS::ApiGateway::DomainName': tagged('/domainnames', ofType('DomainName', '3499c60ccb9c')),
  'AWS::ApiGateway::BasePathMapping': collection(
    '/domainnames/*/basepathmappings',
    ofType('BasePathMapping', '180a5337632f'),
  ),
  'AWS::ApiGateway::ApiKey': tagged('/apikeys', ofType('ApiKey', 'a8c4998d3218')),
  'AWS::ApiGateway::UsagePlan': tagged('/usageplans', ofType('UsagePlan', '0192c4cc65f0')),
  'AWS::ApiGateway::UsagePlanKey': {
    ...ofType('UsagePlanKey', '2f07e30b5fb6'),
    grants: [
      { on: on('/usageplans/*/keys'), create: ['apigateway:POST'] },
      { on: on('/usageplans/*/keys/*'), read: ['apigateway:GET'], delete: ['apigateway:DELETE'] },
    ],
  },
  'AWS::ApiGateway::VpcLink': {
    ...tagged('/vpclinks', ofType('VpcLink', '55a1ef847c56')),
    systemTags: false,
    grants: [...tagged('/vpclinks', ofType('VpcLink', '55a1ef847c56')).grants, ...ENDPOINT_SERVICE],
  },
  'AWS::ApiGateway::Account': {
    ...ofType('Account', '1ce0830a8a9f'),
    passes: { CloudWatchRoleArn: 'apigateway.amazonaws.com' },
    looksAtRoles: true,
    grants: [{ on: on('/account'), read: ['apigateway:GET'], update: ['apigateway:PATCH'] }],
  },
}
