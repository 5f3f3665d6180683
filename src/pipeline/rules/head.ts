/** Rules for what stands at the top of a declaration: what a pipeline of type V1 cannot have, and its own variables. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { repeated, structure, type Violation } from '../violation.ts'

/** AWS: without a type a pipeline is of type V1; modes, variables and triggers are of V2. */
export function checkHead(pipeline: PipelineDeclaration): Violation[] {
  const { executionMode = 'SUPERSEDED', pipelineType = 'V1', variables = [], triggers = [] } = pipeline
  const needing: [path: string, what: string][] = []
  if (executionMode !== 'SUPERSEDED') needing.push(['executionMode', `the execution mode ${executionMode}`])
  if (variables.length) needing.push(['variables', 'pipeline variables'])
  if (triggers.length) needing.push(['triggers', 'triggers'])
  const ofV2 = needing.map(([path, what]) =>
    structure(
      path,
      `Pipeline type V2 is needed for ${what}; the pipeline is of type V1`,
      `make the pipeline one of type V2, or leave out ${what}`,
    ),
  )
  return [
    ...(pipelineType === 'V1' ? ofV2 : []),
    ...repeated(variables.map((one) => one.name)).map((name) =>
      structure(
        'variables',
        `Pipeline variable names must be unique. ${name} has been used more than once.`,
        `give one of the variables ${name} another name`,
      ),
    ),
  ]
}
