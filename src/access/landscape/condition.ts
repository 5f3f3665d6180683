/** The condition functions of CloudFormation. */

export interface ConditionScope {
  /** The value of a condition of the template. */
  named(name: string): boolean
  /** A value, resolved, as text. */
  text(value: unknown): string
}

/** Whether a condition holds; one that compares an unknown value with anything but itself does not. */
export function holds(value: unknown, scope: ConditionScope): boolean {
  if (typeof value !== 'object' || value === null) return String(value) === 'true'
  const [[name, argument] = []] = Object.entries(value)
  const list = Array.isArray(argument) ? argument : [argument]
  switch (name) {
    case 'Condition':
      return scope.named(String(argument))
    case 'Fn::Equals':
      return scope.text(list[0]) === scope.text(list[1])
    case 'Fn::And':
      return list.every((one) => holds(one, scope))
    case 'Fn::Or':
      return list.some((one) => holds(one, scope))
    case 'Fn::Not':
      return !holds(list[0], scope)
    default:
      return scope.text(value) === 'true'
  }
}
