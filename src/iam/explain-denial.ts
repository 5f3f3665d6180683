/** A denial as people need it told: which policy said no, what came close, and what to add where. */
import type { Decision, NearMiss } from './decision.ts'
import { explain } from './explain.ts'
import type { AuthorizationRequest } from './request.ts'
import { type Suggestion, suggest } from './suggest.ts'

export interface DenialExplanation {
  /** The policy that said no, with the statement where it is an explicit denial. */
  readonly saidNo: string
  /** Statements that came close, and what keeps each from matching, in words. */
  readonly close: readonly string[]
  readonly nearMisses: readonly NearMiss[]
  /** What would make the call allowed, in order. */
  readonly remedies: readonly Suggestion[]
}

/** Statements that came close; more would not help a reader. */
const CLOSEST = 4

/** Tells why a request was denied. `decision` is the evaluator's on this very request, and no allowance. */
export function explainDenial(request: AuthorizationRequest, decision: Decision): DenialExplanation {
  const remedies = suggest(request, decision)
  // What came close in a policy that nothing is missing from would only lead astray.
  const lacking = new Set(remedies.map(({ policyType }) => policyType))
  const nearMisses = explain(request).nearMisses.filter(
    ({ failed, policyType }) => failed !== 'action' && lacking.has(policyType),
  )
  const close = nearMisses
    .slice(0, CLOSEST)
    .map(
      ({ policy, sid, index, detail }) =>
        `${policy}, ${sid ? `"${sid}"` : `statement ${index + 1}`}: ${detail}`,
    )
  return { saidNo: whoSaidNo(decision, remedies), close, nearMisses, remedies }
}

function whoSaidNo(
  { effect, decidedBy: [reason], missing }: Decision,
  remedies: readonly Suggestion[],
): string {
  if (effect === 'explicitDeny' && reason)
    return `${reason.policy}, statement ${reason.sid ? `"${reason.sid}"` : reason.index + 1}`
  return remedies[0]?.belongsIn ?? missing ?? 'AWS'
}
