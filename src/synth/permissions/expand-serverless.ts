/** What AWS SAM makes of a template's serverless resources, as far as permissions depend on it. */
import { entryOf, type Template, type TemplateResource } from '../../model/index.ts'
import type { Properties } from './property-values.ts'
import { api } from './serverless-apis.ts'
import { events } from './serverless-events.ts'
import {
  arnOf,
  ownRole,
  pick,
  ServerlessExpansion,
  storedAt,
  without,
  withoutUndefined,
} from './serverless-parts.ts'

/**
 * Gives the template with each AWS::Serverless resource replaced by the resources that SAM generates for it, under the
 * ids that SAM gives them. What it does not know stays as it is. AWS: SAM, "Generated CloudFormation resources".
 */
export function expandServerless(template: Template): Template {
  if (!template.Transform) return template
  const into = new ServerlessExpansion(template)
  for (const [id, resource] of Object.entries(template.Resources)) {
    const expand = entryOf(EXPANSIONS, resource.Type)
    if (expand) expand(id, into.withGlobals(resource.Type, resource.Properties), into)
    else into.put(id, resource)
    // AWS: connectors may stand beside the properties of the resource that they connect.
    if ('Connectors' in (resource as TemplateResource & { Connectors?: unknown }))
      into.unknown(`${id}Connectors`, 'AWS::Serverless::Connector')
  }
  return { ...template, Resources: into.resources() }
}

type Expand = (id: string, properties: Properties, into: ServerlessExpansion) => void

const S3 = { bucket: 'S3Bucket', key: 'S3Key', version: 'S3ObjectVersion' }

const EXPANSIONS: Readonly<Record<string, Expand>> = {
  'AWS::Serverless::Function': expandFunction,
  'AWS::Serverless::StateMachine': expandMachine,
  'AWS::Serverless::Api': (...of) => api('Api', ...of),
  'AWS::Serverless::HttpApi': (...of) => api('HttpApi', ...of),
  'AWS::Serverless::SimpleTable': (id, properties, into) =>
    into.add(id, 'AWS::DynamoDB::Table', without(properties, ['PrimaryKey'])),
  'AWS::Serverless::LayerVersion': (id, { ContentUri, ...properties }, into) =>
    into.add(id, 'AWS::Lambda::LayerVersion', {
      LayerName: id,
      ...without(properties, ['PublishLambdaVersion', 'RetentionPolicy']),
      Content: storedAt(ContentUri, S3),
    }),
  'AWS::Serverless::Application': (id, properties, into) => {
    const { Location } = properties
    // AWS: a location that is no address names an application of the Serverless Application Repository.
    if (typeof Location !== 'string') into.put(id, { Type: 'AWS::Serverless::Application' })
    else
      into.add(id, 'AWS::CloudFormation::Stack', {
        TemplateURL: Location,
        ...pick(properties, ['NotificationARNs', 'Tags']),
      })
  },
}

const OF_SERVERLESS_FUNCTIONS = [
  'AssumeRolePolicyDocument', 'AutoPublishAlias', 'AutoPublishAliasAllProperties', 'AutoPublishCodeSha256', 'CodeUri',
  'DeadLetterQueue', 'DeploymentPreference', 'EventInvokeConfig', 'Events', 'FunctionUrlConfig', 'ImageUri', 'InlineCode',
  'PermissionsBoundary', 'Policies', 'PropagateTags', 'ProvisionedConcurrencyConfig', 'RolePath', 'Tracing',
  'VersionDeletionPolicy', 'VersionDescription',
] // biome-ignore format: a word list

function expandFunction(id: string, properties: Properties, into: ServerlessExpansion): void {
  const { Role, CodeUri, ImageUri, InlineCode, DeadLetterQueue, Tracing, Tags = [], Events } = properties
  const destinations = (properties.EventInvokeConfig as Properties | undefined)?.DestinationConfig
  into.add(id, 'AWS::Lambda::Function', {
    ...without(properties, OF_SERVERLESS_FUNCTIONS),
    Code: withoutUndefined({ ...storedAt(CodeUri, S3), ImageUri, ZipFile: InlineCode }),
    DeadLetterConfig: DeadLetterQueue,
    TracingConfig: Tracing,
    Role: Role ?? arnOf(`${id}Role`),
    Tags,
  })
  if (Role === undefined)
    into.add(
      `${id}Role`,
      'AWS::IAM::Role',
      ownRole(properties, DeadLetterQueue !== undefined || destinations !== undefined),
    )
  const reference = published(id, properties, into)
  functionUrl(id, reference, properties, into)
  invokeConfig(id, properties, into)
  deployment(id, properties, into)
  events({ id, kind: 'Function', reference }, Events, into)
}

/** Makes the version and the alias of a function that publishes one; gives what stands for it. */
function published(id: string, properties: Properties, into: ServerlessExpansion): unknown {
  const { AutoPublishAlias, ProvisionedConcurrencyConfig } = properties
  if (AutoPublishAlias === undefined) return { Ref: id }
  const alias = `${id}Alias${typeof AutoPublishAlias === 'string' ? AutoPublishAlias : ''}`
  into.add(`${id}Version`, 'AWS::Lambda::Version', { FunctionName: { Ref: id } })
  into.add(alias, 'AWS::Lambda::Alias', {
    FunctionName: { Ref: id },
    Name: AutoPublishAlias,
    ProvisionedConcurrencyConfig,
  })
  return { Ref: alias }
}

function functionUrl(
  id: string,
  reference: unknown,
  { FunctionUrlConfig }: Properties,
  into: ServerlessExpansion,
): void {
  if (FunctionUrlConfig === undefined) return
  into.add(`${id}Url`, 'AWS::Lambda::Url', { TargetFunctionArn: reference })
  if ((FunctionUrlConfig as Properties).AuthType === 'AWS_IAM') return
  for (const name of ['UrlPublicPermissions', 'URLInvokeAllowPublicAccess'])
    into.add(`${id}${name}`, 'AWS::Lambda::Permission', { FunctionName: reference })
}

/** AWS: a destination that names a type and no place is made. */
function invokeConfig(id: string, { EventInvokeConfig }: Properties, into: ServerlessExpansion): void {
  if (EventInvokeConfig === undefined) return
  const { DestinationConfig = {} } = EventInvokeConfig as {
    DestinationConfig?: Record<string, { Type?: string; Destination?: unknown }>
  }
  for (const [outcome, { Type = '', Destination }] of Object.entries(DestinationConfig)) {
    const made = Destination === undefined && entryOf({ SQS: ['Queue'], SNS: ['Topic'] }, Type)
    if (made) into.add(`${id}EventInvokeConfig${outcome}${made[0]}`, `AWS::${Type}::${made[0]}`)
  }
  into.add(`${id}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: id } })
}

/** AWS: functions share one application for their deployments, and one role where they bring none. */
function deployment(id: string, { DeploymentPreference }: Properties, into: ServerlessExpansion): void {
  const given = DeploymentPreference as { Enabled?: unknown; Role?: unknown } | undefined
  if (!given || given.Enabled === false) return
  into.add('ServerlessDeploymentApplication', 'AWS::CodeDeploy::Application')
  if (given.Role === undefined) into.add('CodeDeployServiceRole', 'AWS::IAM::Role', { ManagedPolicyArns: [] })
  into.add(`${id}DeploymentGroup`, 'AWS::CodeDeploy::DeploymentGroup', {
    ApplicationName: { Ref: 'ServerlessDeploymentApplication' },
    ServiceRoleArn: given.Role ?? arnOf('CodeDeployServiceRole'),
  })
}

function expandMachine(id: string, properties: Properties, into: ServerlessExpansion): void {
  const { Name, Role, DefinitionUri, Logging, Tags = [], AutoPublishAlias, Events } = properties
  into.add(id, 'AWS::StepFunctions::StateMachine', {
    StateMachineName: Name,
    ...(DefinitionUri !== undefined && {
      DefinitionS3Location: storedAt(DefinitionUri, { bucket: 'Bucket', key: 'Key', version: 'Version' }),
    }),
    LoggingConfiguration: Logging,
    RoleArn: Role ?? arnOf(`${id}Role`),
    Tags,
  })
  if (Role === undefined) into.add(`${id}Role`, 'AWS::IAM::Role', ownRole(properties))
  if (AutoPublishAlias !== undefined) {
    into.add(`${id}Version`, 'AWS::StepFunctions::StateMachineVersion', { StateMachineArn: { Ref: id } })
    into.add(`${id}Alias`, 'AWS::StepFunctions::StateMachineAlias', {
      DeploymentPreference: {
        ...pick((properties.DeploymentPreference ?? {}) as Properties, ['Alarms']),
        StateMachineVersionArn: { Ref: `${id}Version` },
      },
    })
  }
  events({ id, kind: 'StateMachine', reference: { Ref: id } }, Events, into)
}
