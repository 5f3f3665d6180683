/** ssm:PutParameter. */

import type { ParameterTier } from '@aws-sdk/client-ssm'
import { AwsError, type JavaPattern, javaPattern, PatternError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap, tagsProblem } from '../../../kernel/tags.ts'
import { parameterArn } from '../engine/find.ts'
import { announce } from '../engine/parameter-event.ts'
import { DEFAULT_KEY, encryptValue } from '../engine/secure-string.ts'
import { parameterKind } from '../kinds.ts'
import { latestOf, type Parameter, parameters } from '../state.ts'

type PutInput = Input<'ssm', 'PutParameter'>

/** Bytes of a value, by tier. */
const STANDARD_LIMIT = 4096
const ADVANCED_LIMIT = 8192
const VERSIONS = 100

const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

/** Creates a parameter or, with Overwrite, adds a version. AWS: 100 versions are kept, the oldest unlabelled one goes. */
export const PutParameter = operation({
  service: 'ssm',
  name: 'PutParameter',
  access: (input, ctx) => {
    const conditions = { 'ssm:Overwrite': String(input.Overwrite ?? false) }
    return parameterKind.onNew(ctx, 'PutParameter', input.Name, input.Tags, conditions)
  },
  run: async (input, ctx) => {
    checkInput(input)
    await checkPattern(input)
    const before = parameterKind.lookUp(ctx, input.Name)
    checkAgainst(input, before)
    const type = input.Type ?? latestOf(before!).type
    const tier = tierFor(input, before)
    const arn = before?.arn ?? parameterArn(ctx, input.Name)
    const keyId = type === 'SecureString' ? (input.KeyId ?? DEFAULT_KEY) : undefined
    if (keyId && tier === 'Advanced')
      throw invalid('The embedded cloud does not support SecureString parameters of the Advanced tier.')
    const value = keyId ? await encryptValue(ctx, arn, input.Value, keyId) : input.Value
    const current = parameterKind.lookUp(ctx, input.Name)
    checkAgainst(input, current)
    const version = {
      version: current ? latestOf(current).version + 1 : 1,
      type,
      value,
      keyId,
      description: input.Description ?? (current && latestOf(current).description),
      allowedPattern: input.AllowedPattern,
      tier,
      labels: [],
      modifiedAt: ctx.cloud.clock.now(),
      modifiedBy: ctx.identity.arn,
    }
    const parameter: Parameter = {
      name: current?.name ?? input.Name,
      arn,
      versions: [...dropOldest(current?.versions ?? []), version],
      tags: current?.tags ?? tagMap(input.Tags),
    }
    ctx.table(parameters).put(parameter.name, parameter)
    announce(ctx, parameter, current ? 'Update' : 'Create')
    return { Version: version.version, Tier: tier }
  },
})

function dropOldest(versions: Parameter['versions']): Parameter['versions'] {
  if (versions.length < VERSIONS) return versions
  const [oldest, ...rest] = versions
  if (oldest!.labels.length)
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `Parameter Store could not delete the oldest version of the parameter, because it has a label: ${oldest!.version}`,
    )
  return rest
}

const NAME =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of ' +
  'sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 ' +
  'symbols .-_'

function checkInput(input: PutInput): void {
  refuseUnsupported(input, ['Policies'])
  const { Name, Value, Type, DataType } = input
  if (DataType !== undefined && DataType !== 'text')
    throw invalid(`The embedded cloud does not support parameters of the data type ${DataType}.`)
  if (Name.includes('/') && !Name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.')
  if (/^\/?aws/i.test(Name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${Name}.`)
  if (/^\/?ssm/i.test(Name) || !/^\/?[\w.-]+(\/[\w.-]+)*$/.test(Name)) throw invalid(NAME)
  if (Name.split('/').length > 16)
    throw new AwsError('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.')
  if (Type === 'StringList' && Value.split(',').some((one) => one === ''))
    throw invalid('Invalid parameter value: a StringList must not have empty items.')
  if (input.KeyId && Type !== undefined && Type !== 'SecureString')
    throw invalid('KeyId is allowed for parameters of the type SecureString only.')
  const problem = tagsProblem({}, tagMap(input.Tags))
  if (problem) throw invalid(problem)
}

/** Errors: InvalidAllowedPatternException for what is no pattern; ParameterPatternMismatchException. */
async function checkPattern({ AllowedPattern, Value }: PutInput): Promise<void> {
  if (!AllowedPattern) return
  const matches = await patternOf(AllowedPattern)
    .occursIn(Value)
    .catch((error: unknown) => {
      if (error instanceof PatternError) return false
      throw error
    })
  if (!matches)
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${AllowedPattern}`,
    )
}

function patternOf(text: string): JavaPattern {
  try {
    return javaPattern(text)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    const wrong = error.kind === 'invalid' ? `is no regular expression: ${error.message}` : error.message
    throw new AwsError('InvalidAllowedPatternException', `The pattern ${text} ${wrong}`)
  }
}

function checkAgainst(input: PutInput, before: Parameter | undefined): void {
  if (before && !input.Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    )
  if (!before && !input.Type) throw invalid('A parameter type is required when you create a parameter.')
  if (input.Overwrite && input.Tags?.length)
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove " +
        'overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or ' +
        'RemoveTagsFromResource.',
    )
}

function tierFor(input: PutInput, before: Parameter | undefined): ParameterTier {
  const size = Buffer.byteLength(input.Value)
  const kept = before && latestOf(before).tier
  const wanted = input.Tier ?? kept ?? 'Standard'
  const tier =
    wanted === 'Intelligent-Tiering' ? (size > STANDARD_LIMIT ? 'Advanced' : (kept ?? 'Standard')) : wanted
  if (kept === 'Advanced' && tier === 'Standard')
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter " +
        'tier to the standard-parameter tier.',
    )
  if (size > (tier === 'Advanced' ? ADVANCED_LIMIT : STANDARD_LIMIT))
    throw invalid(
      tier === 'Advanced'
        ? 'Advanced tier parameters support a maximum parameter value of 8192 characters.'
        : 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter ' +
            'value, upgrade the parameter to use the advanced-parameter tier.',
    )
  return tier
}
