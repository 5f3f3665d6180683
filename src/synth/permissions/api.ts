/** What CloudFormation needs for API Gateway and Step Functions resources. */
import { type PermissionTable, type ResourcePermissions, reference } from './resource-permissions.ts'

/** AWS: API Gateway authorizes by HTTP method on the path of the resource; ids in it are made up. */
const underApis = (type: string, path: string): ResourcePermissions => ({
  source: reference(type),
  grants: [
    {
      on: `arn:aws:apigateway:{region}::${path}`,
      create: ['apigateway:POST'],
      read: ['apigateway:GET'],
      update: ['apigateway:PATCH', 'apigateway:PUT'],
      delete: ['apigateway:DELETE'],
    },
  ],
})

export const api: PermissionTable = {
  'AWS::ApiGatewayV2::Api': {
    source: reference('AWS::ApiGatewayV2::Api'),
    grants: [
      { on: 'arn:aws:apigateway:{region}::/apis', create: ['apigateway:POST'] },
      {
        on: 'arn:aws:apigateway:{region}::/apis/*',
        read: ['apigateway:GET'],
        update: ['apigateway:PATCH', 'apigateway:PUT'],
        delete: ['apigateway:DELETE'],
      },
      {
        on: 'arn:aws:apigateway:{region}::/tags/*',
        tag: ['apigateway:DELETE', 'apigateway:POST', 'apigateway:PUT'],
      },
    ],
  },
  'AWS::ApiGatewayV2::Integration': underApis('AWS::ApiGatewayV2::Integration', '/apis/*/integrations*'),
  'AWS::ApiGatewayV2::Route': underApis('AWS::ApiGatewayV2::Route', '/apis/*/routes*'),
  'AWS::ApiGatewayV2::Authorizer': underApis('AWS::ApiGatewayV2::Authorizer', '/apis/*/authorizers*'),
  'AWS::ApiGatewayV2::Deployment': underApis('AWS::ApiGatewayV2::Deployment', '/apis/*/deployments*'),
  'AWS::ApiGatewayV2::Stage': {
    source: reference('AWS::ApiGatewayV2::Stage'),
    grants: [
      ...underApis('AWS::ApiGatewayV2::Stage', '/apis/*/stages*').grants,
      {
        on: 'arn:aws:apigateway:{region}::/tags/*',
        tag: ['apigateway:DELETE', 'apigateway:POST', 'apigateway:PUT'],
      },
    ],
  },
  'AWS::StepFunctions::StateMachine': {
    source: reference('AWS::StepFunctions::StateMachine'),
    name: 'StateMachineName',
    longestName: 80,
    passes: { RoleArn: 'states.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:states:{region}:{account}:stateMachine:{name}',
        create: ['states:CreateStateMachine'],
        read: ['states:DescribeStateMachine'],
        update: ['states:UpdateStateMachine'],
        delete: ['states:DeleteStateMachine'],
        tag: ['states:ListTagsForResource', 'states:TagResource', 'states:UntagResource'],
      },
    ],
  },
}
