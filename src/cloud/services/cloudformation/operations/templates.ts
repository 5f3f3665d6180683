/** GetTemplate, GetTemplateSummary and ValidateTemplate. */
import type { ParameterDeclaration } from '@aws-sdk/client-cloudformation'
import type { Template, TemplateParameter } from '../../../../model/index.ts'
import type { ReadTemplate } from '../../../../template/index.ts'
import {
  isNoEcho,
  parseTemplate,
  readProcessed,
  requiredCapabilities,
  resourceSpec,
} from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changeSetAccess, requireChangeSet } from '../engine/find-change-set.ts'
import { generalAccess } from '../engine/general-access.ts'
import { readTemplateSource, type TemplateSource } from '../engine/read-template-source.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import type { StackVersion } from '../state.ts'
import { unlessEmpty } from './describe-stacks.ts'

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
    if (!name && !setName?.startsWith('arn:')) throw validationError('StackName is a required parameter.')
    const held = setName
      ? requireChangeSet(ctx, { ChangeSetName: setName, StackName: name })
      : stackKind.find(ctx, name!)
    const processed = input.TemplateStage === 'Processed'
    return {
      TemplateBody: processed ? processedText(held, ctx.region) : held.template,
      StagesAvailable: ['Original' as const, 'Processed' as const],
    }
  },
})

/** The template after its transforms; the text as it was handed in where it has none. */
function processedText(
  { template: text, parameters }: Pick<StackVersion, 'template' | 'parameters'>,
  region: string,
): string {
  const { template, transforms } = readProcessed(text, parameters, region)
  return transforms.length === 0 ? text : JSON.stringify(template)
}

/** What hangs on parameters is carried out with their defaults, or with their names where they have none. */
async function readGiven(source: TemplateSource, ctx: Context): Promise<ReadTemplate> {
  const text = await readTemplateSource(source, ctx)
  const declared = Object.entries((parseTemplate(text).Parameters ?? {}) as Record<string, TemplateParameter>)
  const defaults = declared.map(([key, one]) => ({
    key,
    value: String(one?.Default ?? one?.AllowedValues?.[0] ?? key),
    noEcho: false,
  }))
  return readProcessed(text, defaults, ctx.region)
}

const templateParts = ({ template, transforms }: ReadTemplate) => {
  const { capabilities, reason } = requiredCapabilities(template, transforms)
  return {
    Description: template.Description,
    Capabilities: capabilities.length > 0 ? capabilities : undefined,
    CapabilitiesReason: reason,
    DeclaredTransforms: unlessEmpty([...transforms]),
  }
}

export const ValidateTemplate = operation({
  service: 'cloudformation',
  name: 'ValidateTemplate',
  access: () => [generalAccess('ValidateTemplate')],
  run: async (input, ctx) => {
    const read = await readGiven(input, ctx)
    const { template } = read
    return {
      ...templateParts(read),
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
    // AWS: recorded in the tests of localstack, `test_get_template_summary_non_executed_change_set`.
    if (stack?.status === 'REVIEW_IN_PROGRESS')
      throw validationError('GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.')
    const read = stack
      ? readProcessed(stack.template, stack.parameters, ctx.region)
      : await readGiven(input, ctx)
    const { template } = read
    const resources = Object.entries(template.Resources)
    const types = [...new Set(resources.map(([, one]) => one.Type))]
    return {
      ...templateParts(read),
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
