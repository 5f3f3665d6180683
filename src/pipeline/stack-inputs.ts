/** What CloudFormation refuses of what an action gives a stack: parameters, and what it acknowledges. */
import { AwsError, nearest, type Template } from '../model/index.ts'
import { requireCapabilities } from '../template/index.ts'

export interface StackInputs {
  /** As its transforms leave it. */
  readonly template: Template
  /** Names of the transforms that were carried out. */
  readonly transforms: readonly string[]
  /** Names of the parameters that the action overrides. */
  readonly overrides: readonly string[]
  /** Names of the parameters in the template configuration file; undefined where nobody can read it. */
  readonly configured: readonly string[] | undefined
  /** Whether that file has a stack policy; not where nobody can read it. */
  readonly policy?: boolean
  /** What the action acknowledges; undefined where that is not known. */
  readonly capabilities: readonly string[] | undefined
  /** Whether a change set is made, and not the stack itself. */
  readonly changeSet: boolean
}

export interface InputFault {
  /** Which input is wrong; `missing` is a parameter of the template that none gives. */
  readonly of: 'overrides' | 'configuration' | 'missing' | 'capabilities' | 'policy'
  readonly parameter?: string
  /** In AWS's words. */
  readonly message: string
  /** The parameter that is meant by one that the template does not have. */
  readonly meant?: string
}

/**
 * Gives what is refused. AWS: values are for parameters that the template declares
 * (continuous-delivery-codepipeline-cfn-artifacts.html), each without a default needs one, and what makes identities or
 * goes through macros is acknowledged; macros are not where a change set is made first (API_CreateStack.html).
 */
export function stackInputFaults(inputs: StackInputs): InputFault[] {
  const { template, overrides, configured } = inputs
  const declared = template.Parameters ?? {}
  const given = new Set([...overrides, ...(configured ?? [])])
  const lacking = Object.entries(declared).filter(
    ([name, { Default }]) => (Default === undefined || Default === null) && !given.has(name),
  )
  const strangers = (of: InputFault['of'], names: readonly string[]) =>
    names.filter((name) => !Object.hasOwn(declared, name)).map((name) => stranger(of, name, template, given))
  return [
    ...strangers('overrides', overrides),
    ...strangers('configuration', configured ?? []),
    ...(configured ? lacking.map(([parameter]) => missing(parameter)) : []),
    ...unacknowledged(inputs),
    ...lostPolicy(inputs),
  ]
}

function stranger(
  of: InputFault['of'],
  parameter: string,
  { Parameters = {} }: Template,
  given: ReadonlySet<string>,
): InputFault {
  const free = Object.keys(Parameters).filter((name) => !given.has(name))
  const meant = nearest(parameter, free)
  const message = `Parameters: [${parameter}] do not exist in the template`
  return { of, parameter, message, ...(meant && { meant }) }
}

const missing = (parameter: string): InputFault => ({
  of: 'missing',
  parameter,
  message: `Parameters: [${parameter}] must have values`,
})

/** AWS: CreateChangeSet takes no stack policy (API_CreateChangeSet.html). */
const lostPolicy = ({ policy, changeSet }: StackInputs): InputFault[] =>
  policy && changeSet
    ? [
        {
          of: 'policy',
          message: 'A template configuration with a StackPolicy cannot be used for a change set',
        },
      ]
    : []

function unacknowledged({ template, transforms, capabilities, changeSet }: StackInputs): InputFault[] {
  if (!capabilities) return []
  try {
    requireCapabilities({ template, transforms }, capabilities, { transforms: !changeSet })
    return []
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return [{ of: 'capabilities', message: error.message }]
  }
}
