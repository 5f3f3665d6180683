/** GetTemplate, GetTemplateSummary and ValidateTemplate. */
import type { ParameterDeclaration } from '@aws-sdk/client-cloudformation'
import type { Template, TemplateParameter } from '../../../../model/index.ts'
import type { ReadTemplate } from '../../../../template/index.ts'
import {
  declaredTransforms,
  hasForeignTransforms,
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
      TemplateBody: processed ? processedText(held, ctx) : held.template,
      StagesAvailable: ['Original' as const, 'Processed' as const],
    }
  },
})

/** The template after its transforms; the text as it was handed in where it has none. */
function processedText(
  { template: text, parameters }: Pick<StackVersion, 'template' | 'parameters'>,
  ctx: Context,
): string {
  const { template, transforms } = readProcessed(text, parameters, ctx)
  return transforms.length === 0 ? text : JSON.stringify(template)
}

interface GivenTemplate extends ReadTemplate {
  /** Whether there is something to be expanded though no transform of the whole template says so. */
  readonly expands?: boolean
}

/** What hangs on parameters is carried out with their defaults, or with their names where they have none. */
async function readGiven(source: TemplateSource, ctx: Context): Promise<GivenTemplate> {
  const text = await readTemplateSource(source, ctx)
  const parsed = parseTemplate(text)
  if (hasForeignTransforms(parsed)) return asWritten(parsed)
  const declared = Object.entries((parsed.Parameters ?? {}) as Record<string, TemplateParameter>)
  const defaults = declared.map(([key, one]) => ({
    key,
    value: String(one?.Default ?? one?.AllowedValues?.[0] ?? key),
    noEcho: false,
  }))
  return readProcessed(text, defaults, ctx)
}

/**
 * AWS: macros run when a stack or a change set is made; here a template is told as it is written (aws/aws-cli#4747: one with a
 * macro in it validates). What a transform stands in place of is no resource yet.
 */
function asWritten(parsed: ReturnType<typeof parseTemplate>): GivenTemplate {
  const { Description: text } = parsed
  const template = {
    ...parsed,
    Description: typeof text === 'string' ? text : undefined,
    Parameters: membersOf(parsed.Parameters, () => true),
    Resources: membersOf(
      parsed.Resources,
      ({ Type, Properties = {} }) => typeof Type === 'string' && isMap(Properties),
    ),
  } as unknown as Template
  return { template, transforms: declaredTransforms(parsed), origin: (path) => path, expands: true }
}

type Members = Readonly<Record<string, unknown>>

const isMap = (value: unknown): value is Members => typeof value === 'object' && value !== null

/** Gives the members of a section that are what they must be. */
const membersOf = (section: unknown, fits: (member: Members) => boolean): Members =>
  Object.fromEntries(
    Object.entries(isMap(section) ? section : {}).filter(([, one]) => isMap(one) && fits(one)),
  )

const templateParts = ({ template, transforms, expands }: GivenTemplate) => {
  const { capabilities, reason } = requiredCapabilities(template, [
    ...transforms,
    ...(expands ? ['a macro'] : []),
  ])
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
    const read = stack ? readProcessed(stack.template, stack.parameters, ctx) : await readGiven(input, ctx)
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
