/** KMS grants: permissions on one key that stand beside policies. */
import type { PolicyRef } from '../model/index.ts'
import type { NearMiss } from './decision.ts'
import type { Facts } from './facts.ts'
import { compilePrincipal, NAMED, type Named } from './match-principal.ts'
import type { KeyGrant } from './request.ts'
import type { Permit } from './service-rules/service-rule.ts'

const CONTEXT_PREFIX = 'kms:encryptioncontext:'

/** Operations that take no encryption context, which a grant's constraints therefore do not limit. */
const WITHOUT_CONTEXT = new Set([
  'CreateGrant',
  'DescribeKey',
  'GetPublicKey',
  'RetireGrant',
  'Sign',
  'Verify',
])

/**
 * Gives the permission of the grant that covers the request and names the caller most directly.
 *
 * AWS: grants need no identity policy, also across accounts; explicit denies win over them; the encryption context
 * must equal or contain what the grant is constrained to, and compares case-sensitively. The retiring principal may
 * retire the grant.
 */
export function grantPermit(facts: Facts): Permit | undefined {
  const { grants } = facts.request
  if (!grants?.length) return undefined
  const covering = grants.map((grant, index) => ({ grant, index, named: coverage(grant, facts) }))
  const best = covering.reduce((one, other) => (other.named > one.named ? other : one))
  if (best.named === NAMED.not) return undefined
  return {
    reason: { policyType: 'grant', policy: grantRef(best.grant, facts), index: best.index, effect: 'Allow' },
    limited: best.named !== NAMED.directly,
    delegated: best.named === NAMED.byAccount,
  }
}

/** AWS: a grant is on one key, by an id. */
export const grantRef = ({ id }: KeyGrant, { resource }: Facts): PolicyRef => ({
  kind: 'grant',
  owner: resource,
  name: id,
})

function coverage(grant: KeyGrant, facts: Facts): Named {
  return grantFailure(grant, facts) ? NAMED.not : granteeName(grant, facts)
}

function granteeName(grant: KeyGrant, facts: Facts): Named {
  const grantee = granteeFor(grant, operationOf(facts))
  return grantee === undefined ? NAMED.not : compilePrincipal(granteeElement(grantee))(facts.caller)
}

const operationOf = (facts: Facts): string => facts.request.action.slice('kms:'.length)

/** Gives the first part of a grant that does not fit a request, in words; undefined when the grant covers it. */
export function grantFailure(grant: KeyGrant, facts: Facts): Pick<NearMiss, 'failed' | 'detail'> | undefined {
  const operation = operationOf(facts)
  if (granteeFor(grant, operation) === undefined)
    return { failed: 'action', detail: `grants ${grant.operations.join(', ')}, not ${operation}` }
  if (granteeName(grant, facts) === NAMED.not)
    return { failed: 'principal', detail: `is given to "${grant.granteePrincipal}"` }
  if (constraintsHold(grant, operation, facts)) return undefined
  const wanted = JSON.stringify(grant.encryptionContextEquals ?? grant.encryptionContextSubset)
  const given = JSON.stringify(Object.fromEntries(encryptionContext(facts.context)))
  return { failed: 'condition', detail: `encryption context: wanted ${wanted}, got ${given}` }
}

const granteeElement = (grantee: string) =>
  grantee.startsWith('arn:') ? { AWS: grantee } : { Service: grantee }

function granteeFor(grant: KeyGrant, operation: string): string | undefined {
  if (includesIgnoringCase(grant.operations, operation)) return grant.granteePrincipal
  return operation.toLowerCase() === 'retiregrant' ? grant.retiringPrincipal : undefined
}

const includesIgnoringCase = (names: Iterable<string>, wanted: string) =>
  [...names].some((name) => name.toLowerCase() === wanted.toLowerCase())

function constraintsHold(grant: KeyGrant, operation: string, { context }: Facts): boolean {
  const { encryptionContextEquals: equal, encryptionContextSubset: subset } = grant
  if ((!equal && !subset) || includesIgnoringCase(WITHOUT_CONTEXT, operation)) return true
  const given = encryptionContext(context)
  if (subset && !covers(given, subset)) return false
  return !equal || (covers(given, equal) && given.size === Object.keys(equal).length)
}

function encryptionContext(context: Facts['context']): Map<string, string> {
  const pairs = Object.entries(context).filter(([name]) => name.toLowerCase().startsWith(CONTEXT_PREFIX))
  return new Map(pairs.map(([name, value]) => [name.slice(CONTEXT_PREFIX.length), [value].flat().join(',')]))
}

const covers = (given: ReadonlyMap<string, string>, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => given.get(key) === value)
