/** Reads policies for one request: the first deny, and the strongest allow. */
import { programOf } from './compile.ts'
import type { PolicyType, StatementReason } from './decision.ts'
import type { Facts } from './facts.ts'
import { NAMED, type Named } from './match-principal.ts'
import type { CompiledPolicy } from './policy.ts'
import { type CompiledStatement, conditionsHold, statementsFor } from './program.ts'

/** What the policies of one kind say to a request. */
export interface Verdict {
  deny: CompiledStatement | undefined
  allow: CompiledStatement | undefined
  /** How directly the allow names the caller; `directly` for policies without principals. */
  named: Named
}

export const silent = (): Verdict => ({ deny: undefined, allow: undefined, named: NAMED.not })

/** Adds a policy without principals (identity, boundary, session, SCP) to a verdict. */
export function readPolicy(policy: CompiledPolicy, facts: Facts, verdict: Verdict): void {
  const statements = statementsFor(programOf(policy), facts.action)
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i]!
    if (statement.allows && verdict.allow) continue
    if (!statement.resource(facts.resource, facts) || !conditionsHold(statement, facts)) continue
    if (!statement.allows) {
      verdict.deny = statement
      return
    }
    verdict.allow = statement
    verdict.named = NAMED.directly
  }
}

/** Adds a policy with principals (resource, trust, key, RCP) to a verdict. */
export function readResourcePolicy(policy: CompiledPolicy, facts: Facts, verdict: Verdict): void {
  const statements = statementsFor(programOf(policy), facts.action)
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i]!
    if (statement.allows && verdict.named === NAMED.directly) continue
    const named = statement.principal ? statement.principal(facts.caller) : NAMED.not
    if (named === NAMED.not || (statement.allows && named <= verdict.named)) continue
    if (!statement.resource(facts.resource, facts) || !conditionsHold(statement, facts)) continue
    if (!statement.allows) {
      verdict.deny = statement
      return
    }
    verdict.allow = statement
    verdict.named = named
  }
}

export function reasonOf(statement: CompiledStatement, policyType: PolicyType): StatementReason {
  const { policy, index, source, allows } = statement
  const effect = allows ? 'Allow' : 'Deny'
  return source.Sid === undefined
    ? { policyType, policy, index, effect }
    : { policyType, policy, index, sid: source.Sid, effect }
}
