/** The CodeBuild projects of one pipeline: its builds, and the tests of its stages. */
import { stringify } from 'yaml'
import {
  expandText,
  expandValues,
  type Fleet,
  type FleetBuild,
  type FleetPipeline,
  type FleetStage,
  type TextScope,
} from '../fleet/index.ts'
import { type Arn, formatArn, type TemplateResource, type Val } from '../model/index.ts'
import { logicalId, type Names, type ProjectUse } from './names.ts'
import { resource } from './resource.ts'
import { pipelineScope, placeScope } from './scopes.ts'

export interface BuildProject {
  readonly name: string
  readonly logicalId: string
  readonly logGroup: Arn
  /** ARN of the role that its builds act as: its own. */
  readonly role: Arn
  readonly build: FleetBuild
  readonly scope: TextScope
  readonly isTest: boolean
  /** ARNs of what it puts into its environment. */
  readonly secrets: readonly Arn[]
  readonly parameters: readonly Arn[]
}

/** What tells the project of a test from others of the pipeline: its stage, and its number where the stage has several. */
export const testOf = ({ name }: FleetStage, index: number): string => (index ? `${name}-${index + 1}` : name)

/** Logical ID of the role of a project. */
export const roleIdOf = ({ logicalId: id }: BuildProject): string => `${id}Role`

/** Gives the projects of a pipeline, its builds first. */
export function projectsOf(fleet: Fleet, pipeline: FleetPipeline, names: Names): BuildProject[] {
  const { account, region } = fleet.hub
  const project = (build: FleetBuild, scope: TextScope, use: ProjectUse, which?: string): BuildProject => {
    const name = names.project(pipeline.id, use, which)
    return {
      name,
      logicalId: logicalId(use, which ?? ''),
      role: names.projectRoleArn(account, pipeline.id, use, which),
      logGroup: formatArn('logs', region, account, `log-group:/aws/codebuild/${name}`),
      build,
      scope,
      isTest: use === 'test',
      secrets: Object.values(expandValues(build.secrets, scope)).map((one) => secretArn(one, fleet.hub)),
      parameters: Object.values(expandValues(build.parameters, scope)).map((one) =>
        parameterArn(one, fleet.hub),
      ),
    }
  }
  return [
    ...pipeline.builds.map((build) => project(build, pipelineScope(fleet, pipeline), 'build', build.key)),
    ...pipeline.stages.flatMap((stage) =>
      stage.tests.map((test, index) =>
        project(test, placeScope(fleet, pipeline, stage.places[0]!), 'test', testOf(stage, index)),
      ),
    ),
  ]
}

/** AWS: `secret-id:json-key:version-stage:version-id`; a secret's ARN ends in six characters that AWS makes up. */
function secretArn(reference: string, { account, region }: Fleet['hub']): Arn {
  if (reference.startsWith('arn:')) return reference.split(':').slice(0, 7).join(':')
  return formatArn('secretsmanager', region, account, `secret:${reference.split(':')[0]}-??????`)
}

const parameterArn = (name: string, { account, region }: Fleet['hub']): Arn =>
  name.startsWith('arn:') ? name : formatArn('ssm', region, account, `parameter/${name.replace(/^\//, '')}`)

/** Gives the CodeBuild project. AWS: outputs are encrypted with the project's own key, not with the pipeline's. */
export function projectResource(
  project: BuildProject,
  role: Val<string>,
  key: Val<string>,
): TemplateResource {
  const { build, scope } = project
  const variables = (values: Readonly<Record<string, string>>, Type: string) =>
    Object.entries(expandValues(values, scope)).map(([Name, Value]) => ({ Name, Type, Value }))
  const environment = [
    ...variables(build.environment, 'PLAINTEXT'),
    ...variables(build.parameters, 'PARAMETER_STORE'),
    ...variables(build.secrets, 'SECRETS_MANAGER'),
  ]
  return resource('AWS::CodeBuild::Project', {
    Name: project.name,
    ServiceRole: role,
    Source: { Type: 'CODEPIPELINE', BuildSpec: buildspec(project) },
    Artifacts: { Type: 'CODEPIPELINE' },
    Environment: {
      Type: build.image.includes('aarch64') ? 'ARM_CONTAINER' : 'LINUX_CONTAINER',
      Image: build.image,
      ComputeType: build.compute,
      ...(build.privileged && { PrivilegedMode: true }),
      ...(environment.length && { EnvironmentVariables: environment }),
    },
    EncryptionKey: key,
    TimeoutInMinutes: build.timeout,
  })
}

/** The buildspec's path in the source, or the commands of the fleet file as a buildspec. */
function buildspec({ build, scope, isTest }: BuildProject): string {
  if (!build.commands) return expandText(build.buildspec!, scope)
  return stringify({
    version: 0.2,
    phases: { build: { commands: build.commands.map((command) => expandText(command, scope)) } },
    ...(!isTest && { artifacts: build.artifacts ?? { files: ['**/*'] } }),
  })
}
