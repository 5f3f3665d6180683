/** How a provider of rules is described: what the rules of a stage's conditions are checked by. */
import type { ActionTypeId } from '../model/index.ts'
import { type ActionProvider, awsAction, type Bounds, between } from './provider.ts'

/** When a condition is looked at, by its name in a stage. */
export type ConditionType = 'beforeEntry' | 'onSuccess' | 'onFailure'

/**
 * A provider of rules. A rule is told, needs permissions and costs as an action does, so it is described as one, of the
 * category Rule. AWS: a rule makes nothing, neither artifacts nor variables, and only pipelines of type V2 have any.
 */
export interface RuleProvider extends ActionProvider {
  /** Whether a condition with the result SKIP may have such rules. AWS: LambdaInvoke and VariableCheck alone. */
  readonly skips?: boolean
  /** Whether what the rule runs are the `commands` of its declaration, as Commands do; others have none. */
  readonly runsCommands?: boolean
}

export const ruleType = (provider: string): ActionTypeId => awsAction('Rule', provider)

const NONE: Bounds = between(0, 0)

/** What all rules have in common. */
export const makesNothing = {
  outputs: NONE,
  variables: [],
  pipelineType: 'V2',
} as const satisfies Partial<RuleProvider>

/** Of rules that look at no artifact. */
export const readsNothing = { ...makesNothing, inputs: NONE } as const satisfies Partial<RuleProvider>
