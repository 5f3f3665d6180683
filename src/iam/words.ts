/** References to policies and statements, in words: the one place that proof and cloud have them from. */
import { type OrganizationPlace, type PolicyRef, parseArn, type StatementRef } from '../model/index.ts'

const known = new WeakMap<PolicyRef, string>()

/** Gives what a reader calls a policy: `identity policy deploy of arn:…`, `bucket policy of arn:…`, a managed one's ARN. */
export function policyName(policy: PolicyRef): string {
  let name = known.get(policy)
  if (name === undefined) {
    name = nameOf(policy)
    known.set(policy, name)
  }
  return name
}

function nameOf(policy: PolicyRef): string {
  const { kind, name, arn } = policy
  const owner = placeName(policy.owner)
  switch (kind) {
    case 'managed':
      return arn ?? name ?? owner
    case 'supposed':
    case 'grant':
      return name ?? kind
    case 'boundary':
      return `permissions boundary ${arn ?? name ?? ''} of ${owner}`
    case 'resource':
      return resourcePolicyName(policy, owner)
    case 'service control':
    case 'resource control':
      return controlPolicyName(policy, owner)
    default:
      return `${kind} policy${name === undefined ? '' : ` ${name}`} of ${owner}`
  }
}

/** What the policies of resources are called; those of other services are resource policies. */
const RESOURCE_POLICIES: ReadonlyMap<string, string> = new Map([
  ['s3', 'bucket policy of'],
  ['kms', 'key policy of'],
  ['sns', 'topic policy of'],
  ['ecr', 'repository policy of'],
  ['events', 'policy of the event bus'],
])

function resourcePolicyName({ service, name }: PolicyRef, owner: string): string {
  if (name !== undefined) return name
  return `${RESOURCE_POLICIES.get(parseArn(owner)?.service ?? service ?? '') ?? 'resource policy of'} ${owner}`
}

/** AWS: policies of an organization have names that need not be unique, and ids that are. */
function controlPolicyName({ kind, owner: place, name, arn }: PolicyRef, owner: string): string {
  if (name === undefined)
    return `${kind} policies of ${typeof place === 'string' ? owner : `account ${place.id}`}`
  const id = arn === undefined ? '' : ` (${arn.slice(arn.lastIndexOf('/') + 1)})`
  return `${kind} policy ${name}${id} of ${owner}`
}

/** Gives what a reader calls a place of an organization; an ARN is its own name. */
export function placeName(place: OrganizationPlace | string): string {
  if (typeof place === 'string') return place
  const { kind, id, name } = place
  const what = kind === 'unit' ? 'the organizational unit' : `the ${kind}`
  const called = name === undefined || name === id ? id : id === undefined ? name : `${name} (${id})`
  return called === undefined ? what : `${what} ${called}`
}

/** Gives `statement "Sid"`, or its place counted from 1. */
export const statementNumber = ({ sid, index }: Pick<StatementRef, 'sid' | 'index'>): string =>
  sid ? `statement "${sid}"` : `statement ${index + 1}`

/** Gives a reference with its policy in words, and the reference beside it: as documents for others tell it. */
export const inWords = <R extends StatementRef>(
  reason: R,
): Omit<R, 'policy'> & { policy: string; ref: PolicyRef } => ({
  ...reason,
  policy: policyName(reason.policy),
  ref: reason.policy,
})
