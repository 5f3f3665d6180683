/** Rules for what stands at the top of a declaration: name, role, version, mode, type, variables. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { badValue, checkCount, checkText, repeated, structure, type Violation } from '../violation.ts'

const NAME = /^[A-Za-z0-9.@\-_]+$/
const ROLE = /^arn:aws(-[\w]+)*:iam::[0-9]{12}:role\/.*$/
const VARIABLE = /^[A-Za-z0-9@\-_]+$/

export function checkHead(pipeline: PipelineDeclaration): Violation[] {
  const {
    version,
    executionMode = 'SUPERSEDED',
    pipelineType = 'V1',
    variables = [],
    triggers = [],
  } = pipeline
  const violations = [
    ...checkText('name', pipeline.name, { pattern: NAME, max: 100 }),
    ...checkText('roleArn', pipeline.roleArn, { pattern: ROLE, max: 1024 }),
  ]
  if (version !== undefined && !(Number.isInteger(version) && version >= 1))
    violations.push(badValue('version', `version is ${version} but must be a whole number from 1`))
  if (pipelineType !== 'V2') {
    const needing = [
      executionMode !== 'SUPERSEDED' && ['executionMode', `the execution mode ${executionMode}`],
      variables.length > 0 && ['variables', 'pipeline variables'],
      triggers.length > 0 && ['triggers', 'triggers'],
    ]
    for (const one of needing)
      if (one)
        violations.push(
          structure(one[0]!, `Pipeline type V2 is needed for ${one[1]}; the pipeline is of type V1`),
        )
  }
  return [...violations, ...checkOwnVariables(variables)]
}

function checkOwnVariables(variables: NonNullable<PipelineDeclaration['variables']>): Violation[] {
  return [
    ...checkCount('variables', variables, { max: 50 }),
    ...variables.flatMap((variable, index) => [
      ...checkText(`variables[${index}].name`, variable.name, { pattern: VARIABLE, max: 128 }),
      ...checkText(`variables[${index}].defaultValue`, variable.defaultValue, { max: 1000 }),
      ...checkText(`variables[${index}].description`, variable.description, { min: 0, max: 200 }),
    ]),
    ...repeated(variables.map((one) => one.name)).map((name) =>
      structure('variables', `Pipeline variable names must be unique. ${name} has been used more than once.`),
    ),
  ]
}
