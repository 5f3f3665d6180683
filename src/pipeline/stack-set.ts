/** What a stack set of CloudFormation is to a pipeline: its roles, its stacks, its targets and parameters as text. */

/**
 * AWS: the roles of a stack set with self-managed permissions that names none; the first in the administrator account, the
 * second in every account that it deploys to ("Grant self-managed permissions").
 */
export const ADMINISTRATION_ROLE = 'AWSCloudFormationStackSetAdministrationRole'
export const EXECUTION_ROLE = 'AWSCloudFormationStackSetExecutionRole'

/** AWS: a stack of a stack set is named StackSet-NAME-UUID. Gives what the names of all its stacks begin with. */
export const stackSetStackPrefix = (name: string): string => `StackSet-${name}-`

/**
 * What StackSets calls in an account that it deploys to, as the execution role.
 * AWS: "Your target account always needs full CloudFormation permissions, which include permissions to create, update,
 * delete, and describe stacks."
 */
export const INSTANCE_OPERATIONS = [
  'cloudformation:CreateStack',
  'cloudformation:DeleteStack',
  'cloudformation:DescribeStacks',
  'cloudformation:UpdateStack',
] as const

/** AWS: letters, digits and hyphens, a letter first, at most 128. */
export const STACK_SET_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/
export const TARGET_ACCOUNT = /^\d{12}$/
/** AWS: a unit, or the root of the organization. */
export const TARGET_UNIT = /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/

/** Gives the parts of a list with commas. */
export const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** A parameter of a stack set; without a value it keeps the one that it has. */
export interface StackSetParameter {
  readonly key: string
  readonly value?: string
}

/** What ends a value of AWS's shorthand or means something in it; it has no way to quote them. */
const MEANT = /[\s,="'[\]{}]/

/** Whether the shorthand can say a value. */
export const fitsShorthand = (value: string): boolean => value !== '' && !MEANT.test(value)

/** Gives parameters as the configuration of an action takes them. Each value must fit. */
export const writeShorthand = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([key, value]) => `ParameterKey=${key},ParameterValue=${value}`)
    .join(' ')

/**
 * Gives what parameters say: `ParameterKey=string,ParameterValue=string,UsePreviousValue=boolean`, with spaces between
 * them; undefined where they are written another way.
 */
export function readShorthand(text: string): readonly StackSetParameter[] | undefined {
  const read = text
    .split(/\s+/)
    .filter((one) => one !== '')
    .map((one) => {
      const fields = new Map(one.split(',').map((field) => pair(field)))
      const key = fields.get('ParameterKey')
      const value = fields.get('ParameterValue')
      const previous = fields.get('UsePreviousValue') === 'true'
      const known = [...fields.keys()].every((name) => FIELDS.has(name))
      // AWS: "If you specify true, do not specify a parameter value."
      if (!key || !known || (value === undefined) !== previous) return undefined
      return value === undefined ? { key } : { key, value }
    })
  return read.every((one) => one !== undefined) ? read : undefined
}

/** AWS: ResolvedValue is what an SSM parameter stood for when it was read; it is not taken in. */
const FIELDS: ReadonlySet<string> = new Set([
  'ParameterKey',
  'ParameterValue',
  'UsePreviousValue',
  'ResolvedValue',
])

function pair(field: string): readonly [string, string] {
  const at = field.indexOf('=')
  return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)]
}
