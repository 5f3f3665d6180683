/** What works for pipelines beside their projects: functions, task definitions, and the rules that start them. */
import { formatArn, imageAddress, parseArn, type Target } from '../../../model/index.ts'
import { parameterArn } from '../../../pipeline/index.ts'
import { Choice } from '../../../template/index.ts'
import { type ResourceReader, tagsIn, textOf } from '../gathering.ts'
import type { KnownTaskRoles } from '../landscape.ts'

export const lambdaFunction: ResourceReader = {
  type: 'AWS::Lambda::Function',
  sameBy: 'name',
  read: ({ scope, logicalId, properties }, into) => {
    const role = textOf(properties.Role)
    if (role) into.functions.set(scope.arnOf(logicalId), role)
  },
}

export const deploymentGroup: ResourceReader = {
  type: 'AWS::CodeDeploy::DeploymentGroup',
  sameBy: 'name',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const application = textOf(properties.ApplicationName) ?? ''
    const arn = deploymentGroupArn(application, scope.nameOf(logicalId), origin)
    into.deploymentGroups.set(arn, textOf(properties.DeploymentConfigName))
  },
}

/** Gives the ARN of a deployment group. */
export const deploymentGroupArn = (application: string, group: string, { account, region }: Target): string =>
  formatArn('codedeploy', region, account, `deploymentgroup:${application}/${group}`)

export const taskDefinition: ResourceReader = {
  type: 'AWS::ECS::TaskDefinition',
  read: (resource, into) => {
    const { scope, logicalId, origin, properties } = resource
    const { account, region } = origin
    const { TaskRoleArn, ExecutionRoleArn, ContainerDefinitions } = properties
    const executionRole = textOf(ExecutionRoleArn)
    const containers = Array.isArray(ContainerDefinitions) ? ContainerDefinitions : []
    into.taskRoles.push({
      account,
      region,
      taskDefinition: scope.arnOf(logicalId),
      roles: [TaskRoleArn, ExecutionRoleArn].flatMap((role) => textOf(role) ?? []),
      ...(executionRole && { executionRole }),
      repositories: repositoriesOf(containers.map((one) => textOf(one?.Image))),
      ...secretsOf(
        containers.flatMap((one) => (Array.isArray(one?.Secrets) ? one.Secrets : [])),
        origin,
      ),
      isTagged: Object.keys(tagsIn(resource)).length > 0,
    })
  },
}

/**
 * Gives what secrets of containers are read from. AWS: a secret's ARN, with `:json-key:version-stage:version-id` behind
 * it, or a parameter's name or ARN ("Pass sensitive data to an Amazon ECS container").
 */
export function secretsOf(
  given: readonly { readonly ValueFrom?: unknown; readonly valueFrom?: unknown }[],
  where: Target,
): Required<Pick<KnownTaskRoles, 'secrets' | 'parameters'>> {
  const from = given.flatMap(({ ValueFrom, valueFrom = ValueFrom }) => textOf(valueFrom) ?? [])
  const isSecret = (one: string) => one.split(':')[2] === 'secretsmanager'
  return {
    secrets: from.filter(isSecret).map((one) => one.split(':').slice(0, 7).join(':')),
    parameters: from
      .filter((one) => !isSecret(one))
      .map((one) => (one.startsWith('arn:') ? one : parameterArn(one, where))),
  }
}

/** Gives the ARNs of the ECR repositories that images come from; other registries have no policies of AWS. */
export const repositoriesOf = (images: readonly (string | undefined)[]): string[] => [
  ...new Set(
    images.flatMap((image) => {
      const at = imageAddress(image ?? '')
      return at ? [formatArn('ecr', at.region, at.account, `repository/${at.repository}`)] : []
    }),
  ),
]

export const containerService: ResourceReader = {
  type: 'AWS::ECS::Service',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const { account, region } = origin
    const taskDefinition = textOf(properties.TaskDefinition)
    into.made.add(scope.arnOf(logicalId))
    const cluster = (textOf(properties.Cluster) ?? 'default').replace(/^.*\//, '')
    if (taskDefinition)
      into.services.push({
        account,
        region,
        cluster,
        name: scope.nameOf(logicalId),
        taskDefinition,
      })
  },
}

/** AWS: a rule's bus is told by its name or ARN; without one it is the account's own, which services tell their events. */
const busOf = (text: string | undefined): string => text?.replace(/^.*:event-bus\//, '') ?? 'default'

const patternOf = (written: unknown): string | undefined =>
  written === undefined ? undefined : (textOf(written) ?? JSON.stringify(written))

/** A target is a pipeline, or the bus of another account where a further rule starts the pipeline. */
export const rule: ResourceReader = {
  type: 'AWS::Events::Rule',
  read: ({ scope, logicalId, origin, within, properties }, into) => {
    const targets = Array.isArray(properties.Targets) ? properties.Targets : []
    const { account, region } = origin
    const pattern = patternOf(properties.EventPattern)
    for (const [index, target] of targets.entries()) {
      const arn = textOf(target?.Arn) ?? ''
      const here = {
        account,
        region,
        origin: within('Targets', index),
        rule: scope.arnOf(logicalId),
        ...(pattern !== undefined && { pattern }),
        listensTo: busOf(textOf(properties.EventBusName)),
        isDisabled: properties.State === 'DISABLED',
      }
      const role = textOf(target?.RoleArn)
      if (/^arn:[\w-]+:codepipeline:/.test(arn)) into.starts.push({ ...here, pipeline: arn, role })
      else if (/^arn:[\w-]+:sns:/.test(arn) && isAboutPipelines(properties.EventPattern))
        into.notices.push({ account, region, rule: here.rule, topic: arn, service: 'events.amazonaws.com' })
      else if (/:event-bus\//.test(arn) && parseArn(arn)?.account !== account)
        into.forwards.push({ ...here, bus: arn, role })
    }
  },
}

/** Whether a rule is about what pipelines and their builds do. */
function isAboutPipelines(pattern: unknown): boolean {
  const { source } = (pattern ?? {}) as Readonly<Record<string, unknown>>
  return Array.isArray(source) && source.some((one) => one === 'aws.codepipeline' || one === 'aws.codebuild')
}

/** AWS: a notification rule is about one resource; its ARN ends in an id that AWS makes up. */
export const notificationRule: ResourceReader = {
  type: 'AWS::CodeStarNotifications::NotificationRule',
  read: ({ origin: { account, region }, properties }, into) => {
    const about = parseArn(textOf(properties.Resource) ?? '')
    if (about?.service !== 'codepipeline') return
    for (const target of Array.isArray(properties.Targets) ? properties.Targets : [])
      if (target?.TargetType === 'SNS')
        into.notices.push({
          account,
          region,
          rule: formatArn('codestar-notifications', region, account, 'notificationrule/*'),
          topic: textOf(target.TargetAddress) ?? '',
          service: 'codestar-notifications.amazonaws.com',
          pipeline: about.resource,
        })
  },
}

/** AWS: the shorter form, with Action and Principal, lets in an account or everybody of an organization. */
export const eventBusPolicy: ResourceReader = {
  type: 'AWS::Events::EventBusPolicy',
  read: ({ origin, within, properties, values, when }, into) => {
    const { EventBusName, Action, Principal, Condition, StatementId } = properties
    const { account, region } = origin
    const bus = formatArn('events', region, account, `event-bus/${textOf(EventBusName) ?? 'default'}`)
    const who = textOf(Principal)
    const { Type, Key, Value } = (Condition ?? {}) as Readonly<Record<string, string>>
    const short = {
      Sid: textOf(StatementId) ?? '',
      Effect: 'Allow',
      Principal: who === '*' ? '*' : { AWS: `arn:aws:iam::${who}:root` },
      Action: textOf(Action) ?? 'events:PutEvents',
      Resource: bus,
      ...(Type && Key && { Condition: { [Type]: { [Key]: Value } } }),
    }
    const statement = values.Statement ?? into.standIns.values(short)
    into.statements.push({
      on: bus,
      statement: when ? new Choice(when, statement, undefined) : statement,
      origin: values.Statement === undefined ? origin : within('Statement'),
    })
  },
}
