/** Values that hang on undecided conditions: what a function over them gives. */
import { partsOf, sameText } from './text.ts'
import { Choice, type Undecided, Unknown, type Value } from './value.ts'

/** Branches of nested choices that are followed; what has more is unknown. */
const MOST_BRANCHES = 16

/** Gives one of two by a condition; the value itself where both are the same. */
export function chosen(
  condition: Undecided,
  ifTrue: Value | undefined,
  ifFalse: Value | undefined,
): Value | undefined {
  return isSame(ifTrue, ifFalse) ? ifTrue : new Choice(condition, ifTrue, ifFalse)
}

function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true
  const [parts, others] = [partsOf(one), partsOf(other)]
  if (parts && others) return typeof one === typeof other && sameText(parts, others) === true
  return false
}

/** Gives a value with one condition decided. */
export function settled(value: Value | undefined, identity: string, holds: boolean): Value | undefined {
  if (!(value instanceof Choice)) return value
  const side = (branch: Value | undefined) => settled(branch, identity, holds)
  if (value.condition.identity === identity) return side(holds ? value.ifTrue : value.ifFalse)
  return chosen(value.condition, side(value.ifTrue), side(value.ifFalse))
}

/** Applies a function to values of which some are choices: the result is a choice of what each branch gives. */
export function overChoices(
  values: readonly (Value | undefined)[],
  apply: (values: readonly (Value | undefined)[]) => Value | undefined,
  branches = MOST_BRANCHES,
): Value | undefined {
  const choice = values.find((one) => one instanceof Choice)
  if (!(choice instanceof Choice)) return apply(values)
  const { condition } = choice
  if (branches <= 1)
    return new Unknown(`too many conditions, ${condition.name} among them`, {
      kind: 'function',
      name: 'Fn::If',
      of: condition.hangsOn,
    })
  const side = (holds: boolean) =>
    overChoices(
      values.map((one) => settled(one, condition.identity, holds)),
      apply,
      branches / 2,
    )
  return chosen(condition, side(true), side(false))
}
