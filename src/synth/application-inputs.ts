/** What a deploy of the fleet file gives its stack, held against the template as CloudFormation does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expandText, type FleetPipeline, type StackDeploy } from '../fleet/index.ts'
import { entryOf, FleetError, type SourceLocation } from '../model/index.ts'
import {
  type InputFault,
  parameterText,
  readTemplateConfiguration,
  stackInputFaults,
  type TemplateConfiguration,
} from '../pipeline/index.ts'
import { placesIn, type TemplatePath, valueFaults } from '../template/index.ts'
import { capabilitiesOf, type ProcessedTemplate } from './permissions/application-template.ts'
import type { StageScope } from './scopes.ts'

export interface ApplicationInputs {
  readonly deploy: StackDeploy
  /** Of the deploy in the fleet file. */
  readonly location: SourceLocation
  readonly scope: StageScope
  readonly pipeline: FleetPipeline
  /** The fleet file's. */
  readonly directory: string
  readonly stack: string
  /** Whether a change set is made first. */
  readonly changeSets: boolean
  /** Parameter values, undefined where an artifact gives them. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly processed: ProcessedTemplate
  /** The template's file, from the fleet file's folder. */
  readonly file: string
}

export interface InputProblems {
  readonly errors: readonly FleetError[]
  readonly warnings: readonly FleetError[]
}

/** Gives what CloudFormation will refuse, and what cannot be told. */
export function inputProblems(around: ApplicationInputs): InputProblems {
  const { deploy, parameters, processed, stack } = around
  const read =
    deploy.configuration === undefined ? { values: {} } : configurationOf(deploy.configuration, around)
  const { values, policy, placeOf, problem } = read as ConfigurationFile
  const faults = stackInputFaults({
    ...processed,
    overrides: Object.keys(parameters),
    configured: values && Object.keys(values),
    policy,
    capabilities: deploy.capabilities ?? capabilitiesOf(processed),
    changeSet: around.changeSets,
  })
  const literal = Object.entries({ ...values, ...parameters }).filter(
    (one): one is [string, string] => one[1] !== undefined,
  )
  const refused = valueFaults(processed.template, Object.fromEntries(literal)).filter(({ path }) =>
    literal.some(([name]) => name === path?.[1]),
  )
  const told = [
    ...faults.map((fault) => inputError(fault, around, placeOf)),
    ...refused.map(
      (fault) =>
        new FleetError(`the stack ${stack} is refused: ${fault.message}`, {
          location: refusedAt(String(fault.path![1]), around, placeOf),
          fix: fault.fix ?? 'give another value, or let the template take it',
        }),
    ),
  ]
  // The template that the build writes may have other parameters than the one that its permissions are told from.
  const isBuilt = deploy.permissionsFrom !== undefined
  const file = problem ? [problem.error] : []
  return {
    errors: [...(problem?.mayBeBuilt ? [] : file), ...(isBuilt ? [] : told)],
    warnings: [...(problem?.mayBeBuilt ? file : []), ...(isBuilt ? told : [])],
  }
}

interface ConfigurationFile {
  readonly values?: Readonly<Record<string, string>>
  /** Whether it gives the stack a policy. */
  readonly policy?: boolean
  /** Where a part of the file stands. */
  readonly placeOf?: (path: TemplatePath) => SourceLocation
  readonly problem?: { readonly error: FleetError; readonly mayBeBuilt: boolean }
}

/** The template configuration file beside the fleet file; a build may write one that is not there. */
function configurationOf(configuration: string, around: ApplicationInputs): ConfigurationFile {
  const { directory, scope, pipeline, location, deploy } = around
  const name = expandText(configuration, scope)
  const file = join(location.file, '..', name)
  let text: string
  try {
    text = readFileSync(join(directory, name), 'utf8')
  } catch {
    const error = new FleetError(`the template configuration ${name} is not beside the fleet file`, {
      location,
      fix: 'write it there, or see to it that the build writes it',
    })
    return {
      problem: { error, mayBeBuilt: pipeline.builds.length > 0 || deploy.permissionsFrom !== undefined },
    }
  }
  try {
    const { Parameters = {}, StackPolicy }: TemplateConfiguration = readTemplateConfiguration(text)
    const values = Object.fromEntries(
      Object.entries(Parameters).map(([key, value]) => [key, parameterText(value)]),
    )
    const place = placesIn(text)
    return { values, policy: StackPolicy !== undefined, placeOf: (path) => ({ file, ...place(path) }) }
  } catch (cause) {
    const error = new FleetError(
      `the template configuration ${name} is no JSON: ${(cause as Error).message}`,
      {
        location: { file },
        fix: 'write { "Parameters": { "Name": "value" } }',
      },
    )
    return { problem: { error, mayBeBuilt: false } }
  }
}

function inputError(
  { of, parameter = '', message, meant }: InputFault,
  { deploy, location, stack, file }: ApplicationInputs,
  placeOf: ConfigurationFile['placeOf'],
): FleetError {
  const declare = `declare it in ${file}`
  const fixes: Record<InputFault['of'], string> = {
    overrides: meant
      ? `write ${meant} instead of ${parameter}`
      : `take it out of \`parameters:\`, or ${declare}`,
    configuration: meant ? `write ${meant} instead of ${parameter}` : `take it out, or ${declare}`,
    missing: `give it under \`parameters:\` of the deploy${deploy.configuration ? ` or in ${deploy.configuration}` : ''}, or a Default in ${file}`,
    policy: 'take StackPolicy out of it, or add `changeSets: false` to the stage',
    capabilities: 'leave `capabilities:` out of the deploy: they are read from the template',
  }
  return new FleetError(`the stack ${stack} is refused: ${message}`, {
    location: placeIn(of, parameter, placeOf) ?? location,
    fix: fixes[of],
  })
}

/** Where in the template configuration file a fault stands; undefined where it stands elsewhere. */
function placeIn(of: InputFault['of'], parameter: string, placeOf: ConfigurationFile['placeOf']) {
  if (of === 'configuration') return placeOf?.(['Parameters', parameter])
  return of === 'policy' ? placeOf?.(['StackPolicy']) : undefined
}

/** Where a value that the template does not take is given. */
const refusedAt = (
  parameter: string,
  { parameters, location }: ApplicationInputs,
  placeOf: ConfigurationFile['placeOf'],
): SourceLocation =>
  entryOf(parameters, parameter) === undefined && placeOf ? placeOf(['Parameters', parameter]) : location
