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
  /** A warning is allowed by AWS's API, and against what its pages say or past a limit that they state differently. */
  readonly severity: 'error' | 'warning'
  /** What to do, where more can be told than the place. */
  readonly fix?: string
}

const violation =
  (code: Violation['code']) =>
  (path: string, message: string, fix?: string): Violation => ({
    code,
    message,
    path,
    severity: 'error',
    ...(fix !== undefined && { fix }),
  })

export const structure = violation('InvalidStructureException')
export const badStage = violation('InvalidStageDeclarationException')
/** A rule of a stage's condition. AWS: CodePipeline has no exception for rules; they are part of their stage. */
export const badRule = badStage
export const badAction = violation('InvalidActionDeclarationException')
export const badValue = violation('ValidationException')

/** Gives the names that occur more than once, each once. */
export function repeated(names: readonly string[]): string[] {
  const again = names.filter((name, index) => names.indexOf(name) !== index)
  return again.length ? [...new Set(again)] : again
}
