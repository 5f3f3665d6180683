/** DeploymentPreference: CodeDeploy moves the traffic of an alias. */
import { type Attributes, type Expansion, passedOn, type Serverless } from './expansion.ts'
import { withParameters } from './parameter-values.ts'
import { arnOf, functionName, isMap, isNoValue, type Properties, tagList } from './properties.ts'
import { invalid } from './refusals.ts'
import { assumedBy } from './role.ts'

const APPLICATION = 'ServerlessDeploymentApplication'
const ROLE = 'CodeDeployServiceRole'

/** AWS: other names are deployment configurations of one's own. */
const KINDS = /^(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1|2|3|10)Minutes?)$/

interface Preference {
  readonly Type?: unknown
  readonly Alarms?: unknown
  readonly Hooks?: { readonly PreTraffic?: unknown; readonly PostTraffic?: unknown }
  readonly Role?: unknown
  readonly TriggerConfigurations?: unknown
  readonly PassthroughCondition?: unknown
}

/** Gives the preference of a function, where it has one that is not switched off. */
function preferenceOf({ DeploymentPreference: given }: Properties, into: Expansion): Preference | undefined {
  if (!isMap(given)) return undefined
  const { Enabled = true, ...preference } = withParameters(given, into.values) as Properties
  const off = Enabled === false || (typeof Enabled === 'string' && Enabled.toLowerCase() === 'false')
  return off ? undefined : { ...preference, Hooks: given.Hooks as Preference['Hooks'] }
}

/** Errors: InvalidResource for a deployment without an alias. */
export function refuseDeployment(properties: Properties, into: Expansion): void {
  if (preferenceOf(properties, into))
    throw invalid("'DeploymentPreference' requires AutoPublishAlias property to be specified.", [
      'Properties',
      'DeploymentPreference',
    ])
}

/** Makes what deploys a function; gives the update policy of its alias. Errors: InvalidResource without a type. */
export function functionDeployment(source: Serverless, into: Expansion): unknown {
  const preference = preferenceOf(source.properties, into)
  if (!preference) return undefined
  if (preference.Type === undefined)
    throw invalid("'DeploymentPreference' requires a Type to be specified.", [
      'Properties',
      'DeploymentPreference',
    ])
  const group = `${source.id}DeploymentGroup`
  const { Hooks = {} } = preference
  return {
    CodeDeployLambdaAliasUpdate: {
      ApplicationName: { Ref: APPLICATION },
      DeploymentGroupName: { Ref: group },
      ...(Hooks.PreTraffic !== undefined && { BeforeAllowTrafficHook: Hooks.PreTraffic }),
      ...(Hooks.PostTraffic !== undefined && { AfterAllowTrafficHook: Hooks.PostTraffic }),
    },
  }
}

/** Makes the application, the role and the groups that the functions of a template share. */
export function putDeployments(functions: readonly Serverless[], into: Expansion): void {
  const all = functions.flatMap((source) => {
    const preference =
      source.properties.AutoPublishAlias === undefined ? undefined : preferenceOf(source.properties, into)
    return preference ? [{ source, preference }] : []
  })
  if (all.length === 0) return
  const tags = (sources: readonly Serverless[]) => propagated(sources)
  const shared = sharedAttributes(all.map(({ source, preference }) => conditionOf(source, preference)))
  const Tags = tags(all.map(({ source }) => source))
  into.from('Resources', all[0]!.source.id, 'Properties', 'DeploymentPreference')
  into.put(APPLICATION, 'AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda', Tags }, shared)
  const without = all.filter(({ preference }) => preference.Role === undefined)
  if (without.length > 0)
    into.put(
      ROLE,
      'AWS::IAM::Role',
      {
        AssumeRolePolicyDocument: assumedBy('codedeploy.amazonaws.com'),
        ManagedPolicyArns: [`arn:${into.partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda`],
        Tags,
      },
      sharedAttributes(without.map(({ source, preference }) => conditionOf(source, preference))),
    )
  for (const { source, preference } of all) {
    into.from('Resources', source.id, 'Properties', 'DeploymentPreference')
    into.put(
      `${source.id}DeploymentGroup`,
      'AWS::CodeDeploy::DeploymentGroup',
      { ...groupProperties(preference), Tags: tags([source]) },
      { Condition: conditionOf(source, preference) },
    )
  }
}

const propagated = (sources: readonly Serverless[]) => {
  const all = sources.flatMap(({ properties }) =>
    properties.PropagateTags === true ? tagList(properties.Tags) : [],
  )
  return all.length > 0 ? all : undefined
}

/** AWS: the function's condition is taken over only where that is asked for. */
const conditionOf = ({ attributes }: Serverless, { PassthroughCondition: asked }: Preference): unknown =>
  asked === true || String(asked).toLowerCase() === 'true' ? passedOn(attributes).Condition : undefined

/** AWS: what functions share has a condition where all of them have the same. */
const sharedAttributes = (conditions: readonly unknown[]): Attributes => ({
  Condition: conditions.every((one) => one === conditions[0]) ? conditions[0] : undefined,
})

function groupProperties({ Type, Alarms, Role, TriggerConfigurations }: Preference): Properties {
  return {
    AlarmConfiguration: alarms(Alarms),
    ApplicationName: { Ref: APPLICATION },
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
    DeploymentConfigName: configuration(Type),
    DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ServiceRoleArn: Role ?? arnOf(ROLE),
    TriggerConfigurations,
  }
}

function configuration(type: unknown): unknown {
  if (functionName(type) === 'Fn::If') {
    const [condition, ...branches] = (type as Properties)['Fn::If'] as unknown[]
    return { 'Fn::If': [condition, ...branches.map(configuration)] }
  }
  return typeof type === 'string' && KINDS.test(type)
    ? { 'Fn::Sub': ['CodeDeployDefault.Lambda${ConfigName}', { ConfigName: type }] }
    : type
}

function alarms(given: unknown): unknown {
  if (functionName(given) === 'Fn::If') {
    const [condition, ...branches] = (given as Properties)['Fn::If'] as unknown[]
    return { 'Fn::If': [condition, ...branches.map((one) => (isNoValue(one) ? {} : alarms(one)))] }
  }
  return Array.isArray(given) ? { Enabled: true, Alarms: given.map((Name) => ({ Name })) } : undefined
}
