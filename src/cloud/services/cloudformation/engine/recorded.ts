/** Resource types that no service backs: checked against the specification, given an id and attributes, and marked. */

import { createHash } from 'node:crypto'
import { entryOf, recordedReason } from '../../../../model/index.ts'
import {
  derivedResources,
  partsOf,
  type ResourceSpec,
  type TypeSpec,
  typeFacts,
  type Value,
} from '../../../../template/index.ts'
import type {
  Properties,
  ResourceContext,
  ResourceOutcome,
  ResourceType,
} from '../../../kernel/resource-type.ts'

/** The reason that a recorded resource's events carry. AWS: metadata of the CDK is nothing but recorded there too. */
export const reasonOfRecorded = (type: string): string | undefined =>
  type === 'AWS::CDK::Metadata' ? undefined : recordedReason(type)

/** Gives a resource type that only keeps what it is told. */
export function recordedType(spec: ResourceSpec): ResourceType {
  return {
    type: spec.type,
    create: async (properties, rc) => outcome(spec, properties, rc),
    update: async (physicalId, properties) => ({ physicalId, attributes: mirrored(spec, properties) }),
    delete: async () => undefined,
  }
}

/** Attributes that only repeat a property. */
const mirrored = (spec: ResourceSpec, properties: Properties): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => Object.hasOwn(spec.attributes, name)))

/** Sixteen hexadecimal digits that stay the same for the life of the resource. */
const digestOf = (rc: ResourceContext): string =>
  createHash('sha256').update(rc.generateName()).digest('hex').slice(0, 16)

function outcome(spec: ResourceSpec, properties: Properties, rc: ResourceContext): ResourceOutcome {
  const digest = digestOf(rc)
  const values: Properties = {}
  const part = (name: string): string => {
    values[name] ??= properties[name] ?? namePart(spec, name, rc, digest)
    return String(values[name])
  }
  const facts = factsOf(spec, properties, rc, digest)
  const arn = facts.arn ?? arnOf(spec, rc, part)
  const attributes: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(spec.attributes))
    attributes[name] =
      facts.attribute(name) ?? properties[name] ?? attributeValue(name, type, { spec, rc, digest, arn, part })
  if (facts.reference !== undefined) return { physicalId: facts.reference, attributes }
  const idParts = spec.identifier.map((name) =>
    String(attributes[name] ?? (isArnName(name) ? arn : part(name))),
  )
  const [first = part('Id')] = idParts
  return { physicalId: idParts.length > 1 ? idParts.join('|') : first, attributes }
}

/** What the facts of the type tell; what AWS would make up is the resource's digest. */
function factsOf(spec: ResourceSpec, Properties: Properties, rc: ResourceContext, digest: string) {
  const { name, arn, ref, attributes = {} } = typeFacts(spec.type)
  const id = rc.logicalId
  const given = name?.property ? Properties[name.property] : undefined
  const derived = derivedResources({
    ...{ account: rc.account, region: rc.region, stackName: rc.stackName },
    resources: { [id]: { Type: spec.type, Properties } },
    value: (written) => written as Value,
    given: () => (name && name.made !== 'by-aws' ? String(given ?? rc.generateName()) : undefined),
  })
  const told = (value: Value | undefined): string | undefined =>
    partsOf(value)
      ?.map((part) => (typeof part === 'string' ? part : digest))
      .join('')
  return {
    arn: arn === undefined ? undefined : told(derived.arn(id)),
    reference: ref === undefined && !name ? undefined : told(derived.reference(id)),
    attribute: (of: string) =>
      Object.hasOwn(attributes, of) || (of === 'Arn' && arn !== undefined)
        ? told(derived.attribute(id, of))
        : undefined,
  }
}

const isArnName = (name: string): boolean => /Arn$/i.test(name)

function namePart(spec: ResourceSpec, name: string, rc: ResourceContext, digest: string): string {
  const prefixes: Readonly<Record<string, string>> = {
    InstanceId: 'i',
    VpcId: 'vpc',
    SubnetId: 'subnet',
    SecurityGroupId: 'sg',
    GroupId: 'sg',
    RouteTableId: 'rtb',
    InternetGatewayId: 'igw',
    NatGatewayId: 'nat',
    AllocationId: 'eipalloc',
    VolumeId: 'vol',
  }
  if (spec.type.startsWith('AWS::EC2::') && entryOf(prefixes, name))
    return `${entryOf(prefixes, name)}-0${digest}`
  if (/Id$/.test(name)) return /^AWS::(KMS|SecretsManager)/.test(spec.type) ? uuidLike(digest) : digest
  return rc.generateName()
}

const uuidLike = (digest: string): string =>
  `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(12, 15)}-8${digest.slice(0, 3)}-${digest.slice(4, 16)}`

function arnOf(spec: ResourceSpec, rc: ResourceContext, part: (name: string) => string): string {
  const [, service = '', resource = ''] = spec.type.split('::')
  const template =
    spec.arnTemplate ??
    `arn:\${Partition}:${service.toLowerCase()}:\${Region}:\${Account}:${resource.toLowerCase()}/\${Id}`
  const known: Readonly<Record<string, string>> = { Partition: 'aws', Region: rc.region, Account: rc.account }
  const names = [...new Set([...Object.keys(spec.properties), ...spec.identifier])]
  return template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = entryOf(known, name)
    if (value !== undefined) return value
    const own = names.find((one) => one === name || one.toLowerCase() === name.toLowerCase())
    const loose = spec.identifier.find((one) => !isArnName(one))
    return part(own ?? loose ?? name)
  })
}

interface Shaping {
  readonly spec: ResourceSpec
  readonly rc: ResourceContext
  readonly digest: string
  readonly arn: string
  readonly part: (name: string) => string
}

function attributeValue(name: string, type: TypeSpec, { spec, rc, digest, arn, part }: Shaping): unknown {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (typeof type !== 'string') return compound(type, { spec, rc, digest, arn, part }, name)
  if (type === 'n' || type === 'i') return 1
  if (type === 'b') return false
  if (type === 'j') return {}
  if (name === last && (last === 'Arn' || last === `${spec.type.split('::')[2]}Arn`)) return arn
  if (isArnName(last)) return `${arn}/${last.replace(/Arn$/i, '').toLowerCase()}`
  if (/(Url|URL|Uri|Endpoint)$/.test(last))
    return `https://${digest}.${spec.type.split('::')[1]!.toLowerCase()}.${rc.region}.amazonaws.com`
  if (/(Address|Domain|DomainName|DnsName|DNSName|HostName)$/.test(last))
    return `${digest}.${spec.type.split('::')[1]!.toLowerCase()}.${rc.region}.amazonaws.com`
  if (/Port$/.test(last)) return '443'
  if (/Ip$|IpAddress$/.test(last)) return '10.0.0.1'
  if (/(At|Time|Date|Timestamp)$/.test(last)) return rc.clock.date().toISOString()
  if (/Version/.test(last)) return '1'
  if (/(Status|State)$/.test(last)) return 'ACTIVE'
  return part(last)
}

function compound(type: Exclude<TypeSpec, string>, shaping: Shaping, name: string): unknown {
  if (type[0] === 'a') return []
  if (type[0] === 'e') return type[1]
  if (type[0] === 'u') return attributeValue(name, type[1] as TypeSpec, shaping)
  return {}
}
