/** The policies of a role that SAM makes: managed ones, documents, and policy templates. */
import { entryOf } from '../../../model/index.ts'
import { managedPolicyArn, policyTemplates } from './data.ts'
import type { Expansion } from './expansion.ts'
import { functionName, isMap, isNoValue, NO_VALUE, type Properties } from './properties.ts'
import { invalid, refused } from './refusals.ts'

/** What a role gets. */
export interface RolePolicies {
  readonly managed: readonly unknown[]
  readonly inline: readonly unknown[]
}

type Kind = 'managed' | 'document' | 'template' | 'none'

/** Gives the policies of a role, its inline ones named after it. Errors: InvalidResource in the translator's words. */
export function rolePolicies(given: unknown, roleId: string, into: Expansion): RolePolicies {
  const managed: unknown[] = []
  const inline: unknown[] = []
  const all = given === undefined ? [] : Array.isArray(given) ? given : [given]
  all.forEach((one: unknown, index) => {
    const kind = kindOf(one)
    if (kind === undefined)
      throw invalid(`Policy at index ${index} in the 'Policies' property is not valid`, [
        'Properties',
        'Policies',
        index,
      ])
    if (kind === 'managed') managed.push(overBranches(one, (name) => managedPolicy(name, into)))
    else if (kind !== 'none')
      inline.push(overBranches(one, (branch) => inlinePolicy(branch, `${roleId}Policy${index}`)))
  })
  return { managed, inline }
}

/** Errors: TemplateFault where the branches of a condition are policies of different kinds. */
function kindOf(policy: unknown): Kind | undefined {
  if (typeof policy === 'string') return 'managed'
  if (!isMap(policy)) return undefined
  if (isNoValue(policy)) return 'none'
  if (functionName(policy) === 'Fn::If') {
    const [, ...branches] = policy['Fn::If'] as unknown[]
    const kinds = new Set(branches.map(kindOf).filter((kind) => kind !== 'none'))
    if (kinds.size > 1)
      throw refused([
        {
          message:
            'Structure of the SAM template is invalid. Different policy types within the same Fn::If statement is unsupported. Separate different policy types into different Fn::If statements',
          path: [],
        },
      ])
    return kinds.size === 0 ? 'none' : [...kinds][0]
  }
  if (functionName(policy)) return 'managed'
  if ('Statement' in policy) return 'document'
  const [name, ...others] = Object.keys(policy)
  return others.length === 0 && name !== undefined && Object.hasOwn(policyTemplates(), name)
    ? 'template'
    : undefined
}

/** Gives what each branch of a condition stands for. */
function overBranches(value: unknown, each: (branch: unknown) => unknown): unknown {
  if (functionName(value) !== 'Fn::If') return each(value)
  const [condition, ...branches] = (value as Properties)['Fn::If'] as unknown[]
  return {
    'Fn::If': [condition, ...branches.map((one) => (isNoValue(one) ? NO_VALUE : overBranches(one, each)))],
  }
}

/** AWS: China has the older of the two names only. */
export const tracingPolicy = (partition: string): string =>
  `arn:${partition}:iam::aws:policy/${partition === 'aws-cn' ? 'AWSXRayDaemonWriteAccess' : 'AWSXrayWriteOnlyAccess'}`

const managedPolicy = (policy: unknown, { partition }: Expansion): unknown =>
  typeof policy === 'string' ? (managedPolicyArn(policy, partition) ?? policy) : policy

function inlinePolicy(policy: unknown, PolicyName: string): Properties {
  const document = policy as Properties
  if ('Statement' in document) return { PolicyName, PolicyDocument: document }
  const [name, values] = Object.entries(document)[0]!
  return { PolicyName, PolicyDocument: fromTemplate(name, (values ?? {}) as Properties) }
}

/** AWS: SAM, "AWS SAM policy templates". */
function fromTemplate(name: string, values: Properties): unknown {
  const { parameters, document } = policyTemplates()[name]!
  const missing = parameters.filter((one) => entryOf(values, one) === undefined)
  if (missing.length > 0)
    throw invalid(
      `Following required parameters of template '${name}' don't have values: [${missing.map((one) => `'${one}'`).join(', ')}]`,
      ['Properties', 'Policies'],
    )
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled)
    if (!isMap(value)) return value
    if (typeof value.Ref === 'string' && parameters.includes(value.Ref)) return values[value.Ref]
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]))
  }
  return filled(document)
}
