/** A CloudFormation stack as a deploy: created or updated at once, or by a change set that can be approved first. */
import * as z from 'zod/mini'
import type { ActionDeclaration } from '../../model/index.ts'
import { provider } from '../../pipeline/index.ts'
import { expandText } from '../text.ts'
import { artifactReference } from './artifact-reference.ts'
import { artifactFields } from './deploy-fields.ts'
import { type DeployScope, deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'
import { DEFAULT_STACK, type StackDeploy, stackName, stackSchema } from './stack-deploy.ts'

export const cloudformation = deployKind({
  key: 'cloudformation',
  schema: z.strictObject({
    ...nameField,
    cloudformation: stackSchema.check(
      z.describe('a stack → CloudFormation actions, and a role for CloudFormation'),
    ),
    ...artifactFields,
  }),
  called: ({ cloudformation: { stack = DEFAULT_STACK } }) => stack,
  stack: ({ cloudformation: deploy }) => deploy,
  refused: ({ cloudformation: { replaceOnFailure, terminationProtection } }, { name, changeSets }) => {
    if (replaceOnFailure && changeSets)
      return {
        what: `the stage ${name} makes change sets, which cannot replace a stack that failed`,
        fix: 'take out `replaceOnFailure`, or add `changeSets: false` to the stage',
      }
    if (replaceOnFailure && terminationProtection)
      return {
        what: 'a stack that is protected cannot be deleted, also where it failed',
        fix: 'take out `replaceOnFailure` or `terminationProtection`',
      }
    return undefined
  },
  expand: ({ cloudformation: deploy }, scope, changeSets) => {
    const stack = stackName(deploy, scope)
    const act = (verb: string, configuration: Record<string, string>, input: boolean): ActionDeclaration => ({
      name: `${verb}-${stack}-${scope.place}`,
      actionTypeId: provider.cloudformation.type,
      configuration: { StackName: stack, ...configuration },
      ...(input && { inputArtifacts: inputsOf(deploy, scope).map((name) => ({ name })) }),
      roleArn: scope.actionRole,
      region: scope.region,
    })
    const making = makingConfiguration(deploy, scope)
    if (!changeSets) {
      const ActionMode = deploy.replaceOnFailure ? 'REPLACE_ON_FAILURE' : 'CREATE_UPDATE'
      return { deploy: act('deploy', { ActionMode, ...making }, true) }
    }
    const ChangeSetName = `crossdock-${scope.pipeline}`
    return {
      prepare: act('prepare', { ActionMode: 'CHANGE_SET_REPLACE', ChangeSetName, ...making }, true),
      deploy: act('execute', { ActionMode: 'CHANGE_SET_EXECUTE', ChangeSetName }, false),
    }
  },
})

/** Configuration keys of the modes that read a template. */
function makingConfiguration(deploy: StackDeploy, scope: DeployScope): Record<string, string> {
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

/** The artifact that is deployed, and those that parameters refer to. */
const inputsOf = ({ parameters }: StackDeploy, { input, artifacts }: DeployScope): string[] => [
  ...new Set([
    input,
    ...Object.values(parameters).flatMap((value) => {
      const named = artifactReference(value)?.artifact
      return named === undefined ? [] : (artifacts[named] ?? [])
    }),
  ]),
]

/** AWS: a parameter override may be Fn::GetArtifactAtt or Fn::GetParam of an input artifact of the action. */
function parameterOverride(value: string, scope: DeployScope): unknown {
  const reference = artifactReference(value)
  if (!reference) return expandText(value, scope)
  const { artifact } = reference
  return reference.override(artifact === undefined ? scope.input : (scope.artifacts[artifact] ?? ''))
}
