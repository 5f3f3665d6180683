/** A CloudFormation stack as a deploy: created or updated at once, or by a change set that can be approved first. */
import { z } from 'zod'
import type { ActionDeclaration } from '../../model/index.ts'
import { permission } from '../build-schema.ts'
import { expandText, STAGE_NAMES, type TextScope, textWith, valueWith } from '../text.ts'
import { type DeployScope, deployKind } from './deploy-kind.ts'

/** AWS: attributes of an artifact that Fn::GetArtifactAtt gives. */
const ARTIFACT_ATTRIBUTES: Readonly<Record<string, string>> = {
  '${artifact.bucket}': 'BucketName',
  '${artifact.key}': 'ObjectKey',
  '${artifact.url}': 'URL',
}

/** `${artifact.<file>.json:<key>}`: a value of a JSON file in the artifact. */
const ARTIFACT_VALUE = /^\$\{artifact\.([^:}]+):([^:}]+)\}$/

const standsForArtifact = (text: string) =>
  Object.hasOwn(ARTIFACT_ATTRIBUTES, text) || ARTIFACT_VALUE.test(text)

const stackSchema = z.strictObject({
  template: textWith(STAGE_NAMES).describe('template file in the artifact'),
  stack: textWith(STAGE_NAMES).default('${pipeline}').describe('stack name; the pipeline name without it'),
  parameters: z
    .record(z.string().regex(/^[A-Za-z0-9]{1,255}$/), valueWith(STAGE_NAMES, standsForArtifact))
    .default({})
    .describe('parameter values; ${artifact.bucket}, ${artifact.key}, ${artifact.file.json:key} work too'),
  configuration: textWith(STAGE_NAMES).optional().describe('template configuration file in the artifact'),
  capabilities: z
    .array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']))
    .optional()
    .describe('read from the template without it'),
  permissions: z
    .array(permission)
    .min(1)
    .optional()
    .describe('what CloudFormation may do; computed from the template without it'),
  permissionsFrom: textWith(STAGE_NAMES)
    .optional()
    .describe('file to compute the permissions from, where the build writes the template'),
  removed: z
    .record(
      z.string().min(1),
      z.strictObject({ Type: z.string().min(1), Properties: z.record(z.string(), z.unknown()).optional() }),
    )
    .optional()
    .describe(
      'resources just taken out of the template, as they stood there, so that CloudFormation may delete them',
    ),
})
export type CloudFormationDeploy = z.output<typeof stackSchema>

/** Gives the name of the stack that a deploy makes at one place. */
export const stackName = (deploy: CloudFormationDeploy, scope: TextScope): string =>
  expandText(deploy.stack, scope)

export const cloudformation = deployKind({
  key: 'cloudformation',
  schema: z.strictObject({ cloudformation: stackSchema }),
  expand: ({ cloudformation: deploy }, scope, changeSets) => {
    const stack = stackName(deploy, scope)
    const act = (verb: string, configuration: Record<string, string>, input: boolean): ActionDeclaration => ({
      name: `${verb}-${stack}-${scope.region}`,
      actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
      configuration: { StackName: stack, ...configuration },
      ...(input && { inputArtifacts: [{ name: scope.input }] }),
      roleArn: scope.actionRole,
      region: scope.region,
    })
    const making = makingConfiguration(deploy, scope)
    if (!changeSets) return { deploy: act('deploy', { ActionMode: 'CREATE_UPDATE', ...making }, true) }
    const ChangeSetName = `crossdock-${scope.pipeline}`
    return {
      prepare: act('prepare', { ActionMode: 'CHANGE_SET_REPLACE', ChangeSetName, ...making }, true),
      deploy: act('execute', { ActionMode: 'CHANGE_SET_EXECUTE', ChangeSetName }, false),
    }
  },
})

/** Configuration keys of the modes that read a template. */
function makingConfiguration(deploy: CloudFormationDeploy, scope: DeployScope): Record<string, string> {
  const capabilities = deploy.capabilities?.join(',') ?? scope.capabilities
  const parameters = Object.entries(deploy.parameters).map(([name, value]) => [
    name,
    parameterOverride(value, scope),
  ])
  return {
    TemplatePath: `${scope.input}::${expandText(deploy.template, scope)}`,
    ...(deploy.configuration && {
      TemplateConfiguration: `${scope.input}::${expandText(deploy.configuration, scope)}`,
    }),
    RoleArn: scope.cloudFormationRole,
    ...(capabilities && { Capabilities: capabilities }),
    ...(parameters.length && { ParameterOverrides: JSON.stringify(Object.fromEntries(parameters)) }),
  }
}

/** AWS: a parameter override may be Fn::GetArtifactAtt or Fn::GetParam of an input artifact of the action. */
function parameterOverride(value: string, scope: DeployScope): unknown {
  const attribute = ARTIFACT_ATTRIBUTES[value]
  if (attribute) return { 'Fn::GetArtifactAtt': [scope.input, attribute] }
  const [, file, key] = ARTIFACT_VALUE.exec(value) ?? []
  if (file) return { 'Fn::GetParam': [scope.input, file, key] }
  return expandText(value, scope)
}
