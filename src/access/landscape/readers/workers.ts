/** What works for pipelines beside their projects: functions, task definitions, and the rules that start them. */
import { type ResourceReader, textOf } from '../gathering.ts'
import { physicalArn } from '../physical-id.ts'

export const lambdaFunction: ResourceReader = {
  type: 'AWS::Lambda::Function',
  read: ({ scope, logicalId, properties }, into) => {
    const role = textOf(properties.Role)
    if (role) into.functions.set(physicalArn(scope.named(logicalId))!, role)
  },
}

export const taskDefinition: ResourceReader = {
  type: 'AWS::ECS::TaskDefinition',
  read: ({ origin, properties }, into) => {
    const roles = [properties.TaskRoleArn, properties.ExecutionRoleArn].flatMap((role) => textOf(role) ?? [])
    const { account, region } = origin
    if (roles.length) into.taskRoles.push({ account, region, roles })
  },
}

export const rule: ResourceReader = {
  type: 'AWS::Events::Rule',
  read: ({ scope, logicalId, origin, properties }, into) => {
    const targets = Array.isArray(properties.Targets) ? properties.Targets : []
    const { account, region } = origin
    for (const target of targets) {
      const arn = textOf(target?.Arn) ?? ''
      if (!/^arn:[\w-]+:codepipeline:/.test(arn)) continue
      const started = { pipeline: arn, role: textOf(target?.RoleArn) }
      into.starts.push({ account, region, origin, rule: physicalArn(scope.named(logicalId))!, ...started })
    }
  },
}
