/** GetTemplate, GetTemplateSummary and ValidateTemplate. */
import type { ParameterDeclaration } from '@aws-sdk/client-cloudformation'
import type { Template } from '../../../../model/index.ts'
import type { BoundParameter } from '../../../../template/index.ts'
import {
  declaredTransforms,
  isNoEcho,
  parseTemplate,
  readTemplate,
  requiredCapabilities,
  resourceSpec,
} from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/unsupported.ts'
import { changeSetAccess, requireChangeSet } from '../engine/find-change-set.ts'
import { generalAccess } from '../engine/general-access.ts'
import { readTemplateSource, type TemplateSource } from '../engine/read-template-source.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'

export const GetTemplate = operation({
  service: 'cloudformation',
  name: 'GetTemplate',
  access: ({ ChangeSetName, StackName }, ctx) => [
    ChangeSetName
      ? changeSetAccess('GetTemplate', { ChangeSetName, StackName }, ctx)
      : stackKind.on(ctx, 'GetTemplate', StackName ?? '*'),
  ],
  run: (input, ctx) => {
    const { StackName: name, ChangeSetName: setName } = input
    if (!name && !setName) throw validationError('StackName is required if ChangeSetName is not specified.')
    const held = setName
      ? requireChangeSet(ctx, { ChangeSetName: setName, StackName: name })
      : stackKind.find(ctx, name!)
    const processed = input.TemplateStage === 'Processed'
    return {
      TemplateBody: processed ? processedText(held.template, held.parameters) : held.template,
      StagesAvailable: ['Original' as const, 'Processed' as const],
    }
  },
})

/** The template after its transforms; the text as it was handed in where it has none. */
function processedText(text: string, parameters: readonly BoundParameter[]): string {
  if (declaredTransforms(parseTemplate(text)).length === 0) return text
  const { Transform: _, ...template } = readTemplate(text, parameters)
  return JSON.stringify(template)
}

/** Loops that run over parameters are written out over their defaults. */
async function readGiven(source: TemplateSource, ctx: Context): Promise<Template> {
  const text = await readTemplateSource(source, ctx)
  const declared = Object.entries(
    (parseTemplate(text).Parameters ?? {}) as Record<string, { Default?: unknown }>,
  )
  const defaults = declared.map(([key, one]) => ({ key, value: String(one?.Default ?? ''), noEcho: false }))
  return readTemplate(text, defaults)
}

const templateParts = (template: Template) => {
  const { capabilities, reason } = requiredCapabilities(template)
  return {
    Description: template.Description,
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    CapabilitiesReason: reason,
    DeclaredTransforms: declaredTransforms(template as never),
  }
}

export const ValidateTemplate = operation({
  service: 'cloudformation',
  name: 'ValidateTemplate',
  access: () => [generalAccess('ValidateTemplate')],
  run: async (input, ctx) => {
    const template = await readGiven(input, ctx)
    return {
      ...templateParts(template),
      Parameters: Object.entries(template.Parameters ?? {}).map(([key, one]) => ({
        ParameterKey: key,
        DefaultValue: one.Default === undefined ? undefined : String(one.Default),
        NoEcho: isNoEcho(one),
        Description: one.Description,
      })),
    }
  },
})

export const GetTemplateSummary = operation({
  service: 'cloudformation',
  name: 'GetTemplateSummary',
  access: (input, ctx) =>
    input.StackName
      ? [stackKind.on(ctx, 'GetTemplateSummary', input.StackName)]
      : [generalAccess('GetTemplateSummary')],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['StackSetName', 'CallAs'])
    const stack = input.StackName ? stackKind.find(ctx, input.StackName) : undefined
    const template = stack ? readTemplate(stack.template, stack.parameters) : await readGiven(input, ctx)
    const resources = Object.entries(template.Resources)
    const types = [...new Set(resources.map(([, one]) => one.Type))]
    return {
      ...templateParts(template),
      Parameters: Object.entries(template.Parameters ?? {}).map(declaration),
      ResourceTypes: types,
      Version: template.AWSTemplateFormatVersion,
      Metadata: template.Metadata && JSON.stringify(template.Metadata),
      ResourceIdentifierSummaries: types.map((type) => ({
        ResourceType: type,
        LogicalResourceIds: resources.filter(([, one]) => one.Type === type).map(([id]) => id),
        ResourceIdentifiers: [...(resourceSpec(type)?.identifier ?? [])],
      })),
    }
  },
})

const declaration = ([key, one]: [
  string,
  NonNullable<Template['Parameters']>[string],
]): ParameterDeclaration => ({
  ParameterKey: key,
  DefaultValue: one.Default === undefined ? undefined : String(one.Default),
  ParameterType: one.Type,
  NoEcho: isNoEcho(one),
  Description: one.Description,
  ParameterConstraints: { AllowedValues: one.AllowedValues?.map(String) },
})
