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

/** Gives a violation where the text does not match or has too many or too few characters. */
export function checkText(
  path: string,
  text: string | undefined,
  rule: { pattern?: RegExp; min?: number; max: number },
): readonly Violation[] {
  if (text === undefined || typeof text !== 'string') return NONE
  const { pattern, min = 1, max } = rule
  if (text.length < min || text.length > max)
    return [badValue(path, `${path} has ${text.length} characters; ${min} to ${max} are allowed`)]
  if (pattern && !pattern.test(text))
    return [badValue(path, `${path} is "${text}", which does not match ${pattern.source}`)]
  return NONE
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
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
