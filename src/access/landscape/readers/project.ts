/** AWS::CodeBuild::Project and AWS::Logs::LogGroup. */
import { formatArn } from '../../../model/index.ts'
import { type ResourceReader, textOf } from '../gathering.ts'
import type { StandIns } from '../stand-ins.ts'
import { projectFacts, type Settings } from './build-project.ts'

export const project: ResourceReader = {
  type: 'AWS::CodeBuild::Project',
  sameBy: 'name',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const name = scope.nameOf(logicalId)
    const { account, region } = origin
    const facts = projectFacts(name, asInApi(properties) as Settings, origin)
    into.projects.set(scope.arnOf(logicalId), {
      name,
      account,
      region,
      origin,
      serviceRole: roleArn(textOf(properties.ServiceRole) ?? '', account, into.standIns),
      encryptionKey: textOf(properties.EncryptionKey),
      compute: textOf((properties.Environment as Settings)?.ComputeType),
      ...facts,
      ...(facts.batchRole && { batchRole: roleArn(facts.batchRole, account, into.standIns) }),
    })
  },
}

export const logGroup: ResourceReader = {
  type: 'AWS::Logs::LogGroup',
  sameBy: 'name',
  read: ({ scope, logicalId, origin }, into) => {
    const name = scope.nameOf(logicalId)
    into.logGroups.add(formatArn('logs', origin.region, origin.account, `log-group:${name}`))
  },
}

/** AWS: CodeBuild's API spells with a small letter what CloudFormation begins with a capital one. */
function asInApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInApi)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.charAt(0).toLowerCase() + key.slice(1), asInApi(one)]),
  )
}

/** AWS: a role may be given by name where its ARN is meant. */
const roleArn = (role: string, account: string, standIns: StandIns): string =>
  role.startsWith('arn:') || standIns.mayBeArn(role) ? role : formatArn('iam', '', account, `role/${role}`)
