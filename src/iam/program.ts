/** A compiled policy from the inside: its statements as closures, found by action. */
import type { PolicyDocument, PolicyRef, PolicyStatement } from '../model/index.ts'
import type { ConditionTest } from './compile-condition.ts'
import type { Facts } from './facts.ts'
import type { PrincipalMatcher } from './match-principal.ts'
import type { TextMatcher } from './match-wildcard.ts'
import type { CompiledPolicy } from './policy.ts'

export interface CompiledStatement {
  readonly policy: PolicyRef
  readonly index: number
  readonly source: PolicyStatement
  readonly allows: boolean
  /** Absent in statements of identity policies. */
  readonly principal: PrincipalMatcher | undefined
  /** Tests an action in lower case. */
  readonly action: TextMatcher
  readonly resource: (resource: string, facts: Facts) => boolean
  readonly conditions: readonly ConditionTest[]
}

/** What `compile` really gives. */
export interface Program extends CompiledPolicy {
  readonly document: PolicyDocument
  readonly statements: readonly CompiledStatement[]
  /** Statements that speak of an action, by the action in lower case; filled as actions are asked for. */
  readonly byAction: Map<string, readonly CompiledStatement[]>
}

/** Keeps the memory of one policy small when it is asked about very many actions. */
const ACTIONS_KEPT = 1024

/** Gives the statements of a policy that speak of an action. */
export function statementsFor(program: Program, action: string): readonly CompiledStatement[] {
  const known = program.byAction.get(action)
  if (known) return known
  const statements = program.statements.filter((statement) => statement.action(action))
  if (program.byAction.size >= ACTIONS_KEPT) program.byAction.clear()
  program.byAction.set(action, statements)
  return statements
}

/** Tells whether every condition of a statement holds. */
export function conditionsHold(statement: CompiledStatement, facts: Facts): boolean {
  const { conditions } = statement
  for (let i = 0; i < conditions.length; i++) if (!conditions[i]!.holds(facts)) return false
  return true
}
