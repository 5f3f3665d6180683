/** The priorities of a listener's rules, each taken once. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Rule, rules, rulesOf } from '../state.ts'

/** Errors: PriorityInUse for one that a rule has which is not among `moving`. */
export function checkPriority(
  ctx: Context,
  listener: string,
  priority: number,
  moving: readonly string[] = [],
): void {
  const taken = ctx
    .table(rules)
    .where(rulesOf, listener)
    .some((rule) => rule.priority === priority && !moving.includes(rule.arn))
  if (taken) throw new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`)
}

/** AWS: by priority, the default rule last. */
export const inOrder = (all: readonly Rule[]): Rule[] =>
  all.toSorted((one, other) => (one.priority ?? Number.MAX_VALUE) - (other.priority ?? Number.MAX_VALUE))
