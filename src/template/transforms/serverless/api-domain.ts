/** Domain of an API: a name of one's own, mappings of paths, and records of Route 53. */

import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { shortHash } from './logical-id.ts'
import { isMap, type Properties, tagList } from './properties.ts'
import { invalid } from './refusals.ts'

export interface ApiDomain {
  /** The id of the resource that stands for the name. */
  readonly id: string
  readonly given: Properties
}

const KNOWN =
  `BasePath CertificateArn DomainName EndpointConfiguration MutualTlsAuthentication NormalizeBasePath
  OwnershipVerificationCertificateArn Route53 SecurityPolicy`.split(/\s+/)

/** Errors: InvalidResource without a name and a certificate; TemplateFault for what is not carried out. */
export function domainOf({ type, properties: { Domain: given } }: Serverless): ApiDomain | undefined {
  if (given === undefined) return undefined
  if (!isMap(given) || given.DomainName === undefined || given.CertificateArn === undefined)
    throw invalid('Custom Domains only works if both DomainName and CertificateArn are provided.', [
      'Properties',
      'Domain',
    ])
  for (const name of Object.keys(given))
    if (!KNOWN.includes(name)) throw unsupportedInTemplate(`${name} in Domain of ${type}`)
  if (
    type === 'AWS::Serverless::Api' &&
    ![undefined, 'REGIONAL'].includes(given.EndpointConfiguration as string)
  )
    throw unsupportedInTemplate(
      `EndpointConfiguration ${String(given.EndpointConfiguration)} in Domain of ${type}`,
    )
  const word = type === 'AWS::Serverless::Api' ? 'ApiGatewayDomainName' : 'ApiGatewayDomainNameV2'
  return { id: `${word}${shortHash(given.DomainName)}`, given }
}

/** Makes what the domain of a REST API takes. */
export function putRestDomain(source: Serverless, domain: ApiDomain, stage: string, into: Expansion): void {
  const attributes = passedOn(source.attributes)
  const { given, id } = domain
  into.put(
    id,
    'AWS::ApiGateway::DomainName',
    {
      RegionalCertificateArn: given.CertificateArn,
      DomainName: given.DomainName,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: given.SecurityPolicy,
      MutualTlsAuthentication: given.MutualTlsAuthentication,
      OwnershipVerificationCertificateArn: given.OwnershipVerificationCertificateArn,
      Tags: source.properties.PropagateTags === true ? tagList(source.properties.Tags) : undefined,
    },
    attributes,
  )
  for (const { id: mapping, path } of pathsOf(source, domain, 'BasePathMapping'))
    into.put(
      mapping,
      'AWS::ApiGateway::BasePathMapping',
      { BasePath: path, DomainName: { Ref: id }, RestApiId: { Ref: source.id }, Stage: { Ref: stage } },
      attributes,
    )
  putRecords(source, domain, into)
}

/** Makes what the domain of an HTTP API takes. */
export function putHttpDomain(
  source: Serverless,
  domain: ApiDomain,
  { stage, tags }: { stage: string; tags: Properties },
  into: Expansion,
): void {
  const attributes = passedOn(source.attributes)
  const { given, id } = domain
  const configuration = {
    CertificateArn: given.CertificateArn,
    EndpointType: given.EndpointConfiguration ?? 'REGIONAL',
    ...(given.SecurityPolicy !== undefined && { SecurityPolicy: given.SecurityPolicy }),
    ...(given.OwnershipVerificationCertificateArn !== undefined && {
      OwnershipVerificationCertificateArn: given.OwnershipVerificationCertificateArn,
    }),
  }
  into.put(
    id,
    'AWS::ApiGatewayV2::DomainName',
    {
      DomainName: given.DomainName,
      DomainNameConfigurations: [configuration],
      MutualTlsAuthentication: given.MutualTlsAuthentication,
      Tags: tags,
    },
    attributes,
  )
  for (const { id: mapping, path } of pathsOf(source, domain, 'ApiMapping'))
    into.put(
      mapping,
      'AWS::ApiGatewayV2::ApiMapping',
      { ApiId: { Ref: source.id }, ApiMappingKey: path, DomainName: { Ref: id }, Stage: { Ref: stage } },
      attributes,
    )
  putRecords(source, domain, into)
}

function pathsOf({ id }: Serverless, { given }: ApiDomain, word: string): { id: string; path?: string }[] {
  const paths = given.BasePath === undefined ? [] : ([given.BasePath].flat() as string[])
  if (paths.length === 0) return [{ id: `${id}${word}` }]
  return paths.map((written) => {
    const path = given.NormalizeBasePath === false ? written : written.replace(/^\/+|\/+$/g, '')
    if (path === '') return { id: `${id}${word}` }
    return { id: `${id}${path.replace(/[^0-9a-zA-Z]+/g, '')}${word}`, path: path }
  })
}

function putRecords(source: Serverless, { id, given }: ApiDomain, into: Expansion): void {
  const { Route53: records } = given
  if (!isMap(records)) return
  for (const name of Object.keys(records))
    if (!['HostedZoneId', 'HostedZoneName', 'IpV6', 'EvaluateTargetHealth'].includes(name))
      throw unsupportedInTemplate(`${name} in Route53 of a Domain of ${source.type}`)
  const { HostedZoneId, HostedZoneName, IpV6, EvaluateTargetHealth } = records
  const zone = HostedZoneId ?? HostedZoneName
  if (zone === undefined)
    throw invalid('HostedZoneId or HostedZoneName is required to enable Route53 support on Custom Domains.', [
      'Properties',
      'Domain',
      'Route53',
    ])
  const AliasTarget = {
    HostedZoneId: { 'Fn::GetAtt': [id, 'RegionalHostedZoneId'] },
    DNSName: { 'Fn::GetAtt': [id, 'RegionalDomainName'] },
    ...(EvaluateTargetHealth !== undefined && { EvaluateTargetHealth }),
  }
  const record = (Type: string) => ({ Name: given.DomainName, Type, AliasTarget })
  const group = `RecordSetGroup${shortHash(zone)}`
  const before = into.made(group)?.Properties as { RecordSets?: readonly unknown[] } | undefined
  into.put(
    group,
    'AWS::Route53::RecordSetGroup',
    {
      HostedZoneId,
      HostedZoneName: HostedZoneId === undefined ? HostedZoneName : undefined,
      RecordSets: [...(before?.RecordSets ?? []), record('A'), ...(IpV6 === true ? [record('AAAA')] : [])],
    },
    passedOn(source.attributes),
  )
}
