/** The attribute UpdatePolicy: which one a type has, and what may stand in it. */
import { entryOf } from '../../model/index.ts'

interface UpdatePolicy {
  readonly name: string
  readonly needed: readonly string[]
  readonly more: readonly string[]
}

/** AWS: `aws-attribute-updatepolicy`. Auto Scaling groups, caches and others have one too, which nothing here carries out. */
const POLICIES: Readonly<Record<string, UpdatePolicy>> = {
  'AWS::Lambda::Alias': {
    name: 'CodeDeployLambdaAliasUpdate',
    needed: ['ApplicationName', 'DeploymentGroupName'],
    more: ['BeforeAllowTrafficHook', 'AfterAllowTrafficHook'],
  },
}

/** What is wrong with an UpdatePolicy: the embedded cloud has it not, or AWS does not take it. */
export type UpdatePolicyFault = 'unsupported' | { readonly message: string; readonly path: readonly string[] }

/** Gives what is wrong with the UpdatePolicy of a type; what a function gives is looked at when it is carried out. */
export function updatePolicyFault(type: string, given: unknown): UpdatePolicyFault | undefined {
  const policy = entryOf(POLICIES, type)
  if (!policy) return 'unsupported'
  const top = mapping(given)
  if (!top) return { message: 'Encountered unsupported property', path: [] }
  if (isFunction(top)) return undefined
  const other = Object.keys(top).find((name) => name !== policy.name)
  if (other !== undefined) return { message: `Encountered unsupported property ${other}`, path: [other] }
  const members = mapping(top[policy.name])
  if (!members) return { message: `Property ${policy.name} must be an object`, path: [policy.name] }
  if (isFunction(members)) return undefined
  const missing = policy.needed.find((name) => members[name] === undefined)
  if (missing !== undefined) return { message: `Property ${missing} cannot be empty.`, path: [policy.name] }
  const unknown = Object.keys(members).find((name) => ![...policy.needed, ...policy.more].includes(name))
  return unknown === undefined
    ? undefined
    : { message: `Encountered unsupported property ${unknown}`, path: [policy.name, unknown] }
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined

const isFunction = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))
