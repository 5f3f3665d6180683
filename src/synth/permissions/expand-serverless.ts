/** What AWS SAM makes of a template's serverless resources, as far as permissions depend on it. */
import type { Template, TemplateResource } from '../../model/index.ts'

type Properties = Readonly<Record<string, unknown>>
type Resources = Record<string, TemplateResource>

/** AWS: SAM makes one API of each kind for all functions that name none. */
const IMPLICIT_REST = 'ServerlessRestApi'
const IMPLICIT_HTTP = 'ServerlessHttpApi'

/**
 * Gives the template with each AWS::Serverless resource replaced by the resources that SAM generates for it, under the
 * ids that SAM gives them. What it does not know stays as it is. AWS: SAM, "Generated CloudFormation resources".
 */
export function expandServerless(template: Template): Template {
  if (!template.Transform) return template
  const resources: Resources = {}
  for (const [id, resource] of Object.entries(template.Resources))
    Object.assign(resources, EXPANSIONS[resource.Type]?.(id, resource.Properties ?? {}) ?? { [id]: resource })
  return { ...template, Resources: resources }
}

const EXPANSIONS: Readonly<Record<string, (id: string, properties: Properties) => Resources>> = {
  'AWS::Serverless::Function': expandFunction,
  'AWS::Serverless::Api': restApi,
  'AWS::Serverless::HttpApi': httpApi,
  'AWS::Serverless::SimpleTable': (id, properties) => ({ [id]: made('AWS::DynamoDB::Table', properties) }),
  'AWS::Serverless::LayerVersion': (id, properties) => ({
    [id]: made('AWS::Lambda::LayerVersion', { LayerName: id, ...properties }),
  }),
  'AWS::Serverless::StateMachine': (id, properties) => {
    const { Name, Role, Policies } = properties
    return {
      [id]: made('AWS::StepFunctions::StateMachine', {
        ...(Name !== undefined && { StateMachineName: Name }),
        RoleArn: Role ?? attribute(`${id}Role`),
      }),
      ...(Role === undefined && { [`${id}Role`]: ownRole(Policies) }),
      ...eventResources(id, properties, () => ({})),
    }
  },
}

const made = (Type: string, properties: Properties): TemplateResource => ({ Type, Properties: properties })
const attribute = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const permission = (id: string) => made('AWS::Lambda::Permission', { FunctionName: { Ref: id } })

/** AWS: names and ARNs of managed policies are attached, everything else becomes an inline policy. */
function ownRole(policies: unknown): TemplateResource {
  const inline = [policies ?? []].flat().some((one) => typeof one !== 'string')
  return made('AWS::IAM::Role', { ManagedPolicyArns: [], ...(inline && { Policies: [] }), Tags: [] })
}

function expandFunction(id: string, properties: Properties): Resources {
  const { Role, Policies, AutoPublishAlias, FunctionUrlConfig, EventInvokeConfig, DeploymentPreference } =
    properties
  const own = { FunctionName: { Ref: id } }
  return {
    [id]: made('AWS::Lambda::Function', { ...properties, Role: Role ?? attribute(`${id}Role`) }),
    ...(Role === undefined && { [`${id}Role`]: ownRole(Policies) }),
    ...(AutoPublishAlias !== undefined && {
      [`${id}Version`]: made('AWS::Lambda::Version', {
        ...own,
        ...pick(properties, 'ProvisionedConcurrencyConfig'),
      }),
      [`${id}Alias`]: made('AWS::Lambda::Alias', {
        ...own,
        ...pick(properties, 'ProvisionedConcurrencyConfig'),
      }),
    }),
    ...(FunctionUrlConfig !== undefined && {
      [`${id}Url`]: made('AWS::Lambda::Url', { TargetFunctionArn: { Ref: id } }),
      [`${id}UrlPublicPermissions`]: permission(id),
    }),
    ...(EventInvokeConfig !== undefined && {
      [`${id}EventInvokeConfig`]: made('AWS::Lambda::EventInvokeConfig', own),
    }),
    ...(DeploymentPreference !== undefined && {
      ServerlessDeploymentApplication: made('AWS::CodeDeploy::Application', {}),
      CodeDeployServiceRole: ownRole(undefined),
      [`${id}DeploymentGroup`]: made('AWS::CodeDeploy::DeploymentGroup', {
        ServiceRoleArn: attribute('CodeDeployServiceRole'),
      }),
    }),
    ...eventResources(id, properties, (event) => ({ [`${id}${event}Permission`]: permission(id) })),
  }
}

const pick = (properties: Properties, name: string): Properties =>
  name in properties ? { [name]: properties[name] } : {}

/** What each event of a function or state machine makes. */
function eventResources(
  id: string,
  { Events = {} }: Properties,
  permissionOf: (event: string) => Resources,
): Resources {
  const resources: Resources = {}
  for (const [event, given] of Object.entries(
    Events as Record<string, { Type?: string; Properties?: Properties }>,
  ))
    Object.assign(
      resources,
      eventResource(`${id}${event}`, id, given.Type ?? '', given.Properties ?? {}, () => permissionOf(event)),
    )
  return resources
}

function eventResource(
  id: string,
  target: string,
  type: string,
  properties: Properties,
  permissions: () => Resources,
): Resources {
  switch (type) {
    case 'SQS':
    case 'Kinesis':
    case 'DynamoDB':
    case 'DocumentDB':
    case 'MSK':
    case 'MQ':
    case 'SelfManagedKafka':
      return { [id]: made('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: target } }) }
    case 'Schedule':
    case 'CloudWatchEvent':
    case 'EventBridgeRule':
      return { [id]: made('AWS::Events::Rule', pick(properties, 'Name')), ...permissions() }
    case 'ScheduleV2':
      return {
        [id]: made('AWS::Scheduler::Schedule', {
          ...pick(properties, 'Name'),
          Target: { RoleArn: properties.RoleArn ?? attribute(`${id}Role`) },
        }),
        ...(properties.RoleArn === undefined && { [`${id}Role`]: ownRole([{}]) }),
      }
    case 'SNS':
      return { [id]: made('AWS::SNS::Subscription', { TopicArn: properties.Topic }), ...permissions() }
    case 'Api':
      return { ...(properties.RestApiId === undefined && restApi(IMPLICIT_REST, {})), ...permissions() }
    case 'HttpApi':
      return { ...(properties.ApiId === undefined && httpApi(IMPLICIT_HTTP, {})), ...permissions() }
    default:
      return permissions()
  }
}

function restApi(id: string, properties: Properties): Resources {
  return {
    [id]: made('AWS::ApiGateway::RestApi', { Body: {}, ...properties }),
    [`${id}Deployment`]: made('AWS::ApiGateway::Deployment', {}),
    [`${id}Stage`]: made('AWS::ApiGateway::Stage', {}),
    ...domain(id, properties, 'AWS::ApiGateway::DomainName', 'AWS::ApiGateway::BasePathMapping'),
  }
}

function httpApi(id: string, properties: Properties): Resources {
  return {
    [id]: made('AWS::ApiGatewayV2::Api', properties),
    [`${id}Stage`]: made('AWS::ApiGatewayV2::Stage', {}),
    ...domain(id, properties, 'AWS::ApiGatewayV2::DomainName', 'AWS::ApiGatewayV2::ApiMapping'),
  }
}

function domain(id: string, { Domain }: Properties, name: string, mapping: string): Resources {
  if (Domain === undefined) return {}
  const zone = (Domain as { Route53?: unknown }).Route53
  return {
    [`${id}DomainName`]: made(name, {}),
    [`${id}Mapping`]: made(mapping, {}),
    ...(zone !== undefined && { [`${id}Records`]: made('AWS::Route53::RecordSetGroup', zone as Properties) }),
  }
}
