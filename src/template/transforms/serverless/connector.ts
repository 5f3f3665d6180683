/** AWS::Serverless::Connector, and connectors beside the properties of a resource: permissions between two resources. */
import { entryOf } from '../../../model/index.ts'
import { unsupportedInTemplate } from '../../read/template-fault.ts'
import { type ConnectorProfile, connectorProfiles, connectorResources } from './data.ts'
import { type Attributes, type Expansion, passedOn } from './expansion.ts'
import { functionName, isMap, type Properties } from './properties.ts'
import { invalid } from './refusals.ts'

export interface Connector {
  readonly id: string
  readonly properties: Properties
  readonly attributes: Attributes
}

/** One end: what the connector's permissions say of it. */
interface End {
  readonly written: string
  readonly type: string
  readonly id?: string
  readonly arn?: unknown
  readonly name?: unknown
  readonly resourceId?: unknown
  readonly qualifier?: unknown
  readonly role?: unknown
  readonly queueUrl?: unknown
}

export function expandConnector({ id, properties, attributes }: Connector, into: Expansion): void {
  const destinations = Array.isArray(properties.Destination)
    ? properties.Destination
    : [properties.Destination]
  const several = Array.isArray(properties.Destination)
  destinations.forEach((destination: Properties, index) => {
    const source = endOf(
      { ...(properties.Source as Properties), ...(properties.SourceReference as Properties) },
      into,
    )
    const target = endOf(destination, into)
    const wanted = properties.Permissions as readonly string[]
    const profile = profileOf(source, target, wanted)
    const suffix = several ? `Destination${index}` : ''
    put({ id, source, target, profile, wanted, suffix, attributes }, into)
  })
}

function profileOf(source: End, target: End, wanted: readonly string[]): ConnectorProfile {
  const profile = entryOf(entryOf(connectorProfiles(), source.type) ?? {}, target.type)
  if (!profile)
    throw invalid(
      `Unable to create connector from ${source.written} to ${target.written}; it's not supported or the template is invalid.`,
    )
  const { AccessCategories, ValidAccessCategories } = profile.Properties
  const known = Object.keys(AccessCategories)
  const asked = [...wanted].sort()
  for (const one of asked)
    if (!known.includes(one))
      throw invalid(
        `Unsupported 'Permissions' provided for connector from ${source.written} to ${target.written}; valid values are: ${known.join(', ')}.`,
        ['Properties', 'Permissions'],
      )
  if (ValidAccessCategories && !ValidAccessCategories.some((all) => [...all].sort().join() === asked.join()))
    throw invalid(
      `Unsupported 'Permissions' provided for connector from ${source.written} to ${target.written}; valid combinations are: ${ValidAccessCategories.map((all) => all.join(' + ')).join(', ')}.`,
      ['Properties', 'Permissions'],
    )
  return profile
}

/** Errors: InvalidResource for a resource that is not in the template. */
function endOf(given: Properties, into: Expansion): End {
  if (given.Id === undefined) {
    const written = String(given.Type)
    return {
      written,
      type: written,
      arn: given.Arn,
      name: given.Name,
      resourceId: given.ResourceId,
      qualifier: given.Qualifier,
      role: given.RoleName,
      queueUrl: given.QueueUrl,
    }
  }
  const id = String(given.Id)
  const resource = into.given.get(id)
  if (!resource) throw invalid(`Unable to find resource with logical ID '${id}'.`)
  const made = into.resource(id) ?? resource
  const type = String(made.Type)
  const facts = entryOf(connectorResources(), type)
  const said = (name: string) => filledId(facts?.Outputs[name], id)
  return {
    written: String(resource.Type),
    type,
    id,
    arn: said('Arn'),
    name: said('Name'),
    resourceId: said('Id'),
    qualifier: given.Qualifier ?? said('Qualifier'),
    role: roleOf(made, facts?.Inputs?.Role),
    queueUrl: said('Url'),
  }
}

function filledId(value: unknown, id: string): unknown {
  if (value === '%{logicalId}') return id
  if (Array.isArray(value)) return value.map((one) => filledId(one, id))
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledId(one, id)]))
}

/** Gives the name of the role that a resource acts as. */
function roleOf({ Properties: properties }: Properties, input: unknown): unknown {
  const own = (properties ?? {}) as Properties
  const arn =
    typeof input === 'string'
      ? own[input]
      : ((own.Targets ?? []) as readonly Properties[]).find(({ RoleArn }) => RoleArn !== undefined)?.RoleArn
  if (functionName(arn) !== 'Fn::GetAtt') return undefined
  const [id, attribute] = (arn as Properties)['Fn::GetAtt'] as string[]
  return attribute === 'Arn' ? { Ref: id } : undefined
}

interface Connection {
  readonly id: string
  readonly source: End
  readonly target: End
  readonly profile: ConnectorProfile
  readonly wanted: readonly string[]
  readonly suffix: string
  readonly attributes: Attributes
}

function put(connection: Connection, into: Expansion): void {
  const { id, source, target, profile, wanted, suffix } = connection
  const { Type, Properties: rules } = profile
  const categories = Object.entries(rules.AccessCategories).filter(([name]) => wanted.includes(name))
  const attributes = attributesOf(connection)
  const filled = (value: unknown) => withEnds(value, source, target)
  if (Type === 'AWS_LAMBDA_PERMISSION') {
    for (const [category, permission] of categories)
      into.put(
        `${id}${category}LambdaPermission${suffix}`,
        'AWS::Lambda::Permission',
        { ...(filled(permission) as Properties), FunctionName: target.arn },
        attributes,
      )
    return
  }
  const statements = categories.flatMap(([, { Statement }]) => filled(Statement) as unknown[])
  const PolicyDocument = { Version: '2012-10-17', Statement: statements }
  if (Type === 'AWS_IAM_ROLE_MANAGED_POLICY') {
    const role = rules.SourcePolicy ? source.role : target.role
    if (role === undefined)
      throw invalid(
        `Unable to get IAM role name from '${rules.SourcePolicy ? 'Source' : 'Destination'}' resource.`,
      )
    into.put(`${id}Policy${suffix}`, 'AWS::IAM::ManagedPolicy', { PolicyDocument, Roles: [role] }, attributes)
    makeDependent(connection, `${id}Policy${suffix}`, into)
  } else if (Type === 'AWS_SQS_QUEUE_POLICY') {
    if (target.queueUrl === undefined)
      throw invalid("Unable to get SQS queue URL from 'Destination' resource.")
    into.put(
      `${id}QueuePolicy${suffix}`,
      'AWS::SQS::QueuePolicy',
      { PolicyDocument, Queues: [target.queueUrl] },
      attributes,
    )
  } else
    into.put(
      `${id}TopicPolicy${suffix}`,
      'AWS::SNS::TopicPolicy',
      { PolicyDocument, Topics: [target.arn] },
      attributes,
    )
}

function attributesOf({ id, source, target, attributes }: Connection): Attributes {
  const said = { [id]: { Source: { Type: source.written }, Destination: { Type: target.written } } }
  return {
    ...passedOn(attributes),
    DependsOn: attributes.DependsOn,
    Metadata: { ...((attributes.Metadata ?? {}) as Properties), 'aws:sam:connectors': said },
  }
}

/** AWS: what uses a permission at once is made behind it. */
function makeDependent({ source, target, profile }: Connection, policy: string, into: Expansion): void {
  const { DependedBy: who } = profile.Properties
  if (who === undefined) return
  if (who === 'SOURCE') return addDependency(source.id, policy, into)
  for (const [id, resource] of into.all())
    if (resource.Type === 'AWS::Lambda::EventSourceMapping' && isMappingOf(resource, source, target))
      addDependency(id, policy, into)
}

const isMappingOf = ({ Properties: properties }: Properties, source: End, target: End): boolean => {
  const { EventSourceArn, FunctionName } = (properties ?? {}) as Properties
  return (
    JSON.stringify(EventSourceArn) === JSON.stringify(source.arn) &&
    [JSON.stringify(target.arn), JSON.stringify({ Ref: target.id })].includes(JSON.stringify(FunctionName))
  )
}

function addDependency(id: string | undefined, policy: string, into: Expansion): void {
  const resource = into.resource(id)
  if (id === undefined || !resource) return
  const before = [resource.DependsOn ?? []].flat() as string[]
  into.change(id, { ...resource, DependsOn: [...before, policy] })
}

/** Gives a value with `%{Source.Arn}` and its like filled in, as Fn::Sub where there is more than that. */
function withEnds(value: unknown, source: End, target: End): unknown {
  if (Array.isArray(value)) return value.map((one) => withEnds(one, source, target))
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withEnds(one, source, target)]))
  if (typeof value !== 'string' || !/[%$]\{/.test(value)) return value
  const ends: Readonly<Record<string, End>> = { Source: source, Destination: target }
  const known = (end: string, name: string): unknown => {
    const found = ends[end]!
    const said = {
      Arn: found.arn,
      Name: found.name,
      ResourceId: found.resourceId,
      Qualifier: found.qualifier,
    }[name]
    if (said === undefined)
      throw unsupportedInTemplate(`a connector that needs ${name} of its ${end}, ${found.written}`)
    return said
  }
  const whole = /^%\{(\w+)\.(\w+)\}$/.exec(value)
  if (whole) return known(whole[1]!, whole[2]!)
  const variables: Record<string, unknown> = {}
  const text = value.replace(/%\{(\w+)\.(\w+)\}/g, (_, end: string, name: string) => {
    variables[`${end}${name}`] = known(end, name)
    return `\${${end}${name}}`
  })
  return { 'Fn::Sub': Object.keys(variables).length > 0 ? [text, variables] : text }
}
