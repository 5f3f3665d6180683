/** Gives the parameters of a stack their values and holds these against their constraints. */

import {
  entryOf,
  javaPattern,
  PatternError,
  type Template,
  type TemplateParameter,
} from '../../model/index.ts'
import { type TemplateFault, templateFault } from '../read/template-fault.ts'
import { isKnownLater } from '../values/shown.ts'
import type { Value } from '../values/value.ts'
import {
  checkParameterDeclarations,
  isListType,
  isNoEcho,
  patternFault,
  storedType,
} from './parameter-declaration.ts'

/** A parameter with its value. */
export interface BoundParameter {
  readonly key: string
  readonly value: string
  /** What the parameter stands for where it names an SSM parameter. */
  readonly resolvedValue?: string
  readonly noEcho: boolean
}

/** A parameter as it comes in on the wire. */
export interface GivenParameter {
  readonly ParameterKey?: string
  readonly ParameterValue?: string
  readonly UsePreviousValue?: boolean
}

/**
 * Gives every declared parameter its value: the given one, the previous one, or the default.
 * What a parameter of an SSM type names is left for the caller to read.
 * Errors: TemplateFault for missing, unknown and unacceptable values, in AWS's words.
 */
export async function bindParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly BoundParameter[],
): Promise<BoundParameter[]> {
  const declared = template.Parameters ?? {}
  // Loops take their values before the template is checked as a whole.
  checkParameterDeclarations(declared)
  const byKey = new Map(given.map((one) => [one.ParameterKey ?? '', one]))
  const foreign = [...byKey.keys()].filter((key) => !Object.hasOwn(declared, key))
  if (foreign.length > 0)
    throw templateFault(`Parameters: [${foreign.join(', ')}] do not exist in the template`)
  const bound: BoundParameter[] = []
  const missing: string[] = []
  for (const [key, one] of Object.entries(declared)) {
    const value = valueFor(key, one, byKey.get(key), previous)
    if (value === undefined) missing.push(key)
    else bound.push({ key, value, noEcho: isNoEcho(one) })
  }
  if (missing.length > 0) throw templateFault(`Parameters: [${missing.join(', ')}] must have values`)
  for (const { key, value } of bound)
    if (!isKnownLater(value)) await checkValue(key, value, entryOf(declared, key)!)
  return bound
}

function valueFor(
  key: string,
  declared: TemplateParameter,
  given: GivenParameter | undefined,
  previous: readonly BoundParameter[],
): string | undefined {
  if (given?.UsePreviousValue) {
    const before = previous.find((one) => one.key === key)
    if (given.ParameterValue)
      throw templateFault(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      )
    if (!before)
      throw templateFault(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      )
    return before.value
  }
  if (given) return given.ParameterValue ?? ''
  if (declared.Default === undefined || declared.Default === null) return undefined
  return String(declared.Default)
}

const itemsOf = (value: string): string[] => (value === '' ? [] : value.split(',').map((item) => item.trim()))

async function checkValue(key: string, value: string, declared: TemplateParameter): Promise<void> {
  const pattern = declared.AllowedPattern
  for (const one of valuesIn(value, declared)) {
    const matches = pattern === undefined || (await matchesPattern(key, one, pattern))
    for (const fault of faultsOf(key, one, declared, matches)) throw fault
  }
}

/** AWS: constraints of lists hold for each of their values. */
const valuesIn = (value: string, { Type }: TemplateParameter): string[] =>
  isListType(Type) && !storedType(Type) ? itemsOf(value) : [value]

/**
 * Gives what CloudFormation would refuse in values of parameters, for those that the template declares. A pattern that
 * cannot be used here is left to AWS.
 */
export function valueFaults(template: Template, values: Readonly<Record<string, string>>): TemplateFault[] {
  return Object.entries(template.Parameters ?? {}).flatMap(([key, declared]) => {
    const value = entryOf(values, key) ?? declared.Default
    if (value === undefined || value === null) return []
    return valuesIn(String(value), declared).flatMap((one) =>
      [...faultsOf(key, one, declared, mayMatch(one, declared))].map((fault) =>
        fault.at(['Parameters', key]),
      ),
    )
  })
}

function mayMatch(value: string, { AllowedPattern: pattern }: TemplateParameter): boolean {
  try {
    return pattern === undefined || javaPattern(pattern).matchesWholeNow(value)
  } catch (error) {
    if (error instanceof PatternError) return true
    throw error
  }
}

function* faultsOf(
  key: string,
  value: string,
  declared: TemplateParameter,
  matches: boolean,
): Generator<TemplateFault> {
  const failed = (what: string): TemplateFault => {
    const { ConstraintDescription: described } = declared
    return templateFault(
      described === undefined
        ? `Parameter '${key}' ${what}`
        : `Parameter ${key} failed to satisfy constraint: ${described}`,
    )
  }
  if (Buffer.byteLength(value) > 4096)
    yield templateFault(`Template format error: Parameter '${key}' has a value longer than 4096 bytes.`)
  if (/Number/.test(declared.Type)) yield* numberFaults(key, value, declared, failed)
  if (declared.AllowedValues && !declared.AllowedValues.some((one) => String(one) === value))
    yield failed('must be one of AllowedValues')
  if (!matches) yield failed(`must match pattern ${declared.AllowedPattern}`)
  if (declared.MinLength !== undefined && value.length < Number(declared.MinLength))
    yield failed(`must contain at least ${declared.MinLength} characters`)
  if (declared.MaxLength !== undefined && value.length > Number(declared.MaxLength))
    yield failed(`must contain at most ${declared.MaxLength} characters`)
}

/** AWS: the pattern must match the whole value, or each value of a list (`parameters-section-structure.html`). */
async function matchesPattern(key: string, value: string, pattern: string): Promise<boolean> {
  try {
    return await javaPattern(pattern).matchesWhole(value)
  } catch (error) {
    throw patternFault(key, pattern, error)
  }
}

function* numberFaults(
  key: string,
  value: string,
  { MinValue, MaxValue }: TemplateParameter,
  failed: (what: string) => TemplateFault,
): Generator<TemplateFault> {
  if (value.trim() === '' || !Number.isFinite(Number(value)))
    yield templateFault(`Parameter '${key}' must be a number.`)
  if (MinValue !== undefined && Number(value) < Number(MinValue))
    yield failed(`must be a number not less than ${MinValue}`)
  if (MaxValue !== undefined && Number(value) > Number(MaxValue))
    yield failed(`must be a number not greater than ${MaxValue}`)
}

/** Gives what `Ref` yields for each parameter; parameters of list types are lists. */
export function parameterValues(template: Template, bound: readonly BoundParameter[]): [string, Value][] {
  return bound.map((one) => {
    const value = one.resolvedValue ?? one.value
    const type = entryOf(template.Parameters, one.key)?.Type ?? 'String'
    return [one.key, isListType(type) ? itemsOf(value) : value]
  })
}
