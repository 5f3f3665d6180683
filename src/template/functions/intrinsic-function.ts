/** How an intrinsic function is declared. */
import type { Evaluating } from '../evaluate/evaluating.ts'
import { templateFault } from '../read/template-fault.ts'
import { type Part, partsOf } from '../values/text.ts'
import type { Value } from '../values/value.ts'

export interface IntrinsicFunction {
  /** `Fn::Join` */
  readonly name: string
  /** What is wrong with the arguments as they stand in the template, in AWS's words. */
  check?(argument: unknown): string | undefined
  /** Gives its value; undefined for AWS::NoValue. Errors: TemplateFault in AWS's words. */
  apply(argument: unknown, evaluating: Evaluating): Value | undefined
}

export const isListOf = (value: unknown, length: number): value is unknown[] =>
  Array.isArray(value) && value.length === length

export const isWrittenMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Gives the name of the intrinsic function that a map is a call of, if it is one. */
export function intrinsicName(value: object): string | undefined {
  let only: string | undefined
  for (const key in value) {
    if (only !== undefined) return undefined
    only = key
  }
  return only === 'Ref' || only?.startsWith('Fn::') ? only : undefined
}

/** Gives a scalar as the text that CloudFormation makes of it. Errors: TemplateFault for maps and lists. */
export function textParts(value: Value | undefined, where: string): readonly Part[] {
  const parts = partsOf(value)
  if (!parts) throw templateFault(`Template error: ${where} must be a string`)
  return parts
}
