/** AWS::CodeBuild::Project. */
import { formatArn, type Target } from '../../../model/index.ts'
import { reportGroupsIn } from '../../../pipeline/index.ts'
import { type ResourceReader, textOf } from '../gathering.ts'
import type { StandIns } from '../stand-ins.ts'

type Settings = Readonly<Record<string, unknown>> | undefined

export const project: ResourceReader = {
  type: 'AWS::CodeBuild::Project',
  sameBy: 'name',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const name = scope.nameOf(logicalId)
    const { account, region } = origin
    const logs = (properties.LogsConfig as Settings)?.CloudWatchLogs as Settings
    const group = textOf(logs?.GroupName) ?? `/aws/codebuild/${name}`
    const batchRole = textOf((properties.BuildBatchConfig as Settings)?.ServiceRole)
    const given = (properties.Environment as Settings)?.EnvironmentVariables
    const variables = (Array.isArray(given) ? given : []) as { Type?: string; Value?: unknown }[]
    const ofType = (type: string, arn: (value: string, where: Target) => string) =>
      variables
        .filter((variable) => variable?.Type === type)
        .map((variable) => arn(textOf(variable.Value) ?? '', origin))
    into.projects.set(scope.arnOf(logicalId), {
      name,
      account,
      region,
      origin,
      serviceRole: roleArn(textOf(properties.ServiceRole) ?? '', account, into.standIns),
      ...(batchRole !== undefined && { batchRole: roleArn(batchRole, account, into.standIns) }),
      encryptionKey: textOf(properties.EncryptionKey),
      logGroup: formatArn('logs', region, account, `log-group:${group}`),
      parameters: ofType('PARAMETER_STORE', parameterArn),
      secrets: ofType('SECRETS_MANAGER', secretArn),
      reports: reportGroupsIn(textOf((properties.Source as Settings)?.BuildSpec) ?? '', name, origin),
      compute: textOf((properties.Environment as Settings)?.ComputeType),
    })
  },
}

/** AWS: a role may be given by name where its ARN is meant. */
const roleArn = (role: string, account: string, standIns: StandIns): string =>
  role.startsWith('arn:') || standIns.mayBeArn(role) ? role : formatArn('iam', '', account, `role/${role}`)

export const parameterArn = (name: string, { account, region }: Target): string =>
  name.startsWith('arn:') ? name : formatArn('ssm', region, account, `parameter/${name.replace(/^\//, '')}`)

/** AWS: `secret-id:json-key:version-stage:version-id`; a secret's ARN ends in six characters AWS makes up. */
export function secretArn(reference: string, { account, region }: Target): string {
  if (reference.startsWith('arn:')) return reference.split(':').slice(0, 7).join(':')
  return formatArn('secretsmanager', region, account, `secret:${reference.split(':')[0]}-??????`)
}
