/** What is wrong with a pipeline's declaration. */

export interface Violation {
  /** The error CodePipeline answers; checked in this order of appearance. */
  readonly code:
    | 'InvalidStructureException'
    | 'InvalidStageDeclarationException'
    | 'InvalidActionDeclarationException'
    | 'ValidationException'
  readonly message: string
  /** Where in the declaration: `stages[1].actions[0].configuration.ProjectName`. */
  readonly path: string
  /** A warning is allowed by AWS's API but close to, or past, a limit that its pages state differently. */
  readonly severity: 'error' | 'warning'
}

const violation =
  (code: Violation['code']) =>
  (path: string, message: string): Violation => ({ code, message, path, severity: 'error' })

export const structure = violation('InvalidStructureException')
export const badStage = violation('InvalidStageDeclarationException')
export const badAction = violation('InvalidActionDeclarationException')
export const badValue = violation('ValidationException')

const NONE: readonly Violation[] = []

/** What a text must be; at least one character long where `min` is absent. */
export interface TextRule {
  readonly pattern?: RegExp
  readonly min?: number
  readonly max: number
}

/** Gives a violation where the text does not match or has too many or too few characters. */
export function checkText(path: string, text: string | undefined, rule: TextRule): readonly Violation[] {
  return isText(text, rule) ? NONE : [badText(path, text!, rule)]
}

/** Whether a text, if there is one, is as the rule says. */
export function isText(text: string | undefined, { pattern, min = 1, max }: TextRule): boolean {
  if (typeof text !== 'string') return true
  return text.length >= min && text.length <= max && (!pattern || pattern.test(text))
}

/** Gives the violation of a text that is not as the rule says. */
export function badText(path: string, text: string, { pattern, min = 1, max }: TextRule): Violation {
  return text.length < min || text.length > max
    ? badValue(path, `${path} has ${text.length} characters; ${min} to ${max} are allowed`)
    : badValue(path, `${path} is "${text}", which does not match ${pattern?.source}`)
}

/** Gives a violation where a list is too long or too short. */
export function checkCount(
  path: string,
  list: readonly unknown[] | undefined,
  bounds: { min?: number; max: number },
): readonly Violation[] {
  if (!list) return NONE
  const { min = 0, max } = bounds
  if (list.length >= min && list.length <= max) return NONE
  return [badValue(path, `${path} has ${list.length} entries; ${min} to ${max} are allowed`)]
}

/** Gives the names that occur more than once, each once. */
export function repeated(names: readonly string[]): string[] {
  const again = names.filter((name, index) => names.indexOf(name) !== index)
  return again.length ? [...new Set(again)] : again
}
