/** Pipelines that CodePipeline would refuse to make: every rule of a declaration, at its place in the template. */
import type { LintRule } from '../rule.ts'

/** What a fleet file makes was held to the same rules when it was made. */
export const refusedDeclaration: LintRule = {
  id: 'refused-declaration',
  summary: 'A template declares a pipeline that CodePipeline refuses.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration: { name }, faults = [], origin: { file } }) =>
      file === undefined
        ? []
        : faults.map(({ severity, message, path, fix, origin }) => ({
            severity,
            message:
              severity === 'error'
                ? `CodePipeline refuses the pipeline ${name}: ${message}`
                : `the pipeline ${name}: ${message}`,
            fix: fix ?? `mend ${path} of the pipeline`,
            origin,
          })),
    ),
}
