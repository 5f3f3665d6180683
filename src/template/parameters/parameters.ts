/** Gives the parameters of a stack their values and holds these against their constraints. */

import { entryOf, javaPattern, type Template, type TemplateParameter } from '../../model/index.ts'
import { templateFault } from '../read/template-fault.ts'
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
  for (const { key, value } of bound) await checkValue(key, value, entryOf(declared, key)!)
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
    if (given.ParameterValue !== undefined)
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
  if (Buffer.byteLength(value) > 4096)
    throw templateFault(`Template format error: Parameter '${key}' has a value longer than 4096 bytes.`)
  const values = isListType(declared.Type) && !storedType(declared.Type) ? itemsOf(value) : [value]
  for (const one of values) await checkOne(key, one, declared)
}

async function checkOne(key: string, value: string, declared: TemplateParameter): Promise<void> {
  const fail = (what: string): never => {
    const { ConstraintDescription: described } = declared
    throw templateFault(
      described === undefined
        ? `Parameter '${key}' ${what}`
        : `Parameter ${key} failed to satisfy constraint: ${described}`,
    )
  }
  if (/Number/.test(declared.Type)) checkNumber(key, value, declared, fail)
  if (declared.AllowedValues && !declared.AllowedValues.some((one) => String(one) === value))
    fail('must be one of AllowedValues')
  if (declared.AllowedPattern !== undefined && !(await matchesPattern(key, value, declared.AllowedPattern)))
    fail(`must match pattern ${declared.AllowedPattern}`)
  if (declared.MinLength !== undefined && value.length < Number(declared.MinLength))
    fail(`must contain at least ${declared.MinLength} characters`)
  if (declared.MaxLength !== undefined && value.length > Number(declared.MaxLength))
    fail(`must contain at most ${declared.MaxLength} characters`)
}

/** AWS: the pattern must match the whole value, or each value of a list (`parameters-section-structure.html`). */
async function matchesPattern(key: string, value: string, pattern: string): Promise<boolean> {
  try {
    return await javaPattern(pattern).matchesWhole(value)
  } catch (error) {
    throw patternFault(key, pattern, error)
  }
}

function checkNumber(
  key: string,
  value: string,
  declared: TemplateParameter,
  fail: (what: string) => never,
): void {
  if (value.trim() === '' || !Number.isFinite(Number(value)))
    throw templateFault(`Parameter '${key}' must be a number.`)
  if (declared.MinValue !== undefined && Number(value) < Number(declared.MinValue))
    fail(`must be a number not less than ${declared.MinValue}`)
  if (declared.MaxValue !== undefined && Number(value) > Number(declared.MaxValue))
    fail(`must be a number not greater than ${declared.MaxValue}`)
}

/** Gives what `Ref` yields for each parameter; parameters of list types are lists. */
export function parameterValues(template: Template, bound: readonly BoundParameter[]): [string, Value][] {
  return bound.map((one) => {
    const value = one.resolvedValue ?? one.value
    const type = entryOf(template.Parameters, one.key)?.Type ?? 'String'
    return [one.key, isListType(type) ? itemsOf(value) : value]
  })
}
