/** A denial as people need it told: which policy said no, what came close, and what to add where. */
import type { PolicyRef, StatementRef } from '../model/index.ts'
import type { Decision, NearMiss } from './decision.ts'
import { conditionInWords, explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import type { AuthorizationRequest } from './request.ts'
import { type Suggestion, suggest } from './suggest.ts'
import { policyName, statementNumber } from './words.ts'

export interface DenialExplanation {
  /** The policy that said no, or the statement where it is an explicit denial; absent for a rule of the service. */
  readonly by?: StatementRef | PolicyRef
  /** The same in words. */
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
  const explanation = explain(request)
  // What came close in a policy that nothing is missing from would only lead astray.
  const lacking = new Set(remedies.map(({ policyType }) => policyType))
  const nearMisses = explanation.nearMisses.filter(
    ({ failed, policyType }) => failed !== 'action' && lacking.has(policyType),
  )
  const close = nearMisses
    .slice(0, CLOSEST)
    .map(
      ({ policy, sid, index, detail }) =>
        `${policyName(policy)}, ${sid ? `"${sid}"` : `statement ${index + 1}`}: ${detail}`,
    )
  const by = whoSaidNo(decision, remedies)
  const told = decision.effect === 'explicitDeny' ? whyDenying(explanation, decision) : close
  const saidNo = by ? saidBy(by) : (decision.missing ?? 'AWS')
  return { ...(by && { by }), saidNo, close: told, nearMisses, remedies }
}

function whoSaidNo(
  { effect, decidedBy: [reason] }: Decision,
  [remedy]: readonly Suggestion[],
): StatementRef | PolicyRef | undefined {
  if (effect !== 'explicitDeny' || !reason) return remedy?.at
  const { policy, index, sid } = reason
  return sid === undefined ? { policy, index } : { policy, index, sid }
}

/** What the denying statement asks for, where it denies under conditions: the cause may lie where their values come from. */
function whyDenying({ policies }: Explanation, { decidedBy: [reason] }: Decision): string[] {
  const denying = policies
    .filter(({ policy }) => policy === reason?.policy)
    .flatMap(({ statements }) => statements)
    .find(({ index, matched, effect }) => matched && effect === 'Deny' && index === reason?.index)
  return denying?.conditions.map((condition) => `${conditionInWords(condition, 'denied')}`) ?? []
}

/** Gives a policy, or a statement of one, in words. */
const saidBy = (by: StatementRef | PolicyRef): string =>
  'policy' in by ? `${policyName(by.policy)}, ${statementNumber(by)}` : policyName(by)
