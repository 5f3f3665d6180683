/** Names the statements that a denied request lacks, and the policies they belong in. */
import type { PolicyPrincipal, PolicyStatement } from '../model/index.ts'
import { compile } from './compile.ts'
import type { Decision, PolicyType } from './decision.ts'
import { evaluate } from './evaluate.ts'
import type { CompiledPolicy } from './policy.ts'
import type { AuthorizationRequest, Caller } from './request.ts'

/** One change that a request needs to be allowed. */
export interface Suggestion {
  readonly policyType?: PolicyType
  /** `identity policy of arn:…`, `bucket policy of arn:…`, `trust policy of arn:…` … */
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
    suggestions.push(next)
    if (!next.statement || !next.policyType) return suggestions
    asked = withStatement(asked, next.policyType, next.statement)
    denied = evaluate(asked)
  }
  return suggestions
}

function suggestOne(request: AuthorizationRequest, decision: Decision): Suggestion {
  const [reason] = decision.decidedBy
  if (decision.effect === 'explicitDeny' && reason) {
    const { policyType, policy, index, sid } = reason
    const statement = sid ? `statement "${sid}"` : `statement ${index + 1}`
    return {
      policyType,
      belongsIn: policy,
      advice: `Narrow or remove ${statement} of ${policy}, which denies it.`,
    }
  }
  const { missing } = decision
  if (!missing) return { belongsIn: placeOf(request, 'identity-based policy'), advice: decision.message }
  const belongsIn = placeOf(request, missing)
  const statement = missingStatement(request, missing)
  return { policyType: missing, belongsIn, statement, advice: `Add this statement to the ${belongsIn}.` }
}

function unreachable(request: AuthorizationRequest, decision: Decision): Suggestion {
  const policyType = decision.missing ?? 'resource-based policy'
  const advice = request.publicAccessBlock?.restrictPublicBuckets
    ? 'Block Public Access takes away all access from other accounts while any statement of the bucket policy is public: limit that statement to fixed principals.'
    : `No statement allows it: ${decision.message}`
  return { policyType, belongsIn: placeOf(request, policyType), advice }
}

/** Names the place of a policy as a reader would look for it. */
function placeOf({ caller, resource, action }: AuthorizationRequest, policyType: PolicyType): string {
  switch (policyType) {
    case 'role trust policy':
      return `trust policy of ${resource}`
    case 'resource-based policy':
      return resourcePolicyName(action, resource)
    case 'permissions boundary':
      return `permissions boundary ${caller.boundary?.label ?? ''} of ${caller.principalArn}`
    case 'session policy':
      return `session policy of ${caller.arn}`
    case 'service control policy':
      return `service control policies of account ${caller.account}`
    default:
      return `identity policy of ${caller.principalArn}`
  }
}

function resourcePolicyName(action: string, resource: string): string {
  if (action.startsWith('s3:')) return `bucket policy of ${resource.split('/')[0]}`
  if (action.startsWith('kms:')) return `key policy of ${resource}`
  return `resource policy of ${resource}`
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

function withStatement(
  request: AuthorizationRequest,
  policyType: PolicyType,
  statement: PolicyStatement,
): AuthorizationRequest {
  const { caller } = request
  const added = compile({ Version: '2012-10-17', Statement: [statement] }, 'suggestion')
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
  const { document, label } = policy
  return compile({ ...document, Statement: [document.Statement, statement].flat() }, label)
}
