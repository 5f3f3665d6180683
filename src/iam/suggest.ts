/** Names the statements that a denied request lacks, and the policies they belong in. */
import {
  inlinePolicy,
  type PolicyPrincipal,
  type PolicyRef,
  type PolicyStatement,
  resourcePolicyOf,
  supposedPolicy,
  trustPolicyOf,
} from '../model/index.ts'
import { compile } from './compile.ts'
import type { Decision, PolicyType } from './decision.ts'
import { evaluate } from './evaluate.ts'
import { attributeOf, type Narrowing, narrowingOf, withConditions } from './narrowing.ts'
import type { CompiledPolicy } from './policy.ts'
import type { AuthorizationRequest, Caller } from './request.ts'
import { policyName, statementNumber } from './words.ts'

/** One change that a request needs to be allowed. */
export interface Suggestion {
  readonly policyType?: PolicyType
  /** The policy to change, or the one to be written. */
  readonly at: PolicyRef
  /** The same in words: `identity policy of arn:…`, `bucket policy of arn:…`, `trust policy of arn:…` … */
  readonly belongsIn: string
  /** The statement to add; absent where a statement must be changed or nothing can be added. */
  readonly statement?: PolicyStatement
  /** In one sentence. */
  readonly advice: string
}

/** More kinds of policy than this cannot be missing at once. */
const MOST_STEPS = 8

/**
 * Gives every change that a denied request needs, in order; none for an allowed one. The statements are proven: with
 * all of them the request is allowed, unless the last suggestion says why it cannot be.
 */
export function suggest(request: AuthorizationRequest, decision: Decision): Suggestion[] {
  const suggestions: Suggestion[] = []
  let asked = request
  let denied = decision
  for (let step = 0; step < MOST_STEPS && denied.effect !== 'allowed'; step++) {
    const next = suggestOne(asked, denied)
    const repeats = suggestions.some((suggestion) => suggestion.policyType === next.policyType)
    if (repeats) return [...suggestions, unreachable(asked, denied)]
    const { supposed, ...suggestion } = next
    suggestions.push(suggestion)
    const added = next.statement ?? supposed
    if (!added || !next.policyType) return suggestions
    asked = withStatement(asked, next.policyType, added)
    denied = evaluate(asked)
  }
  return suggestions
}

/** A suggestion, with the statement to go on with where it gives none. */
interface Step extends Suggestion {
  readonly supposed?: PolicyStatement
}

function suggestOne(request: AuthorizationRequest, decision: Decision): Step {
  const [reason] = decision.decidedBy
  if (decision.effect === 'explicitDeny' && reason) {
    const { policyType, policy: at } = reason
    const belongsIn = policyName(at)
    const advice = `Narrow or remove ${statementNumber(reason)} of ${belongsIn}, which denies it.`
    return { policyType, at, belongsIn, advice }
  }
  const { missing } = decision
  const at = placeOf(request, missing ?? 'identity-based policy')
  const belongsIn = policyName(at)
  if (!missing) return { at, belongsIn, advice: decision.message }
  const narrowing = narrowingOf(request, missing)
  const bare = missingStatement(request, missing)
  const elsewhere = narrowing && attributeAdvice(request, narrowing)
  if (elsewhere)
    return {
      policyType: missing,
      at: narrowing.by.policy,
      belongsIn: policyName(narrowing.by.policy),
      supposed: bare,
      advice: elsewhere,
    }
  const Condition = withConditions(narrowing?.condition, bare.Condition)
  const statement = Condition ? { ...bare, Condition } : bare
  return { policyType: missing, at, belongsIn, statement, advice: `Add this statement to the ${belongsIn}.` }
}

/** Where a statement asks for tags or aliases, those are set: a statement beside it would let in what has none. */
function attributeAdvice(
  { caller, resource }: AuthorizationRequest,
  { by, failed }: Narrowing,
): string | undefined {
  const wishes: string[] = []
  for (const { operator, key, wanted } of failed) {
    const attribute = attributeOf(key)
    if (!attribute || !/^(For\w+:)?String(Equals|Like)/i.test(operator)) return undefined
    const whose = attribute.of === 'caller' ? caller.principalArn : resource
    wishes.push(`${attribute.what} of ${whose} must be ${wanted.map((one) => `"${one}"`).join(' or ')}`)
  }
  const at = `${statementNumber(by)} of the ${policyName(by.policy)}`
  return `Set what ${at} asks for: ${wishes.join(', ')}. Or change what it asks for.`
}

function unreachable(request: AuthorizationRequest, decision: Decision): Suggestion {
  const policyType = decision.missing ?? 'resource-based policy'
  const advice = request.publicAccessBlock?.restrictPublicBuckets
    ? 'Block Public Access takes away all access from other accounts while any statement of the bucket policy is public: limit that statement to fixed principals.'
    : `No statement allows it: ${decision.message}`
  const at = placeOf(request, policyType)
  return { policyType, at, belongsIn: policyName(at), advice }
}

/** Gives the policy that a statement of a type would stand in. */
function placeOf(request: AuthorizationRequest, policyType: PolicyType): PolicyRef {
  const { caller, resource } = request
  switch (policyType) {
    case 'role trust policy':
      return trustPolicyOf(resource)
    case 'resource-based policy':
      return resourcePolicyIn(request)
    case 'permissions boundary': {
      const { name, arn } = caller.boundary?.ref ?? {}
      return { kind: 'boundary', owner: caller.principalArn, ...(name && { name }), ...(arn && { arn }) }
    }
    case 'session policy':
      return { kind: 'session', owner: caller.arn }
    case 'service control policy':
      return { kind: 'service control', owner: { kind: 'account', id: caller.account } }
    default:
      return inlinePolicy(caller.principalArn)
  }
}

/** AWS: objects are spoken of in the policy of their bucket, rules in that of their event bus. */
function resourcePolicyIn({ action, resource, resourcePolicy }: AuthorizationRequest): PolicyRef {
  if (resourcePolicy?.ref.kind === 'resource') return resourcePolicy.ref
  const service = action.slice(0, action.indexOf(':'))
  return resourcePolicyOf(service === 's3' ? resource.split('/')[0]! : resource, service)
}

function missingStatement(request: AuthorizationRequest, missing: PolicyType): PolicyStatement {
  const { action, resource, caller } = request
  switch (missing) {
    case 'role trust policy':
      return {
        Effect: 'Allow',
        Principal: principalFor(caller),
        Action: action,
        ...serviceCondition(request),
        ...tokenCondition(request),
      }
    case 'resource-based policy': {
      const Resource = action.startsWith('kms:') ? '*' : resource
      const Principal = principalFor(caller)
      return { Effect: 'Allow', Principal, Action: action, Resource, ...serviceCondition(request) }
    }
    default:
      return { Effect: 'Allow', Action: action, Resource: resource }
  }
}

function principalFor(caller: Caller): PolicyPrincipal {
  if (caller.service !== undefined) return { Service: caller.service }
  if (caller.federated !== undefined) return { Federated: caller.federated }
  return caller.kind === 'anonymous' ? '*' : { AWS: caller.principalArn }
}

/** AWS: a service is to be trusted for the account's own sake only, against the confused deputy. */
function serviceCondition({ caller, context }: AuthorizationRequest): Pick<PolicyStatement, 'Condition'> {
  const account = context['aws:SourceAccount']
  if (caller.kind !== 'service' || typeof account !== 'string') return {}
  return { Condition: { StringEquals: { 'aws:SourceAccount': account } } }
}

/** AWS: a provider's tokens are everybody's who has an account there; the claims of the one that comes tell whose it is. */
function tokenCondition({ caller, context }: AuthorizationRequest): Pick<PolicyStatement, 'Condition'> {
  const issuer = caller.federated?.split(':oidc-provider/')[1]
  if (issuer === undefined) return {}
  const claims = Object.entries(context).filter(([key]) => key.startsWith(`${issuer}:`))
  return claims.length ? { Condition: { StringEquals: Object.fromEntries(claims) } } : {}
}

function withStatement(
  request: AuthorizationRequest,
  policyType: PolicyType,
  statement: PolicyStatement,
): AuthorizationRequest {
  const { caller } = request
  const added = compile({ Version: '2012-10-17', Statement: [statement] }, supposedPolicy('suggestion'))
  const extended = (policy: CompiledPolicy | undefined) => (policy ? extend(policy, statement) : added)
  switch (policyType) {
    case 'role trust policy':
    case 'resource-based policy':
      return { ...request, resourcePolicy: extended(request.resourcePolicy) }
    case 'permissions boundary':
      return { ...request, caller: { ...caller, boundary: extended(caller.boundary) } }
    case 'session policy':
      return {
        ...request,
        caller: { ...caller, sessionPolicies: [...(caller.sessionPolicies ?? []), added] },
      }
    case 'service control policy': {
      const serviceControlPolicies = caller.serviceControlPolicies?.map((level) => [...level, added])
      return { ...request, caller: { ...caller, serviceControlPolicies } }
    }
    default:
      return { ...request, caller: { ...caller, identityPolicies: [...caller.identityPolicies, added] } }
  }
}

function extend(policy: CompiledPolicy, statement: PolicyStatement): CompiledPolicy {
  const { document, ref } = policy
  return compile({ ...document, Statement: [document.Statement, statement].flat() }, ref)
}
