/** How a statement that comes close narrows what it allows, so that what is added beside it does not undo that. */
import type { ConditionBlock, PolicyStatement } from '../model/index.ts'
import type { PolicyType } from './decision.ts'
import { explain } from './explain.ts'
import type { ConditionFinding, StatementFinding } from './explanation.ts'
import type { CompiledPolicy } from './policy.ts'
import type { AuthorizationRequest } from './request.ts'

export interface Narrowing {
  /** The statement that would allow it, were it not for its conditions. */
  readonly by: StatementFinding
  /** Its conditions that do not hold. */
  readonly failed: readonly ConditionFinding[]
  /** Its conditions for the request: those that hold as they are written, the others with the request's own values. */
  readonly condition?: ConditionBlock
}

/** Gives how the closest statement among policies of a type is narrowed; undefined where none fails by conditions alone. */
export function narrowingOf(request: AuthorizationRequest, policyType: PolicyType): Narrowing | undefined {
  const [closest] = explain(request)
    .policies.filter((policy) => policy.policyType === policyType)
    .flatMap(({ statements }) => statements)
    .filter(({ failed, effect, matched }) => !matched && failed === 'condition' && effect === 'Allow')
    .map((by) => ({ by, failed: by.conditions.filter(({ held }) => !held) }))
    .sort((one, other) => one.failed.length - other.failed.length)
  if (!closest) return undefined
  const condition = conditionFor(closest.by, sourceOf(request, closest.by))
  return { ...closest, ...(condition && { condition }) }
}

/** The statement as it is written, with its variables. */
function sourceOf(
  { caller, resourcePolicy }: AuthorizationRequest,
  { policy: ref, index }: StatementFinding,
): PolicyStatement | undefined {
  const { identityPolicies, boundary, sessionPolicies = [], serviceControlPolicies = [] } = caller
  const policies: readonly (CompiledPolicy | undefined)[] = [
    resourcePolicy,
    boundary,
    ...identityPolicies,
    ...sessionPolicies,
    ...serviceControlPolicies.flat(),
  ]
  const found = policies.find((policy) => policy?.ref === ref)
  return found && [found.document.Statement].flat()[index]
}

function conditionFor(
  { conditions }: StatementFinding,
  source: PolicyStatement | undefined,
): ConditionBlock | undefined {
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  const add = (operator: string, key: string, value: string | readonly string[]) => {
    block[operator] = { ...block[operator], [key]: value }
  }
  for (const { operator, key, wanted, got, held } of conditions) {
    if (held)
      add(operator, key, (source?.Condition?.[operator]?.[key] ?? wanted) as string | readonly string[])
    else {
      const pinned = pinning(operator, key)
      if (pinned && got !== undefined) add(pinned, key, got)
    }
  }
  return Object.keys(block).length ? block : undefined
}

/** Gives the conditions of both; where both ask for one key, the latter's. */
export function withConditions(
  one: ConditionBlock | undefined,
  other: ConditionBlock | undefined,
): ConditionBlock | undefined {
  if (!one || !other) return one ?? other
  const block: Record<string, ConditionBlock[string]> = { ...one }
  for (const operator in other) block[operator] = { ...block[operator], ...other[operator] }
  return block
}

/** Keys whose values are of one call and not of its kind. */
const OF_ONE_CALL: ReadonlySet<string> = new Set([
  'aws:userid',
  'aws:useragent',
  'aws:referer',
  'aws:sourceidentity',
  'sts:rolesessionname',
  'sts:sourceidentity',
])

/** Keys of the caller itself, who is named by what is added: its policy is its own, or has it as principal. */
const OF_CALLER: ReadonlySet<string> = new Set(['aws:principalarn', 'aws:principalaccount'])

/** The operator that asks for a value itself; undefined where a value of another call would be another one. */
function pinning(operator: string, key: string): string | undefined {
  if (OF_CALLER.has(key.toLowerCase()) || OF_ONE_CALL.has(key.toLowerCase())) return undefined
  const [, quantifier = '', family] = /^(For\w+:)?(String|Arn|Bool)/i.exec(operator) ?? []
  switch (family?.toLowerCase()) {
    case 'string':
      return `${quantifier}StringEquals`
    case 'arn':
      return `${quantifier}ArnEquals`
    case 'bool':
      return 'Bool'
    default:
      return undefined
  }
}

/** What somebody who is denied by a condition gives a value to, instead of changing the policy that asks for it. */
export interface Attribute {
  readonly of: 'resource' | 'caller'
  /** `the tag team`, `the alias`. */
  readonly what: string
}

/**
 * Gives the attribute that a key reads, where somebody sets it at the resource or the caller.
 * AWS: "Controlling access to AWS resources using tags"; "Use aliases to control access to KMS keys".
 */
export function attributeOf(key: string): Attribute | undefined {
  if (/^kms:ResourceAliases$/i.test(key)) return { of: 'resource', what: 'the alias' }
  const [, whose, tag] = /:(Resource|Principal|Bucket)Tag\/(.+)$/i.exec(key) ?? []
  if (tag === undefined) return undefined
  return { of: whose?.toLowerCase() === 'principal' ? 'caller' : 'resource', what: `the tag ${tag}` }
}
