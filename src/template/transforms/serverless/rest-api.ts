/** AWS::Serverless::Api: a REST API with its deployment and its stage. */
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { type ApiDomain, domainOf, putRestDomain } from './api-domain.ts'
import { putAuthorizerPermission } from './authorizers.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { longHash, shortHash, stageSuffix } from './logical-id.ts'
import { isMap, type Properties, pick, tagList } from './properties.ts'
import { PythonDict, type PythonValue } from './python-dict.ts'
import { type RestAuth, restAuth } from './rest-auth.ts'
import { contentOf, openApiVersion } from './rest-content.ts'
import type { Route } from './routes.ts'
import { putUsagePlan } from './usage-plan.ts'

const NOT_CARRIED_OUT = ['AlwaysDeploy', 'EndpointAccessMode', 'MergeDefinitions', 'Policy', 'SecurityPolicy']

export function expandRestApi(source: Serverless, routes: readonly Route[], into: Expansion): void {
  const { id, properties, attributes, type } = source
  for (const name of NOT_CARRIED_OUT)
    if (properties[name] !== undefined) throw unsupportedInTemplate(`${name} of ${type} (resource ${id})`)
  const auth = restAuth(properties.Auth)
  const domain = domainOf(source)
  const content = contentOf(source, auth, routes, into)
  const Tags = properties.PropagateTags === true ? tagList(properties.Tags) : undefined
  const openApi = openApiVersion(properties)
  const regional = endpointOf(properties, into)
  into.put(
    id,
    'AWS::ApiGateway::RestApi',
    {
      ...content.placed,
      ...pick(properties, [
        'Description',
        'FailOnWarnings',
        'Mode',
        'Name',
        'BinaryMediaTypes',
        'MinimumCompressionSize',
        'ApiKeySourceType',
      ]),
      ...regional,
      Tags,
    },
    attributes,
  )
  const passed = passedOn(attributes)
  const hashed = [content.text, ...(openApi ? [openApi] : []), ...(domain ? [domainText(domain)] : [])].join(
    '||',
  )
  const deployment = `${id}Deployment${shortHash(hashed)}`
  into.put(
    deployment,
    'AWS::ApiGateway::Deployment',
    {
      Description: `RestApi deployment id: ${longHash(hashed)}`,
      RestApiId: { Ref: id },
      StageName: openApi ? undefined : 'Stage',
    },
    passed,
  )
  const stage = `${id}${stageSuffix(properties.StageName, 'Stage')}`
  into.put(
    stage,
    'AWS::ApiGateway::Stage',
    { ...stageOf(properties), DeploymentId: { Ref: deployment }, RestApiId: { Ref: id } },
    passed,
  )
  into.refer(id, 'Stage', stage)
  into.refer(id, 'Deployment', deployment)
  if (domain) {
    putRestDomain(source, domain, stage, into)
    into.refer(id, 'DomainName', domain.id)
  }
  putAuthorizerPermissions(source, auth, into)
  putUsagePlan(source, auth, stage, into)
}

/** AWS: outside of the partition aws there are regional endpoints only. */
function endpointOf({ EndpointConfiguration: given }: Properties, { partition }: Expansion): Properties {
  if (isMap(given) && given.Type === undefined) return { EndpointConfiguration: given }
  const type = isMap(given) ? given.Type : given
  const regional = type ?? (partition === 'aws' ? undefined : 'REGIONAL')
  if (regional === undefined) return {}
  const more = isMap(given)
    ? {
        ...(given.VPCEndpointIds !== undefined && { VpcEndpointIds: given.VPCEndpointIds }),
        ...(given.IpAddressType !== undefined && { IpAddressType: given.IpAddressType }),
      }
    : {}
  return {
    Parameters: { endpointConfigurationTypes: regional },
    EndpointConfiguration: { Types: [regional], ...more },
  }
}

const stageOf = (properties: Properties): Properties => ({
  ...pick(properties, [
    'AccessLogSetting',
    'CacheClusterEnabled',
    'CacheClusterSize',
    'CanarySetting',
    'MethodSettings',
    'StageName',
    'TracingEnabled',
    'Variables',
  ]),
  Tags: properties.Tags === undefined ? undefined : tagList(properties.Tags),
})

/** What is hashed of a domain. */
function domainText({ id, given }: ApiDomain): string {
  const all = new PythonDict(Object.entries(given).map(([key, value]) => [key, value as PythonValue]))
  all.set('ApiDomainName', id)
  if (!all.has('EndpointConfiguration')) all.set('EndpointConfiguration', 'REGIONAL')
  return spacedJson(Object.fromEntries(all.entries().map(([key, value]) => [String(key), value])))
}

/** JSON as Python writes it. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (!isMap(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spacedJson(one)}`)
    .join(', ')}}`
}

/** AWS: API Gateway may call the functions that tell who calls. */
function putAuthorizerPermissions(source: Serverless, auth: RestAuth | undefined, into: Expansion): void {
  for (const [name, one] of Object.entries(auth?.authorizers ?? {})) {
    const { FunctionArn: FunctionName } = one as Properties
    if (FunctionName !== undefined)
      putAuthorizerPermission(source, { name, FunctionName, partition: into.partition }, into)
  }
}
